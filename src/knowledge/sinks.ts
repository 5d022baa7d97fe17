/**
 * Where a value of the request does harm, by what reads it: a path that is opened, an address that is fetched, an
 * address that the browser is sent to, a line that a shell runs, text that is run as code or as a template.
 *
 * Sources: the reference pages of each library; the classes of weakness are CWE-22, CWE-918, CWE-601, CWE-78,
 * CWE-502, CWE-95 and CWE-1336.
 */
import { remembered } from "./remembered.ts"
import { asBase, settle } from "./results.ts"
import { sqlSink } from "./sql.ts"
import { type Row, table } from "./table.ts"

/** Who reads the value. */
export type Danger = "path" | "url" | "redirect" | "command" | "pickle" | "code" | "template" | "sql" | "attribute"

/** What a call does with one of its arguments. */
export interface Sink {
  danger: Danger
  /** Position of the argument; `self` for what the method is called on. */
  position: number | "self"
  keyword?: string
  /** What is done, as a verb for a sentence: "reads", "deletes". */
  does: string
  /** The path may be a folder: `..` alone does harm. */
  isFolder?: true
  /** It is a list of words, each read by itself; only what was put together as a path is one. */
  isWords?: true
  /** Only when this keyword is given as true; or unless it is. */
  when?: { keyword: string; is: boolean }
  /** Harmless when this argument, by position or name, names one of these: `Loader=yaml.SafeLoader`. */
  unless?: { keyword: string; position: number; names: RegExp /** Then and only then: what is not known does harm. */; only?: true }
}

const file = (does: string, keyword = "path", position: number | "self" = 0): Sink => ({ danger: "path", position, keyword, does })
const folder = (does: string, keyword = "path", position: number | "self" = 0): Sink => ({
  ...file(does, keyword, position),
  isFolder: true,
})

/** What is given is no path but what would lie there. */
const inMemory = (keyword: string): NonNullable<Sink["unless"]> => ({
  keyword,
  position: 0,
  names: /^io\.(BytesIO|StringIO)\b/,
  only: true,
})

const paths: Row<Sink>[] = [
  ["builtins.open", file("opens", "file")],
  ["{io,aiofiles,codecs,gzip,bz2,lzma,tokenize}.open", file("opens", "file")],
  ["aiofiles.threadpool.open", file("opens", "file")],
  ["aiofile.{async_open,AIOFile}", file("opens", "file_specifier")],
  ["anyio.open_file", file("opens", "file")],
  ["starlette.responses.FileResponse", file("sends", "path")],
  ["{os,aiofiles.os}.{remove,unlink}", file("deletes")],
  ["{os,aiofiles.os}.{rmdir,removedirs}", folder("deletes")],
  ["shutil.rmtree", folder("deletes")],
  ["{os,aiofiles.os}.{listdir,scandir}", folder("lists")],
  ["os.walk", folder("lists", "top")],
  ["{os,aiofiles.os}.{mkdir,makedirs}", folder("creates", "name")],
  ["os.{startfile,chmod,chown}", file("changes")],
  ["{os,aiofiles.os}.{rename,replace,renames,link,symlink}", file("moves", "src")],
  ["shutil.{copy,copy2,copyfile,move}", file("copies", "src")],
  ["shutil.copytree", folder("copies", "src")],
  ["shutil.unpack_archive", file("unpacks", "filename")],
  ["{zipfile.ZipFile,tarfile.open,tarfile.TarFile.open}", { ...file("opens", "file"), unless: inMemory("file") }],
  ["PIL.Image.open", { ...file("opens", "fp"), unless: inMemory("fp") }],
  ["sqlite3.connect", file("opens", "database")],
  ["{pathlib,anyio}.Path().open", file("opens", "path", "self")],
  ["{pathlib,anyio}.Path().{read_text,read_bytes}", file("reads", "path", "self")],
  ["{pathlib,anyio}.Path().{write_text,write_bytes,touch}", file("writes", "path", "self")],
  ["{pathlib,anyio}.Path().unlink", file("deletes", "path", "self")],
  ["{pathlib,anyio}.Path().{rmdir,mkdir}", folder("changes", "path", "self")],
  ["{pathlib,anyio}.Path().{iterdir,glob,rglob,walk}", folder("lists", "path", "self")],
  ["{pathlib,anyio}.Path().{rename,replace}", file("moves", "path", "self")],
]

/** The second path of what moves and copies. */
const targets: Row<Sink>[] = [
  ["{os,aiofiles.os}.{rename,replace,renames,link,symlink}", file("writes", "dst", 1)],
  ["shutil.{copy,copy2,copyfile,move,copytree}", file("writes", "dst", 1)],
  ["{pathlib,anyio}.Path().{rename,replace}", file("writes", "target", 0)],
]

/** A file that another program is given, or that is the program. */
const words = (keyword = "args"): Sink => ({ ...file("hands over", keyword), isWords: true })
const programs: Row<Sink>[] = [
  ["subprocess.{run,call,check_call,check_output,Popen}", words()],
  ["asyncio.create_subprocess_exec", { ...words("program"), position: 0 }],
]

