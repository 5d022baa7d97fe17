/**
 * What calls and attributes of libraries give, where that is an object of which something is known. So a chain of
 * any length comes down to the class that its last step is asked of:
 * `sqlalchemy.orm.sessionmaker()().query().filter().first` -> `sqlalchemy.orm.Query().first`.
 *
 * Source: the libraries' own annotations and reference pages.
 */
import { lineage } from "./bases.ts"
import { canonical } from "./names.ts"
import { type Row, table } from "./table.ts"

const SESSION = "sqlalchemy.orm.Session()"
const ASYNC_SESSION = "sqlalchemy.ext.asyncio.AsyncSession()"
const QUERY = "sqlalchemy.orm.Query()"
const ENGINE = "sqlalchemy.Engine()"
const CONNECTION = "sqlalchemy.Connection()"
const FILE = "builtins.open()"
const PATH = "pathlib.Path()"
const POSTGRES = "psycopg2.extensions.connection()"

/** A row that says: nothing is known, whatever a broader row says. */
const NOTHING = ""

const sqlalchemy: Row<string>[] = [
  ["sqlalchemy.orm.{sessionmaker,scoped_session}()()", SESSION],
  ["sqlalchemy.orm.sessionmaker().begin()", SESSION],
  ["sqlalchemy.orm.create_session()", SESSION],
  ["sqlalchemy.orm.object_session()", SESSION],
  [`${SESSION}.query()`, QUERY],
  [`${SESSION}.execute()`, "sqlalchemy.Result()"],
  [`${SESSION}.scalars()`, "sqlalchemy.ScalarResult()"],
  [`${SESSION}.connection()`, CONNECTION],
  ["sqlmodel.Session().exec()", "sqlalchemy.ScalarResult()"],
  [
    `${QUERY}.{all,first,one,one_or_none,scalar,count,get,update,delete,exists,subquery,cte,label,as_scalar,scalar_subquery,merge_result}()`,
    NOTHING,
  ],
  [`${QUERY}.*()`, QUERY],
  ["sqlalchemy.{create_engine,engine_from_config}()", ENGINE],
  [`${ENGINE}.{connect,begin}()`, CONNECTION],
  [`${ENGINE}.execution_options()`, ENGINE],
  [`${ENGINE}.raw_connection()`, "sqlalchemy.PoolProxiedConnection()"],
  [`${CONNECTION}.{execute,exec_driver_sql}()`, "sqlalchemy.Result()"],
  [`${CONNECTION}.execution_options()`, CONNECTION],
  ["sqlalchemy.Result().scalars()", "sqlalchemy.ScalarResult()"],
  ["sqlalchemy.Result().{unique,yield_per,columns,tuples}()", "sqlalchemy.Result()"],
  ["sqlalchemy.Result().mappings()", "sqlalchemy.MappingResult()"],
  ["sqlalchemy.ScalarResult().{unique,yield_per}()", "sqlalchemy.ScalarResult()"],
  ["sqlalchemy.ext.asyncio.{async_sessionmaker,async_scoped_session}()()", ASYNC_SESSION],
  ["sqlalchemy.ext.asyncio.async_sessionmaker().begin()", ASYNC_SESSION],
  [`${ASYNC_SESSION}.execute()`, "sqlalchemy.Result()"],
  [`${ASYNC_SESSION}.scalars()`, "sqlalchemy.ScalarResult()"],
  [`${ASYNC_SESSION}.sync_session`, SESSION],
  ["sqlmodel.ext.asyncio.session.AsyncSession().exec()", "sqlalchemy.ScalarResult()"],
  ["sqlalchemy.ext.asyncio.{create_async_engine,async_engine_from_config}()", "sqlalchemy.ext.asyncio.AsyncEngine()"],
  ["sqlalchemy.ext.asyncio.AsyncEngine().{connect,begin}()", "sqlalchemy.ext.asyncio.AsyncConnection()"],
  ["sqlalchemy.ext.asyncio.AsyncEngine().sync_engine", ENGINE],
  ["sqlalchemy.ext.asyncio.AsyncConnection().{execute,exec_driver_sql}()", "sqlalchemy.Result()"],
  ["sqlmodel.select()", "sqlalchemy.Select()"],
  ["sqlalchemy.select()", "sqlalchemy.Select()"],
  ["sqlalchemy.Select().{subquery,cte,scalar_subquery,as_scalar,exists,alias,lateral,union,union_all,intersect,except_}()", NOTHING],
  ["sqlalchemy.Select().*()", "sqlalchemy.Select()"],
]

