/**
 * Library classes that are another library class with something added: what is known of the base holds for them.
 * Source: the packages themselves; `scripts/check-knowledge.py` asks `issubclass`.
 */
import { canonical } from "./names.ts"
import { remembered } from "./remembered.ts"
import { spell } from "./table.ts"

export const derived: readonly (readonly [classes: string, base: string])[] = [
  ["fastapi.FastAPI", "starlette.applications.Starlette"],
  ["fastapi.APIRouter", "starlette.routing.Router"],
  ["fastapi.routing.APIRoute", "starlette.routing.Route"],
  ["fastapi.routing.APIWebSocketRoute", "starlette.routing.WebSocketRoute"],
  ["fastapi.UploadFile", "starlette.datastructures.UploadFile"],
  ["fastapi.BackgroundTasks", "starlette.background.BackgroundTasks"],
  ["starlette.background.BackgroundTasks", "starlette.background.BackgroundTask"],
  ["starlette.requests.Request", "starlette.requests.HTTPConnection"],
  ["starlette.websockets.WebSocket", "starlette.requests.HTTPConnection"],
  [
    "starlette.responses.{HTMLResponse,JSONResponse,PlainTextResponse,RedirectResponse,StreamingResponse,FileResponse}",
    "starlette.responses.Response",
  ],
  ["fastapi.responses.{ORJSONResponse,UJSONResponse}", "starlette.responses.JSONResponse"],
  ["fastapi.sse.EventSourceResponse", "starlette.responses.StreamingResponse"],
  ["sse_starlette.EventSourceResponse", "starlette.responses.Response"],
  ["starlette.templating._TemplateResponse", "starlette.responses.HTMLResponse"],
  ["sqlmodel.Session", "sqlalchemy.orm.Session"],
  // Not a subclass, but it hands every method on to a session.
  ["sqlalchemy.orm.scoped_session", "sqlalchemy.orm.Session"],
  ["sqlalchemy.ext.asyncio.async_scoped_session", "sqlalchemy.ext.asyncio.AsyncSession"],
  ["sqlmodel.ext.asyncio.session.AsyncSession", "sqlalchemy.ext.asyncio.AsyncSession"],
  ["sqlmodel.SQLModel", "pydantic.BaseModel"],
  ["pydantic.RootModel", "pydantic.BaseModel"],
  ["pydantic_settings.BaseSettings", "pydantic.BaseModel"],
  ["fastapi_users.schemas.{BaseUser,BaseUserCreate,BaseUserUpdate}", "pydantic.BaseModel"],
  ["pathlib.{PosixPath,WindowsPath}", "pathlib.Path"],
  ["pathlib.Path", "pathlib.PurePath"],
  ["psycopg2.extras.{DictCursor,RealDictCursor,NamedTupleCursor}", "psycopg2.extensions.cursor"],
  ["openai.AzureOpenAI", "openai.OpenAI"],
  ["openai.AsyncAzureOpenAI", "openai.AsyncOpenAI"],
  ["requests_oauthlib.OAuth2Session", "requests.Session"],
  ["authlib.integrations.requests_client.OAuth2Session", "requests.Session"],
  ["authlib.integrations.httpx_client.OAuth2Client", "httpx.Client"],
  ["authlib.integrations.httpx_client.AsyncOAuth2Client", "httpx.AsyncClient"],
  ["peewee.{SqliteDatabase,PostgresqlDatabase,MySQLDatabase}", "peewee.Database"],
  ["playhouse.sqlite_ext.{SqliteExtDatabase,CSqliteExtDatabase}", "peewee.SqliteDatabase"],
  ["playhouse.sqliteq.SqliteQueueDatabase", "playhouse.sqlite_ext.SqliteExtDatabase"],
  ["playhouse.pool.{PooledDatabase,PooledSqliteDatabase,PooledPostgresqlDatabase,PooledMySQLDatabase}", "peewee.Database"],
  ["playhouse.postgres_ext.PostgresqlExtDatabase", "peewee.PostgresqlDatabase"],
  ["smtplib.SMTP_SSL", "smtplib.SMTP"],
  ["http.client.HTTPSConnection", "http.client.HTTPConnection"],
  ["ftplib.FTP_TLS", "ftplib.FTP"],
  ["imaplib.IMAP4_SSL", "imaplib.IMAP4"],
]

const bases = new Map<string, string>()
for (const [classes, base] of derived) for (const name of spell(classes)) bases.set(name, base)

/** The library class that this library class derives from, where it is known. Both are class names, without `()`. */
export function baseOf(name: string): string | undefined {
  return bases.get(canonical(name))
}

/** A class and the classes it derives from, nearest first. */
export const lineage = remembered((name): readonly string[] => {
  const line: string[] = []
  for (let next: string | undefined = canonical(name); next !== undefined && !line.includes(next); next = bases.get(next)) line.push(next)
  return line
})
