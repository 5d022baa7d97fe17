/** Waiting inside the process or on this machine: sleep, threads, locks, other processes. */
import { type Group, THREAD } from "./group.ts"

const PY = "https://docs.python.org/3/library/"

export const waiting: Group[] = [
  { kind: "sleep", instead: "await asyncio.sleep(...)", source: `${PY}time.html#time.sleep`, names: ["time.sleep"] },
  {
    kind: "input",
    instead: THREAD,
    source: `${PY}functions.html#input`,
    names: ["builtins.input", "getpass.getpass", "{click,typer}.{prompt,confirm}"],
  },
  {
    kind: "subprocess",
    instead: "await asyncio.create_subprocess_exec(...)",
    source: `${PY}subprocess.html`,
    names: [
      "subprocess.{run,call,check_call,check_output,getoutput,getstatusoutput,Popen}",
      "subprocess.Popen().{wait,communicate}",
      "os.{system,popen,wait,wait3,wait4,waitid,waitpid,posix_spawn,posix_spawnp,spawnl,spawnle,spawnlp,spawnlpe,spawnv,spawnve,spawnvp,spawnvpe}",
      "pexpect.{run,spawn}",
      "invoke.run",
      "plumbum.local.cmd.*",
    ],
  },
  {
    kind: "subprocess",
    instead: 'await asyncio.create_subprocess_exec("git", ...)',
    source: "https://gitpython.readthedocs.io/en/stable/reference.html",
    names: [
      "git.Repo.{clone_from,init}",
      "git.Repo().{clone,iter_commits,is_dirty}",
      "git.Repo().git.*",
      "git.Repo().remotes.origin.{pull,push,fetch}",
      "git.Repo().remote().{pull,push,fetch}",
      "git.Repo().index.{add,commit}",
      "pygit2.clone_repository",
    ],
  },
  {
    kind: "wait",
    instead: "playwright.async_api",
    source: "https://playwright.dev/python/docs/library",
    names: ["playwright.sync_api.sync_playwright"],
  },
  {
    kind: "wait",
    instead: THREAD,
    source: "https://www.selenium.dev/documentation/webdriver/",
    names: [
      "selenium.webdriver.{Chrome,Firefox,Edge,Safari,Remote}",
      "selenium.webdriver.{Chrome,Firefox,Edge,Safari,Remote}().{get,refresh,quit,find_element,find_elements,execute_script,save_screenshot}",
    ],
  },
  {
    kind: "wait",
    instead: "asyncio.Lock, asyncio.Event or asyncio.Condition",
    source: `${PY}threading.html`,
    names: [
      "threading.{Event,Condition,Barrier}().wait",
      "threading.Condition().wait_for",
      "threading.Thread().join",
      "threading.{Semaphore,BoundedSemaphore}().__enter__",
    ],
  },
  {
    kind: "wait",
    instead: "asyncio.Semaphore",
    unless: { keyword: "blocking", position: 0, is: false },
    source: `${PY}threading.html#semaphore-objects`,
    names: ["threading.{Semaphore,BoundedSemaphore}().acquire"],
  },
  {
    // Held for a moment as a rule, so cheap; it is holding one across an await that hurts.
    kind: "wait",
    instead: "asyncio.Lock",
    certain: false,
    source: `${PY}threading.html#lock-objects`,
    names: ["threading.{Lock,RLock,Condition}().{acquire,__enter__}"],
  },
  {
    kind: "wait",
    instead: "asyncio.Queue",
    source: `${PY}queue.html`,
    unless: { keyword: "block", position: 0, is: false },
    names: ["queue.{Queue,LifoQueue,PriorityQueue,SimpleQueue}().get", "multiprocessing.{Queue,JoinableQueue}().get"],
  },
  {
    kind: "wait",
    instead: "asyncio.Queue",
    source: `${PY}queue.html#queue.Queue.join`,
    names: ["queue.{Queue,LifoQueue,PriorityQueue}().join", "multiprocessing.SimpleQueue().get"],
  },
  {
    kind: "wait",
    instead: "asyncio.Queue",
    certain: false,
    source: `${PY}queue.html`,
    names: ["queue.{Queue,LifoQueue,PriorityQueue}().put"],
  },
  {
    kind: "wait",
    instead: "await loop.run_in_executor(...) or asyncio.wrap_future",
    source: `${PY}concurrent.futures.html`,
    names: [
      "concurrent.futures.Future().{result,exception}",
      "concurrent.futures.{wait,as_completed}",
      "concurrent.futures.{ThreadPoolExecutor,ProcessPoolExecutor,Executor}().map().__iter__",
    ],
  },
  {
    kind: "wait",
    instead: "executor.shutdown(wait=False), or in a thread",
    unless: { keyword: "wait", position: 0, is: false },
    certain: false,
    source: `${PY}concurrent.futures.html#concurrent.futures.Executor.shutdown`,
    names: ["concurrent.futures.{ThreadPoolExecutor,ProcessPoolExecutor,Executor}().shutdown"],
  },
  {
    kind: "wait",
    instead: "a ProcessPoolExecutor with loop.run_in_executor",
    source: `${PY}multiprocessing.html`,
    names: [
      "multiprocessing.Process().join",
      "multiprocessing.Pool().{map,starmap,apply,join}",
      "multiprocessing.connection.Connection().recv",
    ],
  },
  {
    kind: "wait",
    instead: "filelock.AsyncFileLock",
    source: "https://py-filelock.readthedocs.io/en/latest/",
    names: ["filelock.{FileLock,UnixFileLock,SoftFileLock}().{acquire,__enter__}"],
  },
  {
    kind: "loop",
    instead: "await",
    source: `${PY}asyncio-runner.html#asyncio.run`,
    names: [
      "asyncio.run",
      "asyncio.AbstractEventLoop().{run_until_complete,run_forever}",
      "asyncio.Runner().run",
      "{anyio,trio}.run",
      "asgiref.sync.async_to_sync()",
    ],
  },
  {
    kind: "wait",
    instead: "psutil.cpu_percent() without an interval",
    certain: false,
    source: "https://psutil.readthedocs.io/en/latest/#psutil.cpu_percent",
    names: ["psutil.{cpu_percent,cpu_times_percent}"],
  },
]
