/**
 * Which exception classes derive from which.
 *
 * Source: https://docs.python.org/3/library/exceptions.html#exception-hierarchy and the libraries themselves;
 * `scripts/check-knowledge.py` compares every line with the classes' real bases.
 */
import { canonical } from "./names.ts"
import { remembered } from "./remembered.ts"

/** Module, bases in that module or with their full name, and the classes that derive from them. */
export const families: readonly (readonly [module: string, bases: string, classes: string])[] = [
  ["builtins", "BaseException", "BaseExceptionGroup Exception GeneratorExit KeyboardInterrupt SystemExit"],
  ["builtins", "BaseExceptionGroup Exception", "ExceptionGroup"],
  [
    "builtins",
    "Exception",
    "ArithmeticError AssertionError AttributeError BufferError EOFError ImportError LookupError MemoryError NameError OSError ReferenceError " +
      "RuntimeError StopAsyncIteration StopIteration SyntaxError SystemError TypeError ValueError Warning",
  ],
  ["builtins", "ArithmeticError", "FloatingPointError OverflowError ZeroDivisionError"],
  ["builtins", "ImportError", "ModuleNotFoundError"],
  ["builtins", "LookupError", "IndexError KeyError"],
  ["builtins", "NameError", "UnboundLocalError"],
  [
    "builtins",
    "OSError",
    "BlockingIOError ChildProcessError ConnectionError FileExistsError FileNotFoundError InterruptedError IsADirectoryError " +
      "NotADirectoryError PermissionError ProcessLookupError TimeoutError",
  ],
  ["builtins", "ConnectionError", "BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError"],
  ["builtins", "RuntimeError", "NotImplementedError RecursionError"],
  ["builtins", "SyntaxError", "IndentationError"],
  ["builtins", "IndentationError", "TabError"],
  ["builtins", "ValueError", "UnicodeError"],
  ["builtins", "UnicodeError", "UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError"],
  [
    "builtins",
    "Warning",
    "BytesWarning DeprecationWarning FutureWarning ImportWarning PendingDeprecationWarning ResourceWarning RuntimeWarning SyntaxWarning UnicodeWarning UserWarning",
  ],
  ["asyncio", "builtins.BaseException", "CancelledError"],
  ["asyncio", "builtins.Exception", "InvalidStateError QueueEmpty QueueFull LimitOverrunError"],
  ["asyncio", "builtins.EOFError", "IncompleteReadError"],
  ["json", "builtins.ValueError", "JSONDecodeError"],
  ["subprocess", "builtins.Exception", "SubprocessError"],
  ["subprocess", "SubprocessError", "CalledProcessError TimeoutExpired"],
  ["urllib.error", "builtins.OSError", "URLError"],
  ["urllib.error", "URLError", "HTTPError ContentTooShortError"],
  ["http.client", "builtins.Exception", "HTTPException"],
  ["socket", "builtins.OSError", "gaierror herror"],
  ["ssl", "builtins.OSError", "SSLError"],
  ["smtplib", "builtins.OSError", "SMTPException"],
  ["smtplib", "SMTPException", "SMTPResponseException SMTPServerDisconnected SMTPRecipientsRefused SMTPNotSupportedError"],
  ["smtplib", "SMTPResponseException", "SMTPAuthenticationError SMTPConnectError SMTPDataError SMTPHeloError SMTPSenderRefused"],
  ["binascii", "builtins.ValueError", "Error"],
  ["queue", "builtins.Exception", "Empty Full"],
  ["zipfile", "builtins.Exception", "BadZipFile LargeZipFile"],
  ["decimal", "decimal.DecimalException", "InvalidOperation"],
  ["decimal", "builtins.ArithmeticError", "DecimalException"],

  ["starlette.exceptions", "builtins.Exception", "HTTPException WebSocketException"],
  ["starlette.websockets", "builtins.Exception", "WebSocketDisconnect"],
  ["fastapi", "starlette.exceptions.HTTPException", "HTTPException"],
  ["fastapi", "starlette.exceptions.WebSocketException", "WebSocketException"],
  ["fastapi.exceptions", "builtins.RuntimeError", "FastAPIError"],
  ["fastapi.exceptions", "builtins.Exception", "ValidationException"],
  ["fastapi.exceptions", "ValidationException", "RequestValidationError ResponseValidationError WebSocketRequestValidationError"],
  ["pydantic", "builtins.ValueError", "ValidationError"],

  ["sqlalchemy.exc", "builtins.Exception", "SQLAlchemyError"],
  ["sqlalchemy.exc", "SQLAlchemyError", "ArgumentError CompileError DisconnectionError InvalidRequestError StatementError TimeoutError"],
  ["sqlalchemy.exc", "StatementError", "DBAPIError"],
  ["sqlalchemy.exc", "DBAPIError", "DatabaseError InterfaceError"],
  ["sqlalchemy.exc", "DatabaseError", "DataError IntegrityError InternalError NotSupportedError OperationalError ProgrammingError"],
  [
    "sqlalchemy.exc",
    "InvalidRequestError",
    "MissingGreenlet MultipleResultsFound NoResultFound PendingRollbackError ResourceClosedError NoSuchTableError",
  ],
  ["psycopg2", "builtins.Exception", "Error"],
  ["psycopg2", "Error", "DatabaseError InterfaceError"],
  ["psycopg2", "DatabaseError", "DataError IntegrityError InternalError NotSupportedError OperationalError ProgrammingError"],
  ["asyncpg.exceptions", "builtins.Exception", "PostgresError InterfaceError"],
  ["asyncpg.exceptions", "PostgresError", "IntegrityConstraintViolationError"],
  [
    "asyncpg.exceptions",
    "IntegrityConstraintViolationError",
    "UniqueViolationError ForeignKeyViolationError NotNullViolationError CheckViolationError",
  ],
  ["pymongo.errors", "builtins.Exception", "PyMongoError"],
  ["pymongo.errors", "PyMongoError", "ConnectionFailure ConfigurationError InvalidOperation OperationFailure"],
  ["pymongo.errors", "OperationFailure", "BulkWriteError WriteError"],
  ["pymongo.errors", "WriteError", "DuplicateKeyError"],
  ["pymongo.errors", "ConnectionFailure", "AutoReconnect"],
  ["pymongo.errors", "AutoReconnect", "NetworkTimeout ServerSelectionTimeoutError"],
  ["redis.exceptions", "builtins.Exception", "RedisError"],
  ["redis.exceptions", "RedisError", "ConnectionError TimeoutError ResponseError DataError WatchError"],
  ["redis.exceptions", "ConnectionError", "AuthenticationError"],

  ["requests.exceptions", "builtins.OSError", "RequestException"],
  [
    "requests.exceptions",
    "RequestException",
    "ChunkedEncodingError ConnectionError HTTPError InvalidJSONError RetryError Timeout TooManyRedirects",
  ],
  ["requests.exceptions", "RequestException builtins.ValueError", "InvalidHeader InvalidSchema InvalidURL MissingSchema"],
  ["requests.exceptions", "ConnectionError", "ProxyError SSLError"],
  ["requests.exceptions", "ConnectionError Timeout", "ConnectTimeout"],
  ["requests.exceptions", "Timeout", "ReadTimeout"],
  ["requests.exceptions", "InvalidJSONError json.JSONDecodeError", "JSONDecodeError"],
  ["httpx", "builtins.Exception", "HTTPError InvalidURL"],
  ["httpx", "HTTPError", "HTTPStatusError RequestError"],
  ["httpx", "RequestError", "TransportError DecodingError TooManyRedirects"],
  ["httpx", "TransportError", "NetworkError ProtocolError ProxyError TimeoutException UnsupportedProtocol"],
  ["httpx", "NetworkError", "CloseError ConnectError ReadError WriteError"],
  ["httpx", "TimeoutException", "ConnectTimeout PoolTimeout ReadTimeout WriteTimeout"],
  ["httpx", "ProtocolError", "LocalProtocolError RemoteProtocolError"],
  ["aiohttp", "builtins.Exception", "ClientError"],
  ["aiohttp", "ClientError", "ClientConnectionError ClientPayloadError ClientResponseError"],
  ["aiohttp", "ClientResponseError", "ContentTypeError TooManyRedirects"],
  ["jwt", "builtins.Exception", "PyJWTError"],
  ["jwt", "PyJWTError", "InvalidTokenError InvalidKeyError PyJWKClientError"],
  [
    "jwt",
    "InvalidTokenError",
    "DecodeError ExpiredSignatureError ImmatureSignatureError InvalidAlgorithmError InvalidAudienceError InvalidIssuedAtError InvalidIssuerError MissingRequiredClaimError",
  ],
  ["jwt", "DecodeError", "InvalidSignatureError"],
  ["jose", "builtins.Exception", "JOSEError"],
  ["jose", "JOSEError", "JWSError JWTError"],
  ["jose", "JWTError", "ExpiredSignatureError"],
  ["itsdangerous", "builtins.Exception", "BadData"],
  ["itsdangerous", "BadData", "BadSignature BadPayload"],
  ["botocore.exceptions", "builtins.Exception", "BotoCoreError ClientError"],
  ["botocore.exceptions", "BotoCoreError", "NoCredentialsError ParamValidationError ConnectionError HTTPClientError"],
  ["openai", "builtins.Exception", "OpenAIError"],
  ["openai", "OpenAIError", "APIError"],
  ["openai", "APIError", "APIConnectionError APIStatusError"],
  [
    "openai",
    "APIStatusError",
    "AuthenticationError BadRequestError ConflictError InternalServerError NotFoundError PermissionDeniedError RateLimitError",
  ],
  ["openai", "APIConnectionError", "APITimeoutError"],
  ["celery.exceptions", "builtins.Exception", "CeleryError"],
  ["celery.exceptions", "CeleryError", "TaskError"],
  ["celery.exceptions", "TaskError", "TimeoutError MaxRetriesExceededError"],
]