const databases: Row<string>[] = [
  ["psycopg2.connect()", POSTGRES],
  ["psycopg2.pool.{SimpleConnectionPool,ThreadedConnectionPool}().getconn()", POSTGRES],
  [`${POSTGRES}.cursor()`, "psycopg2.extensions.cursor()"],
  ["psycopg.{connect,Connection.connect}()", "psycopg.Connection()"],
  ["psycopg_pool.ConnectionPool().{connection,getconn}()", "psycopg.Connection()"],
  ["psycopg.Connection().{cursor,execute}()", "psycopg.Cursor()"],
  ["psycopg.Cursor().execute()", "psycopg.Cursor()"],
  ["psycopg.AsyncConnection.connect()", "psycopg.AsyncConnection()"],
  ["psycopg_pool.AsyncConnectionPool().{connection,getconn}()", "psycopg.AsyncConnection()"],
  ["psycopg.AsyncConnection().{cursor,execute}()", "psycopg.AsyncCursor()"],
  ["pymysql.{connect,Connect}()", "pymysql.connections.Connection()"],
  ["pymysql.connections.Connection().cursor()", "pymysql.cursors.Cursor()"],
  ["sqlite3.connect()", "sqlite3.Connection()"],
  ["sqlite3.Connection().{cursor,execute,executemany,executescript}()", "sqlite3.Cursor()"],
  ["sqlite3.Cursor().{execute,executemany,executescript}()", "sqlite3.Cursor()"],
  ["duckdb.{connect,cursor}()", "duckdb.DuckDBPyConnection()"],
  ["asyncpg.create_pool()", "asyncpg.pool.Pool()"],
  ["asyncpg.pool.Pool().acquire()", "asyncpg.connection.Connection()"],
  ["asyncpg.connect()", "asyncpg.connection.Connection()"],
  ["redis.{from_url,Redis.from_url,Redis.from_pool}()", "redis.Redis()"],
  ["redis.Redis().lock()", "redis.lock.Lock()"],
  ["redis.RedisCluster.from_url()", "redis.RedisCluster()"],
  ["redis.Sentinel().{master_for,slave_for}()", "redis.Redis()"],
  ["redis.Redis().pipeline()", "redis.client.Pipeline()"],
  ["redis.Redis().pubsub()", "redis.client.PubSub()"],
  ["redis.asyncio.{from_url,Redis.from_url,Redis.from_pool}()", "redis.asyncio.Redis()"],
  ["redis.asyncio.Redis().pipeline()", "redis.asyncio.client.Pipeline()"],
  ["pymongo.MongoClient().{get_database,get_default_database}()", "pymongo.database.Database()"],
  [
    "pymongo.MongoClient().{get_database,get_default_database,with_options,close,drop_database,server_info,list_databases,list_database_names,start_session,watch,address,nodes,options}",
    NOTHING,
  ],
  ["pymongo.MongoClient().*", "pymongo.database.Database()"],
  ["pymongo.database.Database().{get_collection,create_collection}()", "pymongo.collection.Collection()"],
  [
    "pymongo.database.Database().{command,aggregate,list_collections,list_collection_names,drop_collection,create_collection,get_collection,client,name,watch,with_options,validate_collection,dereference,cursor_command}",
    NOTHING,
  ],
  ["pymongo.database.Database().*", "pymongo.collection.Collection()"],
  ["pymongo.collection.Collection().find()", "pymongo.cursor.Cursor()"],
  ["pymongo.collection.Collection().aggregate()", "pymongo.command_cursor.CommandCursor()"],
  ["pymongo.cursor.Cursor().{sort,limit,skip,batch_size,hint,max,min,where,allow_disk_use,collation,comment}()", "pymongo.cursor.Cursor()"],
  ["peewee.Model.{select,noop}()", "peewee.ModelSelect()"],
  ["peewee.Model.{insert,insert_many,insert_from,replace,replace_many}()", "peewee.ModelInsert()"],
  ["peewee.Model.update()", "peewee.ModelUpdate()"],
  ["peewee.Model.delete()", "peewee.ModelDelete()"],
  ["peewee.Model.raw()", "peewee.ModelRaw()"],
  ["peewee.ModelSelect().{execute,get,get_or_none,first,count,exists,scalar,scalars,peek,iterator,tuples}()", NOTHING],
  ["peewee.{ModelInsert,ModelUpdate,ModelDelete,ModelRaw}().execute()", NOTHING],
  ["peewee.ModelSelect().*()", "peewee.ModelSelect()"],
  ["peewee.ModelInsert().*()", "peewee.ModelInsert()"],
  ["peewee.ModelUpdate().*()", "peewee.ModelUpdate()"],
  ["peewee.ModelDelete().*()", "peewee.ModelDelete()"],
  ["mongoengine.Document.objects", "mongoengine.QuerySet()"],
  ["mongoengine.QuerySet()()", "mongoengine.QuerySet()"],
  [
    "mongoengine.QuerySet().{filter,order_by,only,exclude,limit,skip,no_cache,select_related,fields,hint,all,using,timeout,read_preference,batch_size}()",
    "mongoengine.QuerySet()",
  ],
  ["neo4j.GraphDatabase.driver()", "neo4j.Driver()"],
  ["neo4j.Driver().session()", "neo4j.Session()"],
  ["neo4j.AsyncGraphDatabase.driver()", "neo4j.AsyncDriver()"],
  ["neo4j.AsyncDriver().session()", "neo4j.AsyncSession()"],
]

