/**
 * What a library's call or attribute hands on of what it is given: of `os.path.join(a, b)` both, of
 * `os.path.basename(p)` nothing that could leave a folder. What has no row hands nothing on that we could swear to.
 *
 * Sources: the reference pages of each library. Among those that clean nothing, though they look it:
 * `os.path.normpath` and `abspath` (they resolve `..`, they do not forbid it), `urlparse(url).path` (of `////host` it
 * is `//host`), `Path.resolve`, `PurePath.joinpath` (an absolute part wins).
 */
import type { Danger } from "./sinks.ts"
import { type Row, table } from "./table.ts"

export interface Flow {
  /** Which inputs come out again: what the method is called on, what it is given, or both. */
  from: "self" | "arguments" | "both"
  /** For these, what comes out is harmless. */
  cleans?: readonly Danger[]
  /** The pieces are put together as the parts of a path are. */
  joins?: true
  /** What was not seen in the text before may be in it now: a slash, `..`. */
  decodes?: true
  /** Undone by what decodes. */
  encodes?: true
  /** It is called to clean, and leaves what does harm: worth showing on the way. */
  leaves?: true
}

const DECODED: Flow = { from: "arguments", decodes: true }
const SELF: Flow = { from: "self" }
const GIVEN: Flow = { from: "arguments" }
const PATH: Flow = { from: "both", joins: true }
/** One part of a path: no folder is left by it. */
const PART: Flow = { from: "both", cleans: ["path"] }

/** Texts that anybody may have sent. Their methods and items are too. */
const OPEN = "{typing.Any(),builtins.dict(),builtins.str(),builtins.bytes()}"

