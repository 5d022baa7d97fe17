import { type CallEvent, type Finding, type Fn, type Project, quote, rule, shortName } from "#rule"

export default rule({
  summary: "A test client that is used as in older versions",
  why: `
Starlette's \`TestClient\` was built on \`requests\` once and is built on \`httpx\` now, and httpx dropped what it had taken:
\`AsyncClient(app=app)\` raises since 0.28, \`get\`, \`delete\`, \`head\` and \`options\` take no body, and redirects are followed by
another name. Such a test fails before it tests anything.
`,
  help: 'Write it as httpx has it: `transport=ASGITransport(app=app)`, `client.request("DELETE", url, json=...)`, `follow_redirects=`',
  concern: "correctness",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/async-tests/",
  equivalents: ["S8405"],
  exemptions: [
    "projects that pin httpx before 0.28, or allow it (for `app=`)",
    "calls of `requests`, which takes a body with every method",
    "clients of which the class is not known",
  ],
  examples: [
    {
      bad: `
        # file: tests/test_items.py
        from fastapi import FastAPI
        from fastapi.testclient import TestClient
        from httpx import AsyncClient

        app = FastAPI()

        async def test_items():
            async with AsyncClient(app=app, base_url="http://test") as client: # expect: \`AsyncClient\` takes no \`app\` since httpx 0.28
                assert (await client.get("/items")).status_code == 404

        def test_delete():
            client = TestClient(app)
            assert client.delete("/items", json=[1, 2]).status_code == 404 # expect: \`delete\` of a test client takes no \`json\`
            assert client.get("/items", allow_redirects=False).status_code == 404 # expect: \`allow_redirects\` is \`follow_redirects\` in httpx
      `,
      good: `
        # file: tests/test_items.py
        from fastapi import FastAPI
        from fastapi.testclient import TestClient
        from httpx import ASGITransport, AsyncClient

        app = FastAPI()

        async def test_items():
            async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
                assert (await client.get("/items")).status_code == 404

        def test_delete():
            client = TestClient(app)
            assert client.request("DELETE", "/items", json=[1, 2]).status_code == 404
            assert client.get("/items", follow_redirects=False).status_code == 404
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.callsOf((name) => ASYNC_CLIENT.test(name) || CLIENT.test(name))) {
      const said = fn.role === "test" ? judge(project, event) : undefined
      if (said) yield finding(fn, event, said)
    }
    for (const call of project.calls)
      if (
        project.versions.atLeast("httpx", "0.28") &&
        call.name === "httpx.AsyncClient" &&
        call.keywords.has("app") &&
        project.role(call.at.path) === "test"
      )
        yield { at: call.at, message: WITHOUT_APP, level: "error", scope: call.at.path, discriminator: "app" }
  },
})

const finding = (fn: Fn, event: CallEvent, { message, level }: Said): Finding => ({
  at: event.at,
  message,
  ...(level && { level }),
  scope: fn.id,
  discriminator: message,
})

interface Said {
  message: string
  level?: "error"
}

const WITHOUT_APP = `${quote("AsyncClient")} takes no ${quote("app")} since httpx 0.28`

const ASYNC_CLIENT = /^httpx\.AsyncClient(?:\(\)\.__init__)?$/
const CLIENT = /^(?:starlette\.testclient\.TestClient|httpx\.(?:Async)?Client)\(\)\.(\w+)$/
const BODIES = ["json", "data", "content", "files"]

function judge({ versions }: Project, { name, keywords }: CallEvent): Said | undefined {
  if (name === undefined) return undefined
  if (ASYNC_CLIENT.test(name) && keywords.has("app") && versions.atLeast("httpx", "0.28")) return { message: WITHOUT_APP, level: "error" }
  const verb = CLIENT.exec(name)?.[1]
  if (verb === undefined) return undefined
  const body = /^(?:get|delete|head|options)$/.test(verb) ? BODIES.find((word) => keywords.has(word)) : undefined
  if (body) return { message: `${quote(verb)} of a test client takes no ${quote(body)}: it raises a TypeError`, level: "error" }
  return keywords.has("allow_redirects")
    ? { message: `${quote("allow_redirects")} is ${quote("follow_redirects")} in httpx (${shortName(name)})` }
    : undefined
}
