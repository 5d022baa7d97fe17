import { describe, expect, test } from "vitest"
import { baseOf, lineage } from "../../src/knowledge/bases.ts"
import { canonical, homes } from "../../src/knowledge/names.ts"
import { itemOf, resultOf, results, settle } from "../../src/knowledge/results.ts"
import { spell } from "../../src/knowledge/table.ts"

describe("one name for one thing", () => {
  test.each([
    ["fastapi.routing.APIRouter", "fastapi.APIRouter"],
    ["fastapi.routing.APIRouter().get", "fastapi.APIRouter().get"],
    ["fastapi.applications.FastAPI().include_router", "fastapi.FastAPI().include_router"],
    ["fastapi.params.Depends", "fastapi.Depends"],
    ["fastapi.param_functions.Query", "fastapi.Query"],
    ["fastapi.exceptions.HTTPException", "fastapi.HTTPException"],
    ["starlette.exceptions.HTTPException", "starlette.exceptions.HTTPException"],
    ["fastapi.responses.JSONResponse", "starlette.responses.JSONResponse"],
    ["fastapi.Request().headers", "starlette.requests.Request().headers"],
    ["fastapi.responses.ORJSONResponse", "fastapi.responses.ORJSONResponse"],
    ["fastapi.responses.EventSourceResponse", "fastapi.sse.EventSourceResponse"],
    ["fastapi.status.HTTP_201_CREATED", "starlette.status.HTTP_201_CREATED"],
    ["fastapi.concurrency.run_in_threadpool", "starlette.concurrency.run_in_threadpool"],
    ["fastapi.middleware.cors.CORSMiddleware", "starlette.middleware.cors.CORSMiddleware"],
    ["fastapi.security.oauth2.OAuth2PasswordBearer", "fastapi.security.OAuth2PasswordBearer"],
    ["pydantic.main.BaseModel", "pydantic.BaseModel"],
    ["sqlmodel.Session", "sqlmodel.Session"],
    ["sqlmodel.create_engine", "sqlalchemy.create_engine"],
    ["sqlalchemy.ext.asyncio.session.AsyncSession", "sqlalchemy.ext.asyncio.AsyncSession"],
    ["sqlalchemy.ext.declarative.declarative_base", "sqlalchemy.orm.declarative_base"],
    ["typing_extensions.Annotated", "typing.Annotated"],
    ["typing_extensions.Iterable", "collections.abc.Iterable"],
    ["typing.Sequence", "collections.abc.Sequence"],
    ["typing.List", "builtins.list"],
    ["posixpath.join", "os.path.join"],
    ["redis.StrictRedis", "redis.Redis"],
    ["openai.Client().chat", "openai.OpenAI().chat"],
    ["jwt.exceptions.PyJWTError", "jwt.PyJWTError"],
    ["jose.jwt.decode", "jose.jwt.decode"],
    ["pathlib.Path", "pathlib.Path"],
    ["fastapi.Path", "fastapi.Path"],
    ["shop.routing.APIRouter", "shop.routing.APIRouter"],
    ["myfastapi.params.Depends", "myfastapi.params.Depends"],
  ])("%s is %s", (name, expected) => {
    expect(canonical(name)).toBe(expected)
  })

  test("a home is at home", () => {
    const homeless = homes.flatMap(([home, , names]) =>
      names
        .split(" ")
        .map((name) => (name === "*" ? home : `${home}.${name.split(">").at(-1)}`))
        .filter((name) => canonical(name) !== name),
    )
    expect(homeless).toEqual([])
  })
})

describe("what a call gives", () => {
  test.each([
    ["sqlalchemy.orm.sessionmaker()()", "sqlalchemy.orm.Session()"],
    ["sqlalchemy.orm.session.sessionmaker()()", "sqlalchemy.orm.Session()"],
    ["sqlalchemy.orm.sessionmaker().begin()", "sqlalchemy.orm.Session()"],
    ["sqlalchemy.orm.scoped_session()()", "sqlalchemy.orm.Session()"],
    ["sqlalchemy.ext.asyncio.async_sessionmaker()()", "sqlalchemy.ext.asyncio.AsyncSession()"],
    ["sqlalchemy.orm.Session().query().join().filter().order_by()", "sqlalchemy.orm.Query()"],
    ["sqlmodel.Session().query()", "sqlalchemy.orm.Query()"],
    ["sqlmodel.Session().exec()", "sqlalchemy.ScalarResult()"],
    ["sqlalchemy.create_engine().connect()", "sqlalchemy.Connection()"],
    ["sqlalchemy.select().where().limit()", "sqlalchemy.Select()"],
    ["requests.get()", "requests.Response()"],
    ["requests.sessions.Session().post()", "requests.Response()"],
    ["httpx.AsyncClient().get()", "httpx.Response()"],
    ["io.open()", undefined],
    ["pathlib.Path().parent.joinpath().open()", "builtins.open()"],
    ["redis.from_url().pipeline()", "redis.client.Pipeline()"],
    ["redis.asyncio.from_url()", "redis.asyncio.Redis()"],
    ["pymongo.MongoClient().shop", "pymongo.database.Database()"],
    ["pymongo.MongoClient().shop.orders", "pymongo.collection.Collection()"],
    ["pymongo.MongoClient().get_database().orders.find().sort()", "pymongo.cursor.Cursor()"],
    ["pymongo.MongoClient().close()", undefined],
    ["boto3.Session().client()", "boto3.client()"],
    ["psycopg2.connect().cursor()", "psycopg2.extensions.cursor()"],
    ["asyncio.get_running_loop()", "asyncio.AbstractEventLoop()"],
    ["docker.from_env()", "docker.DockerClient()"],
    ["sqlalchemy.orm.Query().first()", undefined],
    ["shop.db.get_session()", undefined],
    ["motor.motor_asyncio.AsyncIOMotorClient().shop", undefined],
  ])("%s gives %s", (name, expected) => {
    expect(resultOf(name)).toBe(expected)
  })

  test("subscripts of a Mongo client", () => {
    expect(itemOf("pymongo.mongo_client.MongoClient()")).toBe("pymongo.database.Database()")
    expect(itemOf("pymongo.MongoClient().shop")).toBe("pymongo.collection.Collection()")
    expect(itemOf("redis.Redis()")).toBeUndefined()
  })

  test("what is settled stays settled", () => {
    const given = results.map(([, result]) => result).filter((result) => result !== "")
    expect(given.filter((name) => settle(name) !== name)).toEqual([])
  })
})

test("library classes and their bases", () => {
  expect(baseOf("sqlmodel.orm.session.Session")).toBe("sqlalchemy.orm.Session")
  expect(baseOf("fastapi.BackgroundTasks")).toBe("starlette.background.BackgroundTasks")
  expect(baseOf("shop.Session")).toBeUndefined()
  expect(lineage("fastapi.responses.ORJSONResponse")).toEqual([
    "fastapi.responses.ORJSONResponse",
    "starlette.responses.JSONResponse",
    "starlette.responses.Response",
  ])
})

test("patterns are spelt out", () => {
  expect(spell("a.{b,c}().{d,e}")).toEqual(["a.b().d", "a.b().e", "a.c().d", "a.c().e"])
  expect(spell("plain.name")).toEqual(["plain.name"])
})
