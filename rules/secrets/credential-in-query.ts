import { type Finding, type Param, quote, routeName, rule, secretKind } from "#rule"

export default rule({
  summary: "A password or key that clients send in the address",
  why: `
An address is written down wherever a request passes: in the logs of servers and proxies, in browser histories, in
\`Referer\` headers. A simple parameter of a \`POST\` route is read from the query by FastAPI, so this happens without anyone
having meant it.
`,
  help: "Take it in the body (`Annotated[str, Body()]`, a form, a model) or in a header",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/body-multiple-params/#singular-values-in-body",
  equivalents: [],
  cwe: ["CWE-598"],
  optIn: true,
  exemptions: [
    "tokens that are made for a link: resetting, verifying, inviting, unsubscribing; those of WebSockets and of OAuth callbacks",
    "`APIKeyQuery`, which says openly that the key is in the address",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/login")
        def log_in(name: str, password: str) -> None: # expect: \`POST /login\` takes \`password\` from the address
            print(name, len(password))
      `,
      good: `
        from typing import Annotated
        from fastapi import Body, FastAPI

        app = FastAPI()

        @app.post("/login")
        def log_in(name: Annotated[str, Body()], password: Annotated[str, Body()]) -> None:
            print(name, len(password))

        @app.get("/verify")
        def verify(token: str) -> None:
            print(len(token))
      `,
    },
  ],

  *project(project) {
    const told = new Set<string>()
    for (const route of project.routes) {
      if (route.kind !== "api" || !route.app || project.role(route.at.path) !== "app") continue
      const words = `${route.path.known ? route.path.value : ""} ${route.endpoint?.name}`
      // FastAPI's own login form, whatever the version makes of its fields.
      const hasLoginForm = route.dependencies.some(({ name }) => /OAuth2PasswordRequestForm/.test(name ?? ""))
      for (const param of route.params) {
        if (hasLoginForm && /^(?:password|client_secret)$/.test(param.name)) continue
        const key = `${param.at.path}:${param.at.start}`
        if (told.has(key) || !isSecret(param) || (!isPassword(param) && LINK.test(words))) continue
        told.add(key)
        yield {
          at: param.at,
          message: `${routeName(route)} takes ${quote(param.wireName)} from the address, which is logged on its way`,
          routes: [route],
          scope: param.declaredBy.id,
          discriminator: param.name,
        } satisfies Finding
      }
    }
  },
})

const LINK = /reset|verif|confirm|activat|invit|unsubscribe|callback|magic|oauth|sso|share|download|webhook/i

const isPassword = ({ name }: Param): boolean => secretKind(name) === "password"

/** `token` alone is too many things. */
const isSecret = (param: Param): boolean =>
  param.in === "query" &&
  secretKind(param.name) !== undefined &&
  !/^(?:token|key|secret)$/i.test(param.name) &&
  /\bstr\b|Secret/.test(param.type.text)