const parents = new Map<string, string[]>([["builtins.BaseException", []]])
for (const [module, bases, classes] of families) {
  const full = bases.split(" ").map((base) => (base.includes(".") ? base : `${module}.${base}`))
  for (const name of classes.split(" ")) parents.set(`${module}.${name}`, full)
}

/** The direct bases of an exception class, by qualified name: `builtins.KeyError`. Undefined for one not known. */
export function exceptionBases(name: string): readonly string[] | undefined {
  return parents.get(canonical(name))
}

/**
 * Is `name` the class `other` or derived from it? Undefined where the family of `name` is not known;
 * classes of a project are the caller's to follow up to the first library class.
 */
export function isSubclass(name: string, other: string): boolean | undefined {
  const start = canonical(name)
  const goal = canonical(other)
  if (start === goal) return true
  const bases = parents.get(start)
  if (!bases) return undefined
  let answer: boolean | undefined = false
  for (const base of bases) {
    const above = isSubclass(base, goal)
    if (above) return true
    if (above === undefined) answer = undefined
  }
  return answer
}

/** Does `except <handler>` catch an exception of this class? A bare `except` is `builtins.BaseException`. */
export const catches = (handler: string, raised: string): boolean | undefined => isSubclass(raised, handler)

/** Is it Starlette's HTTPException or FastAPI's, which the framework turns into the answer it names? */
export const isHTTPException = remembered((name) => isSubclass(name, "starlette.exceptions.HTTPException") === true)

/** Classes named HTTPException that the framework does not know: raising one is a 500. */
export const foreignHTTPExceptions: readonly string[] = [
  "http.client.HTTPException",
  "werkzeug.exceptions.HTTPException",
  "aiohttp.web.HTTPException",
  "urllib.error.HTTPError",
]