const VERBS = "{get,post,put,patch,delete,head,options}"
const fetches = (position = 0, keyword = "url"): Sink => ({ danger: "url", position, keyword, does: "fetches" })
const urls: Row<Sink>[] = [
  [`{requests,httpx}.${VERBS}`, fetches()],
  ["{requests,httpx}.request", fetches(1)],
  ["httpx.stream", fetches(1)],
  [`requests.Session().${VERBS}`, fetches()],
  ["requests.Session().request", fetches(1)],
  [`httpx.{Client,AsyncClient}().${VERBS}`, fetches()],
  ["httpx.{Client,AsyncClient}().{request,stream,build_request}", fetches(1)],
  [`aiohttp.ClientSession().${VERBS}`, fetches()],
  ["aiohttp.ClientSession().request", fetches(1)],
  ["aiohttp.ClientSession().ws_connect", fetches()],
  ["urllib.request.{urlopen,urlretrieve,Request}", fetches()],
  ["urllib3.{request,PoolManager().request,PoolManager().urlopen}", fetches(1)],
  [`{curl_cffi.requests,cloudscraper.create_scraper()}.${VERBS}`, fetches()],
  ["websockets.connect", fetches(0, "uri")],
  ["wget.download", fetches()],
  ["{trafilatura.fetch_url,trafilatura.downloads.fetch_url}", fetches()],
  ["{newspaper.Article,newspaper.build,newspaper.fulltext}", fetches()],
  ["feedparser.parse", fetches(0, "url_file_stream_or_string")],
]

const redirects: Row<Sink>[] = [
  ["starlette.responses.RedirectResponse", { danger: "redirect", position: 0, keyword: "url", does: "redirects" }],
]

const shell = (keyword = "args"): Sink => ({ danger: "command", position: 0, keyword, does: "runs" })
const commands: Row<Sink>[] = [
  ["os.{system,popen}", shell("command")],
  ["subprocess.{run,call,check_call,check_output,Popen}", { ...shell(), when: { keyword: "shell", is: true } }],
  ["subprocess.{getoutput,getstatusoutput}", shell("cmd")],
  ["asyncio.create_subprocess_shell", shell("cmd")],
  ["asyncio.subprocess.create_subprocess_shell", shell("cmd")],
  ["anyio.{run_process,open_process}", shell("command")],
  ["paramiko.SSHClient().exec_command", shell("command")],
  ["{commands.getoutput,pexpect.spawn,pexpect.run}", shell("command")],
]

const code = (does: string, keyword: string): Sink => ({ danger: "code", position: 0, keyword, does })
const load = (keyword: string): Sink => ({ danger: "pickle", position: 0, keyword, does: "unpickles" })
const codes: Row<Sink>[] = [
  ["builtins.{eval,exec}", code("runs", "source")],
  ["{pickle,cPickle,_pickle,dill,cloudpickle,marshal}.{load,loads}", load("data")],
  ["pickle.Unpickler", load("file")],
  ["pandas.read_pickle", load("filepath_or_buffer")],
  ["joblib.load", load("filename")],
  ["shelve.open", load("filename")],
  ["jsonpickle.{decode,loads}", load("string")],
  ["torch.load", { ...load("f"), when: { keyword: "weights_only", is: false } }],
  ["numpy.load", { ...load("file"), when: { keyword: "allow_pickle", is: true } }],
  [
    "yaml.{load,load_all}",
    {
      ...load("stream"),
      does: "builds objects of",
      unless: { keyword: "Loader", position: 1, names: /(C?SafeLoader|C?BaseLoader|C?FullLoader)/ },
    },
  ],
  ["yaml.{unsafe_load,unsafe_load_all,full_load_all}", { ...load("stream"), does: "builds objects of" }],
]

const templates: Row<Sink>[] = [
  ["jinja2.Template", { danger: "template", position: 0, keyword: "source", does: "renders" }],
  ["jinja2.Environment().from_string", { danger: "template", position: 0, keyword: "source", does: "renders" }],
  ["starlette.templating.Jinja2Templates().env.from_string", { danger: "template", position: 0, keyword: "source", does: "renders" }],
  ["mako.template.Template", { danger: "template", position: 0, keyword: "text", does: "renders" }],
]

/** What is found by the name may be any method of the object: whether it is called is asked by the rule. */
const attributes: Row<Sink>[] = [
  ["builtins.getattr", { danger: "attribute", position: 1, does: "finds" }],
  ["operator.{attrgetter,methodcaller}", { danger: "attribute", position: 0, does: "finds" }],
]

const first = table([...attributes, ...paths, ...urls, ...redirects, ...commands, ...codes, ...templates])
const second = table([...targets, ...programs])

/** What a call may do harm with: of `os.system` its command. The name is the callee's, without its own `()`. */
export const sinksOf = remembered((name): readonly Sink[] => {
  const dot = name.lastIndexOf(".")
  if (dot < 0) return []
  const found: Sink[] = []
  const sql = sqlSink(name)
  if (sql) found.push({ danger: "sql", ...sql, does: "runs" })
  for (const spelling of asBase(settle(name.slice(0, dot)) + name.slice(dot))) {
    const one = first(spelling)
    const other = second(spelling)
    if (one) found.push(one)
    if (other) found.push(other)
    if (one || other) break
  }
  return found
})
