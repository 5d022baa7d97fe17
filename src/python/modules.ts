/**
 * Paths and dotted names: which file does `import a.b` mean, seen from a given file? Follows the order that
 * pyright documents (https://microsoft.github.io/pyright/#/import-resolution), over a list of paths and with no
 * disk: import roots first, nearest first, then the importing file's own folder. A module is known by its path,
 * because a repository may hold many modules of one dotted name.
 */

/** What an import leads to: a file of the project, a folder without `__init__.py` (a namespace package), or neither. */
export type Found = { is: "file"; path: string } | { is: "folder"; path: string }

export class Modules {
  private readonly files = new Set<string>()
  private readonly folders = new Set<string>()
  private readonly roots: string[]
  private readonly foreign: ReadonlySet<string>
  private readonly memo = new Map<string, Found | undefined>()
  /** How often imports start from a top-level module or package, by its path without `.py`. */
  private readonly starts = new Map<string, number>()
  private readonly names = new Map<string, string>()

  /**
   * @param paths  `/`-separated paths of all `.py` files, relative to the project root
   * @param roots  import roots named by configuration (`src = [...]`) or by a manifest beside them; relative, `""` is the project root
   * @param foreign  top-level names that always mean the library, even where the project holds a copy of it
   */
  constructor(paths: Iterable<string>, roots: string[] = [], foreign: ReadonlySet<string> = new Set()) {
    this.foreign = foreign
    for (const path of paths) {
      this.files.add(path)
      for (let folder = parent(path); !this.folders.has(folder); folder = parent(folder)) {
        this.folders.add(folder)
        if (folder === "") break
      }
    }
    this.roots = [...new Set([...roots, "", ...(this.folders.has("src") ? ["src"] : [])])]
  }

  /** `import a.b.c` or the module part of `from a.b import c`, as written in `importer`. */
  resolve(importer: string, dotted: string): Found | undefined {
    const key = `${parent(importer)}\0${dotted}`
    if (!this.memo.has(key)) this.memo.set(key, this.search(importer, dotted))
    return this.memo.get(key)
  }

  /** `from ..a import b`: `level` dots, then a dotted name that may be empty. */
  relative(importer: string, level: number, dotted: string): Found | undefined {
    let folder = parent(importer)
    for (let up = 1; up < level; up++) {
      if (folder === "") return undefined
      folder = parent(folder)
    }
    return dotted === ""
      ? (this.package(folder) ?? (this.folders.has(folder) ? { is: "folder", path: folder } : undefined))
      : this.below(folder, dotted)
  }

  /** A submodule of a package: what `from package import name` falls back to. */
  child(of: Found, name: string): Found | undefined {
    if (of.is === "folder") return this.below(of.path, name)
    return isInit(of.path) ? this.below(parent(of.path), name) : undefined
  }

  /**
   * Takes note of an absolute import, so that `nameOf` calls files by the names that the project itself uses. To be told
   * all imports before the first question.
   */
  learn(importer: string, dotted: string): void {
    const found = dotted.includes(".") ? this.resolve(importer, dotted) : undefined
    if (found?.is !== "file") return
    const stem = stemOf(found.path)
    const under = `/${dotted.replaceAll(".", "/")}`
    if (!`/${stem}`.endsWith(under)) return
    const root = `/${stem}`.slice(1, -under.length)
    const start = root === "" ? (dotted.split(".")[0] as string) : `${root}/${dotted.split(".")[0]}`
    this.starts.set(start, (this.starts.get(start) ?? 0) + 1)
  }

  /** The root that imports of a file start from most often; the outer one of equals. */
  private learntRoot(stem: string): string | undefined {
    let best: string | undefined
    let most = 0
    for (let end = stem.indexOf("/"); end !== -1; end = stem.indexOf("/", end + 1)) {
      const start = stem.slice(0, end)
      const times = this.starts.get(start) ?? 0
      if (times > most) [best, most] = [parent(start), times]
    }
    return best
  }

  /** Does some root hold a module or package of this top-level name? Then a missing submodule is ours, not a library's. */
  isOwn(importer: string, dotted: string): boolean {
    return this.resolve(importer, dotted.split(".")[0] as string) !== undefined
  }

  /** The dotted name by which the project most likely imports a file: from its nearest root that is no package. */
  nameOf(path: string): string {
    let name = this.names.get(path)
    if (name === undefined) {
      name = this.nameFor(stemOf(path))
      this.names.set(path, name)
    }
    return name
  }