const network: Row<string>[] = [
  ["requests.session()", "requests.Session()"],
  ["requests.{get,post,put,patch,delete,head,options,request}()", "requests.Response()"],
  ["requests.Session().{get,post,put,patch,delete,head,options,request,send}()", "requests.Response()"],
  ["httpx.{get,post,put,patch,delete,head,options,request,stream}()", "httpx.Response()"],
  ["httpx.{Client,AsyncClient}().{get,post,put,patch,delete,head,options,request,send,stream}()", "httpx.Response()"],
  ["urllib.request.urlopen()", "http.client.HTTPResponse()"],
  ["urllib.request.build_opener()", "urllib.request.OpenerDirector()"],
  ["http.client.HTTPConnection().getresponse()", "http.client.HTTPResponse()"],
  ["socket.create_connection()", "socket.socket()"],
  ["ssl.create_default_context()", "ssl.SSLContext()"],
  ["ssl.SSLContext().wrap_socket()", "ssl.SSLSocket()"],
  ["paramiko.SSHClient().open_sftp()", "paramiko.SFTPClient()"],
  ["paramiko.SFTPClient.from_transport()", "paramiko.SFTPClient()"],
  ["boto3.Session().client()", "boto3.client()"],
  ["boto3.Session().resource()", "boto3.resource()"],
  [
    "google.cloud.storage.Client.{from_service_account_json,from_service_account_info,create_anonymous_client}()",
    "google.cloud.storage.Client()",
  ],
  ["google.cloud.bigquery.Client.{from_service_account_json,from_service_account_info}()", "google.cloud.bigquery.Client()"],
  ["azure.storage.blob.BlobServiceClient.from_connection_string()", "azure.storage.blob.BlobServiceClient()"],
  ["docker.from_env()", "docker.DockerClient()"],
  ["celery.Celery().AsyncResult()", "celery.result.AsyncResult()"],
  ["celery.Celery().send_task()", "celery.result.AsyncResult()"],
  ["supabase.create_client()", "supabase.Client()"],
]

