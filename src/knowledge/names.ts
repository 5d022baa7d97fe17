/**
 * One name for one thing. Libraries hand the same object out under several names; facts are kept under one:
 * the shortest public name in the package that defines it. What FastAPI merely passes on from Starlette is
 * therefore Starlette's (`fastapi.Request` is `starlette.requests.Request`), while what FastAPI derives stays
 * apart (`fastapi.HTTPException` is not `starlette.exceptions.HTTPException`).
 *
 * Source: the packages themselves; `scripts/check-knowledge.py` imports both names of each pair and compares.
 */

/** Home module, the modules that offer the same names, and those names; `*` is everything that the module holds. */
export const homes: readonly (readonly [home: string, others: string, names: string])[] = [
  ["fastapi", "fastapi.applications", "FastAPI"],
  ["fastapi", "fastapi.routing", "APIRouter"],
  ["fastapi", "fastapi.params fastapi.param_functions", "Path Query Header Cookie Body Form File Depends Security"],
  ["fastapi", "fastapi.exceptions", "HTTPException WebSocketException"],
  ["fastapi", "fastapi.datastructures", "UploadFile"],
  ["fastapi", "fastapi.background", "BackgroundTasks"],
  ["fastapi.exceptions", "fastapi.routing", "RequestValidationError ResponseValidationError WebSocketRequestValidationError FastAPIError"],
  ["fastapi.sse", "fastapi.responses fastapi.routing", "EventSourceResponse"],
  ["fastapi.encoders", "fastapi.routing", "jsonable_encoder"],
  ["fastapi.security", "fastapi.security.api_key", "APIKeyCookie APIKeyHeader APIKeyQuery"],
  ["fastapi.security", "fastapi.security.http", "HTTPAuthorizationCredentials HTTPBasic HTTPBasicCredentials HTTPBearer HTTPDigest"],
  [
    "fastapi.security",
    "fastapi.security.oauth2",
    "OAuth2 OAuth2AuthorizationCodeBearer OAuth2PasswordBearer OAuth2PasswordRequestForm OAuth2PasswordRequestFormStrict SecurityScopes",
  ],
  ["fastapi.security", "fastapi.security.open_id_connect_url", "OpenIdConnect"],
  ["starlette.requests", "fastapi fastapi.requests fastapi.routing", "Request"],
  ["starlette.requests", "fastapi.requests", "HTTPConnection"],
  ["starlette.responses", "fastapi fastapi.responses fastapi.routing", "Response"],
  ["starlette.responses", "fastapi.responses fastapi.routing", "JSONResponse PlainTextResponse RedirectResponse StreamingResponse"],
  ["starlette.responses", "fastapi.responses", "HTMLResponse FileResponse"],
  ["starlette.websockets", "fastapi fastapi.websockets", "WebSocket WebSocketDisconnect"],
  ["starlette.websockets", "fastapi.websockets", "WebSocketState"],
  ["starlette.exceptions", "fastapi.routing", "HTTPException"],
  ["starlette.routing", "fastapi.routing", "BaseRoute Mount Match NoMatchFound"],
  ["starlette.datastructures", "fastapi.datastructures", "Address FormData Headers QueryParams State URL"],
  ["starlette.concurrency", "fastapi.concurrency fastapi.routing", "iterate_in_threadpool run_in_threadpool"],
  ["starlette.concurrency", "fastapi.concurrency", "run_until_first_complete"],
  ["starlette.status", "fastapi.status", "*"],
  ["starlette.testclient", "fastapi.testclient", "*"],
  ["starlette.staticfiles", "fastapi.staticfiles", "*"],
  ["starlette.templating", "fastapi.templating", "*"],
  ["starlette.middleware", "fastapi.middleware", "*"],
  ["sse_starlette", "sse_starlette.sse", "EventSourceResponse ServerSentEvent"],

  ["pydantic", "pydantic.main", "BaseModel create_model"],
  ["pydantic", "pydantic.fields", "Field PrivateAttr computed_field"],
  ["pydantic", "pydantic.config", "ConfigDict"],
  ["pydantic", "pydantic.root_model", "RootModel"],
  [
    "pydantic",
    "pydantic.functional_validators",
    "field_validator model_validator AfterValidator BeforeValidator PlainValidator WrapValidator",
  ],
  ["pydantic", "pydantic.functional_serializers", "field_serializer model_serializer PlainSerializer WrapSerializer"],
  ["pydantic", "pydantic.type_adapter", "TypeAdapter"],
  ["pydantic", "pydantic_core pydantic_core._pydantic_core", "ValidationError"],
  [
    "pydantic",
    "pydantic.types",
    "SecretStr SecretBytes conint constr conlist confloat StrictStr StrictInt StrictBool PositiveInt NonNegativeInt Json",
  ],
  ["pydantic", "pydantic.networks", "EmailStr HttpUrl AnyUrl AnyHttpUrl"],
  ["pydantic", "pydantic.class_validators pydantic.deprecated.class_validators", "validator root_validator"],
  ["pydantic_settings", "pydantic_settings.main", "BaseSettings SettingsConfigDict"],

  ["sqlalchemy", "sqlalchemy.engine sqlalchemy.engine.base sqlalchemy.future sqlalchemy.future.engine", "Engine Connection"],
  ["sqlalchemy", "sqlalchemy.engine sqlalchemy.engine.create sqlalchemy.future sqlmodel", "create_engine"],
  ["sqlalchemy", "sqlalchemy.engine sqlalchemy.engine.result", "Result ScalarResult MappingResult"],
  ["sqlalchemy", "sqlalchemy.engine sqlalchemy.engine.row", "Row RowMapping"],
  ["sqlalchemy", "sqlalchemy.sql sqlalchemy.sql.expression sqlmodel", "text func and_ or_ not_ desc asc case cast literal_column"],
  ["sqlalchemy", "sqlalchemy.sql sqlalchemy.sql.expression sqlalchemy.future", "select"],
  ["sqlalchemy", "sqlalchemy.sql sqlalchemy.sql.expression sqlmodel", "insert update delete"],
  ["sqlalchemy", "sqlalchemy.sql sqlalchemy.sql.expression sqlalchemy.sql.selectable", "Select"],
  ["sqlalchemy", "sqlalchemy.inspection", "inspect"],
  [
    "sqlalchemy",
    "sqlalchemy.schema sqlalchemy.sql.schema sqlmodel",
    "Column ForeignKey Index MetaData Table UniqueConstraint CheckConstraint",
  ],
  [
    "sqlalchemy",
    "sqlalchemy.types sqlalchemy.sql.sqltypes",
    "Boolean DateTime Enum Float Integer JSON LargeBinary Numeric String Text Unicode",
  ],
  ["sqlalchemy.orm", "sqlalchemy.orm.session", "Session sessionmaker"],
  ["sqlalchemy.orm", "sqlalchemy.orm.scoping", "scoped_session"],
  ["sqlalchemy.orm", "sqlalchemy.orm.query", "Query"],
  ["sqlalchemy.orm", "sqlalchemy.orm.decl_api sqlalchemy.ext.declarative", "declarative_base as_declarative"],
  ["sqlalchemy.orm", "sqlalchemy.orm.decl_api", "DeclarativeBase DeclarativeBaseNoMeta MappedAsDataclass registry declared_attr"],
  ["sqlalchemy.orm", "sqlalchemy.orm.base", "Mapped"],
  ["sqlalchemy.orm", "sqlalchemy.orm._orm_constructors", "mapped_column relationship backref"],
  [
    "sqlalchemy.orm",
    "sqlalchemy.orm.strategy_options",
    "selectinload joinedload subqueryload contains_eager lazyload noload raiseload load_only defer",
  ],
  ["sqlalchemy.ext.asyncio", "sqlalchemy.ext.asyncio.session", "AsyncSession async_sessionmaker"],
  ["sqlalchemy.ext.asyncio", "sqlalchemy.ext.asyncio.engine", "AsyncEngine AsyncConnection create_async_engine"],
  ["sqlalchemy.ext.asyncio", "sqlalchemy.ext.asyncio.scoping", "async_scoped_session"],
  ["sqlalchemy.exc", "sqlalchemy.orm.exc", "NoResultFound MultipleResultsFound"],
  ["sqlmodel", "sqlmodel.orm.session", "Session"],
  ["sqlmodel", "sqlmodel.main", "SQLModel Field Relationship"],
  ["sqlmodel", "sqlmodel.sql.expression", "select col"],
  ["sqlalchemy", "sqlmodel.sql.expression", "and_ or_ not_ desc asc case cast"],

  ["requests", "requests.api", "get post put patch delete head options request"],
  ["requests", "requests.sessions", "Session session"],
  ["requests", "requests.models", "Response"],
  // A fork with the same classes: what is known of one holds for the other.
  ["httpx", "httpx2", "*"],
  ["httpx", "httpx._api", "get post put patch delete head options request stream"],
  ["httpx", "httpx._client", "Client AsyncClient"],
  ["httpx", "httpx._models", "Response Request"],
  ["httpx", "httpx._exceptions", "HTTPError HTTPStatusError RequestError TimeoutException"],
  ["httpx", "httpx._exceptions", "TransportError ConnectError ConnectTimeout ReadTimeout InvalidURL"],
  [
    "requests.exceptions",
    "requests",
    "RequestException ConnectionError HTTPError JSONDecodeError Timeout ConnectTimeout ReadTimeout TooManyRedirects",
  ],
  [
    "asyncpg.exceptions",
    "asyncpg",
    "PostgresError InterfaceError UniqueViolationError ForeignKeyViolationError NotNullViolationError CheckViolationError",
  ],
  ["redis.exceptions", "redis", "RedisError ConnectionError TimeoutError ResponseError DataError WatchError AuthenticationError"],
  ["psycopg2", "psycopg2._psycopg", "Error DatabaseError DataError IntegrityError OperationalError ProgrammingError"],
  ["urllib3", "urllib3.poolmanager", "PoolManager ProxyManager"],
  ["urllib3", "urllib3.connectionpool", "HTTPConnectionPool HTTPSConnectionPool"],
  ["aiohttp", "aiohttp.client", "ClientSession"],
  ["redis", "redis.client", "Redis"],
  ["redis", "redis redis.client", "StrictRedis>Redis"],
  ["redis", "redis.utils", "from_url"],
  ["redis", "redis.sentinel", "Sentinel"],
  ["redis", "redis.cluster", "RedisCluster"],
  ["redis.asyncio", "redis.asyncio.client", "Redis"],
  ["redis.asyncio", "redis.asyncio redis.asyncio.client", "StrictRedis>Redis"],
  ["redis.asyncio", "redis.asyncio.utils", "from_url"],
  ["pymongo", "pymongo.mongo_client pymongo.synchronous.mongo_client", "MongoClient"],
  ["pymongo", "pymongo.asynchronous.mongo_client", "AsyncMongoClient"],
  ["pymongo.database", "pymongo.synchronous.database", "Database"],
  ["pymongo.collection", "pymongo.synchronous.collection", "Collection"],
  ["pymongo.cursor", "pymongo.synchronous.cursor", "Cursor"],
  ["boto3", "boto3.session", "Session"],
  ["openai", "openai._client", "OpenAI AsyncOpenAI"],
  ["openai", "openai openai._client", "Client>OpenAI AsyncClient>AsyncOpenAI"],
  ["openai", "openai.lib.azure", "AzureOpenAI AsyncAzureOpenAI"],
  ["anthropic", "anthropic._client", "Anthropic AsyncAnthropic"],
  ["anthropic", "anthropic anthropic._client", "Client>Anthropic AsyncClient>AsyncAnthropic"],
  ["minio", "minio.api", "Minio"],
  ["docker", "docker.client", "DockerClient from_env"],
  ["elasticsearch", "elasticsearch._sync.client elasticsearch.client", "Elasticsearch"],
  ["elasticsearch", "elasticsearch._async.client", "AsyncElasticsearch"],
  ["paramiko", "paramiko.client", "SSHClient"],
  ["celery", "celery.app celery.app.base", "Celery"],
  ["celery", "celery.app", "shared_task"],
  ["google.cloud.storage", "google.cloud.storage.client", "Client"],
  ["slack_sdk", "slack_sdk.web slack_sdk.web.client", "WebClient"],

  ["jwt", "jwt.api_jwt", "decode encode PyJWT"],
  ["jwt", "jwt.api_jws", "get_unverified_header"],
  ["jwt", "jwt.jwks_client", "PyJWKClient"],
  [
    "jwt",
    "jwt.exceptions",
    "PyJWTError InvalidTokenError DecodeError ExpiredSignatureError InvalidSignatureError InvalidAudienceError InvalidIssuerError " +
      "InvalidIssuedAtError ImmatureSignatureError InvalidKeyError InvalidAlgorithmError MissingRequiredClaimError PyJWKClientError",
  ],
  ["jose", "jose.exceptions", "JWTError JWSError ExpiredSignatureError JOSEError"],
  ["authlib.jose", "authlib.jose.rfc7519", "JsonWebToken"],

  ["typing", "typing_extensions", "*"],
  [
    "collections.abc",
    "typing _collections_abc",
    "AsyncGenerator AsyncIterable AsyncIterator Awaitable Callable Collection Container Coroutine Generator Hashable ItemsView Iterable " +
      "Iterator KeysView Mapping MappingView MutableMapping MutableSequence MutableSet Reversible Sequence Sized ValuesView",
  ],
  ["builtins", "typing", "List>list Dict>dict Tuple>tuple Type>type FrozenSet>frozenset"],
  ["os.path", "posixpath ntpath genericpath", "*"],
  ["pathlib", "pathlib._local", "*"],
  ["builtins", "io _io", "open"],
  ["builtins", "asyncio asyncio.exceptions concurrent.futures", "TimeoutError"],
  ["builtins", "socket", "timeout>TimeoutError error>OSError"],
  ["builtins", "builtins", "IOError>OSError EnvironmentError>OSError"],
  ["asyncio", "asyncio.exceptions", "CancelledError"],
  ["asyncio", "asyncio.tasks", "create_task ensure_future gather sleep wait wait_for"],
  ["asyncio", "asyncio.runners", "run"],
  ["asyncio", "asyncio.threads", "to_thread"],
  ["asyncio", "asyncio.events", "get_event_loop get_running_loop new_event_loop"],
  ["concurrent.futures", "concurrent.futures.thread", "ThreadPoolExecutor"],
  ["concurrent.futures", "concurrent.futures.process", "ProcessPoolExecutor"],
  ["json", "json.decoder", "JSONDecodeError"],
  ["asgiref.sync", "channels.db", "database_sync_to_async>sync_to_async"],
]

const aliases = new Map<string, string>()
for (const [home, others, names] of homes) {
  for (const other of others.split(" ")) {
    for (const name of names.split(" ")) {
      const [there, here = there] = name.split(">")
      if (name === "*") aliases.set(other, home)
      else aliases.set(`${other}.${there}`, `${home}.${here}`)
    }
  }
}

const known = new Map<string, string>()

/**
 * The one name of what this qualified name means; a name of which nothing is known is its own.
 * Works on any beginning too: `fastapi.routing.APIRouter().get` -> `fastapi.APIRouter().get`.
 */
export function canonical(name: string): string {
  const seen = known.get(name)
  if (seen !== undefined) return seen
  let result: string
  if (name.endsWith("()")) result = `${canonical(name.slice(0, -2))}()`
  else {
    const dot = name.lastIndexOf(".")
    const whole = dot < 0 ? name : `${canonical(name.slice(0, dot))}${name.slice(dot)}`
    result = aliases.get(whole) ?? whole
    if (result !== whole && aliases.has(result)) result = canonical(result)
  }
  known.set(name, result)
  return result
}