  private nameFor(stem: string): string {
    let root = ""
    for (const candidate of this.roots)
      if (candidate !== "" && stem.startsWith(`${candidate}/`) && candidate.length > root.length) root = candidate
    const learnt = root === "" ? this.learntRoot(`${stem}/`) : undefined
    if (learnt !== undefined) root = learnt
    else if (root === "") {
      // Climb out of regular packages; what is above them is a folder on the import path.
      let top = parent(stem)
      if (this.isPackage(top)) {
        while (top !== "" && this.isPackage(parent(top))) top = parent(top)
        root = parent(top)
      }
    }
    const relative = root === "" ? stem : stem.slice(root.length + 1)
    return relative.replaceAll("/", ".") || "__init__"
  }

  private search(importer: string, dotted: string): Found | undefined {
    if (this.foreign.has(dotted.split(".")[0] as string)) return undefined
    const own = parent(importer)
    let folder: Found | undefined
    for (const root of this.rootsFor(own)) {
      const found = this.below(root, dotted)
      if (found?.is === "file") return found
      folder ??= found // a namespace package yields to a regular one further on, as on `sys.path`
    }
    // Last, as Python does for a script: the folder of the importing file. Never for a name of the standard library.
    const beside = !this.isPackage(own) && !STANDARD.has(dotted.split(".")[0] as string) ? this.below(own, dotted) : undefined
    return beside?.is === "file" ? beside : (this.aroundPackages(own, dotted) ?? folder ?? beside)
  }

  /**
   * A folder that is a package may be the working directory all the same (`cd backend && uvicorn server.app:app`).
   * Only for names of several parts, so that no file is taken for a library of its name.
   */
  private aroundPackages(own: string, dotted: string): Found | undefined {
    if (!dotted.includes(".") || STANDARD.has(dotted.split(".")[0] as string)) return undefined
    for (let folder = own; folder !== ""; ) {
      folder = parent(folder)
      if (folder === "" || !this.isPackage(folder)) continue
      const found = this.below(folder, dotted)
      if (found?.is === "file") return found
    }
    return undefined
  }

  private *rootsFor(own: string): Generator<string> {
    // Nearest ancestor first, so that each service of a monorepo finds its own `app`.
    for (let folder = own; folder !== ""; ) {
      folder = parent(folder)
      if (folder !== "" && !this.isPackage(folder)) yield folder
    }
    yield* this.roots
  }

  private below(folder: string, dotted: string): Found | undefined {
    const base = folder === "" ? dotted.replaceAll(".", "/") : `${folder}/${dotted.replaceAll(".", "/")}`
    return (
      this.package(base) ??
      (this.files.has(`${base}.py`)
        ? { is: "file", path: `${base}.py` }
        : this.files.has(`${base}.pyi`)
          ? { is: "file", path: `${base}.pyi` }
          : this.folders.has(base)
            ? { is: "folder", path: base }
            : undefined)
    )
  }

  private package(folder: string): Found | undefined {
    const init = folder === "" ? "__init__.py" : `${folder}/__init__.py`
    if (this.files.has(init)) return { is: "file", path: init }
    return undefined
  }

  private isPackage(folder: string): boolean {
    return this.package(folder) !== undefined
  }
}

export const isInit = (path: string): boolean => path === "__init__.py" || path.endsWith("/__init__.py")

/** The folder of a path; `""` for the root. */
export const parent = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "")

/** Top-level modules of the standard library that projects like to name their own files after (`sys.stdlib_module_names`, 3.13, shortened to those). */
const STANDARD = new Set(
  "abc argparse array ast asyncio base64 bisect calendar cmd code codecs collections concurrent config configparser contextlib copy csv ctypes dataclasses datetime decimal email enum errno fractions functools gc getpass glob gzip hashlib heapq hmac html http importlib inspect io ipaddress itertools json keyword locale logging mailbox math mimetypes multiprocessing numbers operator os pathlib pickle platform pprint profile queue random re resource sched secrets select selectors shelve shutil signal site socket sqlite3 ssl stat statistics string struct subprocess symtable sys tempfile test textwrap threading time timeit token tokenize trace traceback types typing unittest urllib uuid warnings weakref xml zipfile zlib"
    .split(" ")
    .filter((name) => name !== "config" && name !== "test"),
)

/** The path of a module without its ending; of a package, that of its folder. */
const stemOf = (path: string): string => (isInit(path) ? parent(path) : path.replace(/\.pyi?$/, ""))
