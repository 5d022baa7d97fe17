import { describe, expect, test } from "vitest"
import { coroutines, isCoroutine } from "../../src/knowledge/awaitables.ts"
import { blocking, blockingGroups, waits } from "../../src/knowledge/blocking.ts"
import { isTaskDecorator, offload, offloads } from "../../src/knowledge/offloads.ts"
import { spell } from "../../src/knowledge/table.ts"

const written = (patterns: readonly string[]) => patterns.flatMap(spell).filter((name) => !name.includes("*"))

describe("what blocks", () => {
  test.each([
    ["time.sleep", "sleep"],
    ["requests.get", "http"],
    ["requests.api.post", "http"],
    ["requests.Session().get", "http"],
    ["requests_oauthlib.OAuth2Session().get", "http"],
    ["httpx.get", "http"],
    ["httpx.Client().post", "http"],
    ["urllib.request.urlopen", "http"],
    ["subprocess.run", "subprocess"],
    ["subprocess.Popen().communicate", "subprocess"],
    ["socket.create_connection().recv", "socket"],
    ["smtplib.SMTP_SSL().send_message", "mail"],
    ["sqlalchemy.orm.Session().execute", "database"],
    ["sqlalchemy.orm.sessionmaker()().commit", "database"],
    ["sqlalchemy.orm.scoped_session().commit", "database"],
    ["sqlalchemy.orm.Session().query().filter().filter_by().first", "database"],
    ["sqlmodel.Session().exec", "database"],
    ["sqlmodel.Session().refresh", "database"],
    ["sqlalchemy.create_engine().connect", "database"],
    ["sqlalchemy.engine.create_engine().begin().execute", "database"],
    ["psycopg2.connect", "database"],
    ["psycopg2.connect().cursor().execute", "database"],
    ["sqlite3.connect().execute().fetchall", "database"],
    ["pymongo.MongoClient().shop.orders.find_one", "database"],
    ["pymongo.MongoClient().shop.orders.find().limit().__iter__", "database"],
    ["redis.from_url().get", "cache"],
    ["redis.StrictRedis().hset", "cache"],
    ["redis.Redis().pipeline().execute", "cache"],
    ["boto3.client().put_object", "cloud"],
    ["boto3.Session().client().invoke", "cloud"],
    ["google.cloud.storage.Client().bucket().blob().upload_from_string", "cloud"],
    ["minio.Minio().put_object", "cloud"],
    ["docker.from_env().containers.run", "cloud"],
    ["kubernetes.client.CoreV1Api().list_namespaced_pod", "cloud"],
    ["openai.OpenAI().chat.completions.create", "ai"],
    ["openai.AzureOpenAI().embeddings.create", "ai"],
    ["anthropic.Anthropic().messages.create", "ai"],
    ["langchain_openai.ChatOpenAI().bind_tools().invoke", "ai"],
    ["stripe.checkout.Session.create", "service"],
    ["twilio.rest.Client().messages.create", "service"],
    ["slack_sdk.web.WebClient().chat_postMessage", "service"],
    ["elasticsearch.Elasticsearch().indices.create", "search"],
    ["celery.Celery().send_task().get", "queue"],
    ["concurrent.futures.ThreadPoolExecutor().submit().result", "wait"],
    ["queue.Queue().get", "wait"],
    ["asyncio.run", "loop"],
    ["asyncio.get_event_loop().run_until_complete", "loop"],
    ["builtins.open", "file"],
    ["io.open", "file"],
    ["builtins.open().read", "file"],
    ["pathlib.Path().parent.read_text", "file"],
    ["fastapi.UploadFile().file.read", "file"],
    ["shutil.copyfileobj", "file"],
    ["zipfile.ZipFile().extractall", "archive"],
    ["bcrypt.hashpw", "cpu"],
    ["passlib.context.CryptContext().verify", "cpu"],
    ["pandas.read_csv", "cpu"],
    ["PIL.Image.open().resize", "cpu"],
    ["peewee.Model.get_or_none", "database"],
    ["peewee.Model.select().where().order_by().first", "database"],
    ["mongoengine.Document.objects().order_by().first", "database"],
    ["pynamodb.models.Model.query().__iter__", "database"],
    ["pg8000.connect().cursor().execute", "database"],
    ["imap_tools.MailBox().login", "mail"],
    ["pinecone.Pinecone().Index().query", "search"],
    ["chromadb.HttpClient().get_collection().query", "search"],
    ["azure.servicebus.ServiceBusClient().get_queue_sender().send_messages", "cloud"],
    ["polars.scan_csv().filter().collect", "cpu"],
  ])("%s: %s", (name, kind) => {
    expect(blocking(name)).toMatchObject({ kind, certain: true })
  })

  test.each([
    "os.path.exists",
    "pathlib.Path().exists",
    "pathlib.Path().parent.mkdir",
    "threading.Lock().acquire",
    "sqlalchemy.orm.Session().close",
    "boto3.client",
    "boto3.client().generate_presigned_url",
    "celery.Celery().task().delay",
  ])("%s is cheap", (name) => {
    expect(blocking(name)?.certain).toBe(false)
  })

  test.each([
    // Asynchronous twins.
    "httpx.AsyncClient().get",
    "aiohttp.ClientSession().get",
    "sqlalchemy.ext.asyncio.AsyncSession().execute",
    "sqlalchemy.ext.asyncio.async_sessionmaker()().commit",
    "sqlmodel.ext.asyncio.session.AsyncSession().exec",
    "redis.asyncio.Redis().get",
    "redis.asyncio.from_url().set",
    "pymongo.AsyncMongoClient().shop.orders.find_one",
    "motor.motor_asyncio.AsyncIOMotorClient().shop.orders.find_one",
    "asyncpg.connect().fetch",
    "aiosqlite.connect().execute",
    "aiofiles.open().read",
    "anyio.Path().read_text",
    "openai.AsyncOpenAI().chat.completions.create",
    "anthropic.AsyncAnthropic().messages.create",
    "elasticsearch.AsyncElasticsearch().search",
    "aioboto3.Session().client().put_object",
    "kubernetes_asyncio.client.CoreV1Api().list_namespaced_pod",
    "stripe.Customer.create_async",
    "asyncio.sleep",
    "fastapi.UploadFile().read",
    // No waiting.
    "sqlalchemy.orm.Session().add",
    "sqlalchemy.orm.Session().add_all",
    "sqlalchemy.orm.Session().expunge",
    "sqlalchemy.orm.Session().query().filter",
    "sqlalchemy.create_engine",
    "sqlalchemy.orm.sessionmaker",
    "sqlalchemy.select().where",
    "requests.Session",
    "requests.get().json",
    "httpx.Client",
    "boto3.client().get_paginator",
    "pymongo.MongoClient",
    "pymongo.MongoClient().shop.orders.find",
    "redis.Redis",
    "redis.Redis().pipeline",
    "redis.Redis().lock",
    "redis.Redis().pipeline().set",
    "stripe.Webhook.construct_event",
    "hashlib.sha256",
    "os.path.join",
    "pathlib.Path().with_suffix",
    "pathlib.Path",
    "openai.OpenAI",
    "starlette.testclient.TestClient().get",
    // Names of a project.
    "shop.client.get",
    "shop.requests.get",
    "client.execute",
    "get",
    "",
  ])("%s does not", (name) => {
    expect(blocking(name)).toBeUndefined()
  })

  test("every name that is written is found", () => {
    expect(written(blockingGroups.flatMap((group) => group.names)).filter((name) => !blocking(name))).toEqual([])
  })

  test("nothing that is a coroutine is said to block", () => {
    expect(written(coroutines).filter((name) => blocking(name))).toEqual([])
  })

  test("an argument may make a call return at once", () => {
    expect(blocking("queue.Queue().get")?.unless).toEqual({ keyword: "block", position: 0, is: false })
    expect(blocking("time.sleep")?.unless).toBeUndefined()
  })

  test("an upload's file has its own replacement", () => {
    expect(blocking("fastapi.UploadFile().file.read")?.instead).toBe("await upload.read()")
  })

  test("every group says what to do and where it is written", () => {
    for (const { instead, source } of blockingGroups) {
      expect(instead).toMatch(/^\S.*\S$/)
      expect(source).toMatch(/^https?:\/\/\S+$/)
    }
  })

  test("files, archives and the processor are work, not waiting", () => {
    expect([waits("http"), waits("wait"), waits("file"), waits("cpu")]).toEqual([true, true, false, false])
  })
})