const system: Row<string>[] = [
  [
    "{codecs.open,os.fdopen,gzip.open,bz2.open,lzma.open,tempfile.TemporaryFile,tempfile.NamedTemporaryFile,tempfile.SpooledTemporaryFile}()",
    FILE,
  ],
  [`${PATH}.open()`, FILE],
  ["pathlib.Path.{cwd,home}()", PATH],
  [`${PATH}.parent`, PATH],
  [`${PATH}.{absolute,resolve,joinpath,with_name,with_stem,with_suffix,relative_to,expanduser,readlink,rename,replace}()`, PATH],
  ["tarfile.{open,TarFile.open}()", "tarfile.TarFile()"],
  ["zipfile.ZipFile().open()", FILE],
  ["asyncio.{get_event_loop,get_running_loop,new_event_loop}()", "asyncio.AbstractEventLoop()"],
  ["concurrent.futures.{ThreadPoolExecutor,ProcessPoolExecutor,Executor}().submit()", "concurrent.futures.Future()"],
  ["asyncio.run_coroutine_threadsafe()", "concurrent.futures.Future()"],
  ["multiprocessing.pool.{ThreadPool,Pool}()", "multiprocessing.Pool()"],
  ["multiprocessing.get_context()", "multiprocessing"],
  ["anyio.open_file()", "anyio.AsyncFile()"],
]

const rows = [...sqlalchemy, ...databases, ...network, ...system]
const given = table(rows)

/** Every row, for the script that checks them. */
export const results: readonly Row<string>[] = rows

const settled = new Map<string, string>()

/**
 * The shortest true name of what a qualified name gives: canonical, with every call and attribute on the way
 * replaced by what it returns. A name of which nothing is known comes back as `canonical` says it.
 */
export function settle(name: string): string {
  const seen = settled.get(name)
  if (seen !== undefined) return seen
  const result = step(name)
  settled.set(name, result)
  return result
}

/** What a call (`requests.get()`) or an attribute gives when that is a known object, by its settled name. */
export function resultOf(name: string): string | undefined {
  const result = settle(name)
  return result === canonical(name) ? undefined : result
}

/** What subscripting gives: `pymongo.MongoClient()["shop"]`. */
export function itemOf(name: string): string | undefined {
  return items[settle(name)]
}

const items: Record<string, string | undefined> = {
  "pymongo.MongoClient()": "pymongo.database.Database()",
  "pymongo.database.Database()": "pymongo.collection.Collection()",
}

function step(name: string): string {
  const called = name.endsWith("()")
  const callee = called ? name.slice(0, -2) : name
  const dot = callee.lastIndexOf(".")
  if (dot < 0) return canonical(name)
  const whole = called ? `${settle(callee)}()` : canonical(`${settle(callee.slice(0, dot))}${callee.slice(dot)}`)
  const found = inherited(whole)
  return found === undefined || found === NOTHING ? whole : found
}

/** The row of this name, or of the same attribute of a class that its owner derives from. */
function inherited(name: string): string | undefined {
  for (const spelling of asBase(name)) {
    const found = given(spelling)
    if (found !== undefined) return found
  }
  return undefined
}

/** `sqlmodel.Session().query()` -> itself, then `sqlalchemy.orm.Session().query()`. */
export function asBase(name: string): string[] {
  const call = name.endsWith("()") ? name.length - 2 : name.length
  const dot = name.lastIndexOf("().", call)
  if (dot < 0) return [name]
  const rest = name.slice(dot)
  return lineage(name.slice(0, dot)).map((owner) => owner + rest)
}