const rows: Row<Flow>[] = [
  [`${OPEN}.**`, SELF],
  ["{typing.Any(),builtins.dict(),builtins.str(),builtins.bytes(),builtins.list()}[]", SELF],
  [
    "builtins.str().{isdigit,isalnum,isalpha,isdecimal,isnumeric,isidentifier,startswith,endswith,count,find,index}()",
    { ...SELF, cleans: ALL() },
  ],
  ["builtins.{str,bytes,bytearray,dict,list,tuple,set,sorted,reversed,repr,format,next,iter}()", GIVEN],
  // Code stays what it is, as a tree and as an object.
  ["{ast.parse,ast.unparse,ast.Module,ast.Expression,ast.Interactive,builtins.compile}()", GIVEN],
  ["ast.parse().**", SELF],
  ["operator.Div()", PATH],
  ["operator.*()", GIVEN],
  ["{os.path,posixpath,ntpath}.join()", PATH],
  ["{os.path,posixpath,ntpath}.{abspath,realpath,normpath,expanduser,expandvars,dirname,relpath,normcase}()", PATH],
  ["os.{fspath,fsdecode,fsencode}()", PATH],
  // It takes out what no file system allows, and leaves slashes and `..`.
  ["pathvalidate.sanitize_filepath()", { ...GIVEN, leaves: true }],
  ["pathvalidate.sanitize_filename()", { ...GIVEN, cleans: ["path"] }],
  ["{os.path,posixpath,ntpath}.basename()", { ...GIVEN, cleans: ["path"] }],
  ["{os.path,posixpath,ntpath}.{splitext,split,splitdrive}()", GIVEN],
  ["{os.path,posixpath,ntpath}.{splitext,split,splitdrive}()[]", SELF],
  ["pathlib.{Path,PurePath,PosixPath,WindowsPath,PurePosixPath,PureWindowsPath}()", PATH],
  ["anyio.Path()", PATH],
  ["{pathlib,anyio}.{Path,PurePath,PurePosixPath,PureWindowsPath}().{name,stem,suffix,suffixes}", PART],
  ["{pathlib,anyio}.{Path,PurePath,PurePosixPath}().{parent,parents,parts,anchor,root}", SELF],
  [
    "{pathlib,anyio}.{Path,PurePath,PurePosixPath}().{as_posix,as_uri,absolute,resolve,expanduser,joinpath,with_name,with_suffix,with_stem,relative_to,__str__,__fspath__}()",
    PATH,
  ],
  ["urllib.parse.{unquote,unquote_plus}()", DECODED],
  ["urllib.parse.{urljoin,urlunparse,urlunsplit,urldefrag}()", GIVEN],
  ["urllib.parse.{urlparse,urlsplit,parse_qs,parse_qsl}()", GIVEN],
  ["urllib.parse.{urlparse,urlsplit}().{path,geturl(),_replace(),_replace().geturl(),netloc,hostname}", SELF],
  ["{json,orjson,ujson,simplejson}.loads()", DECODED],
  ["{json,orjson,ujson,simplejson}.dumps()", GIVEN],
  ["{json,orjson,ujson,simplejson}.loads().**", SELF],
  ["{json,orjson,ujson,simplejson}.loads()[]", SELF],
  ["base64.{b64decode,urlsafe_b64decode,standard_b64decode,b32decode,b16decode,decodebytes}()", DECODED],
  ["base64.{b64encode,urlsafe_b64encode,standard_b64encode,b32encode,b16encode,encodebytes}()", { ...GIVEN, encodes: true }],
  ["base64.{b64encode,urlsafe_b64encode,standard_b64encode,b32encode,b16encode,encodebytes}().**", { ...SELF, encodes: true }],
  ["urllib.parse.{quote,quote_plus}()", { ...GIVEN, encodes: true }],
  ["base64.{b64decode,urlsafe_b64decode,standard_b64decode,b32decode,b16decode,decodebytes}().**", SELF],
  ["{codecs.decode,binascii.unhexlify,bytes.fromhex}()", DECODED],
  ["copy.{copy,deepcopy}()", GIVEN],
  ["{html.unescape,textwrap.dedent,inspect.cleandoc}()", GIVEN],
  ["{starlette.datastructures,pydantic.networks}.URL()", GIVEN],
  ["{httpx,yarl}.URL()", GIVEN],
  ["io.{StringIO,BytesIO}()", GIVEN],
  ["string.Template()", GIVEN],
  ["string.Template().{substitute,safe_substitute}()", { from: "both" }],
  ["fastapi.encoders.jsonable_encoder()", GIVEN],
  ["pydantic.BaseModel().{model_dump,model_dump_json,dict,json,copy,model_copy}()", SELF],
  ["pydantic.BaseModel().{model_dump,dict}()[]", SELF],
  ["pydantic.BaseModel().{model_dump,dict}().**", SELF],
  ["asyncio.{wait_for,shield}()", GIVEN],
  ["typing.cast()", GIVEN],
]

function ALL(): Danger[] {
  return ["path", "url", "redirect", "command", "pickle", "code", "template", "sql", "attribute"]
}

const find = table(rows)

/** What comes out of a call (`os.path.join()`) or an attribute (`pathlib.Path().name`). */
export const flowOf = (name: string): Flow | undefined => find(name)

/**
 * Of Starlette's objects, what a client writes: anything of a `Request` but its state and its app.
 * Source: https://www.starlette.io/requests/ and https://www.starlette.io/websockets/
 */
const CLIENT =
  /^starlette\.(requests\.(Request|HTTPConnection)|websockets\.WebSocket)\(\)\.(query_params|path_params|headers|cookies|json\(\)|form\(\)|body\(\)|stream\(\)|receive_(text|json|bytes)\(\)|iter_(text|json|bytes)\(\))/

/** Is this something that a client wrote, read from Starlette's own object? What kind of thing, for a sentence. */
export function clientWrites(name: string): string | undefined {
  const found = CLIENT.exec(name)?.[3]
  if (!found) return undefined
  if (found === "query_params") return "a query parameter"
  if (found === "path_params") return "a path parameter"
  if (found === "headers") return "a header"
  if (found === "cookies") return "a cookie"
  return found.startsWith("receive") || found.startsWith("iter") ? "a message of the client" : "the body"
}