describe("what is awaited", () => {
  test.each([
    "asyncio.sleep",
    "httpx.AsyncClient().post",
    "sqlalchemy.ext.asyncio.async_sessionmaker()().commit",
    "fastapi.UploadFile().read",
    "fastapi.Request().json",
  ])("%s gives a coroutine", (name) => {
    expect(isCoroutine(name)).toBe(true)
  })

  test.each([
    "sqlalchemy.ext.asyncio.AsyncSession().add",
    "sqlalchemy.ext.asyncio.AsyncSession().begin",
    "httpx.AsyncClient().stream",
    "requests.get",
    "shop.fetch",
  ])("%s does not", (name) => {
    expect(isCoroutine(name)).toBe(false)
  })

  test("every name that is written is found", () => {
    expect(written(coroutines).filter((name) => !isCoroutine(name))).toEqual([])
  })
})

describe("what leaves the event loop", () => {
  test.each([
    ["fastapi.concurrency.run_in_threadpool", "thread", 0],
    ["asyncio.to_thread", "thread", 0],
    ["anyio.to_thread.run_sync", "thread", 0],
    ["asyncio.get_running_loop().run_in_executor", "thread", 1],
    ["asyncio.get_event_loop().run_in_executor", "thread", 1],
    ["asgiref.sync.sync_to_async", "wrapped", 0],
    ["concurrent.futures.ThreadPoolExecutor().submit", "thread", 0],
    ["concurrent.futures.ProcessPoolExecutor().submit", "process", 0],
    ["threading.Thread", "thread", 1],
    ["fastapi.BackgroundTasks().add_task", "task", 0],
    ["starlette.background.BackgroundTask", "task", 0],
    ["sqlalchemy.ext.asyncio.create_async_engine().begin().run_sync", "greenlet", 0],
    ["sqlmodel.ext.asyncio.session.AsyncSession().run_sync", "greenlet", 0],
    ["celery.shared_task().delay", "worker", "self"],
  ])("%s: %s, function %s", (name, to, callable) => {
    expect(offload(name)).toMatchObject({ to, callable })
  })

  test.each(["asyncio.gather", "asyncio.create_task", "functools.partial", "shop.pool.submit", "run"])("%s does not", (name) => {
    expect(offload(name)).toBeUndefined()
  })

  test("every name that is written is found", () => {
    expect(written(offloads.map(([name]) => name)).filter((name) => !offload(name))).toEqual([])
  })

  test("decorators of task queues", () => {
    expect(isTaskDecorator("celery.app.base.Celery().task()")).toBe(true)
    expect(isTaskDecorator("celery.shared_task")).toBe(true)
    expect(isTaskDecorator("shop.task")).toBe(false)
  })
})
