import { type Project, plural, publicWord, type Route, routeName, rule } from "#rule"

export default rule({
  summary: "A WebSocket that asks nobody who is calling, in an app that otherwise asks",
  why: `
A socket passes by what guards the other routes: middleware for HTTP does not see it, browsers send no \`Authorization\`
header with it, and CORS does not apply. So it is the one that stays open when everything else was closed, and it sends
and takes the same data.
`,
  help: "Ask in a dependency that reads a token from the query, a cookie or the first message, and raises `WebSocketException(1008)`",
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/advanced/websockets/",
  equivalents: [],
  cwe: ["CWE-306", "CWE-1385"],
  exemptions: [
    "apps of which less than half of the routes ask who is calling",
    "sockets whose function reads a token, a cookie or a header, or hands the socket to something that is not known",
    "sockets that are public by their name, and those that never look at anything of the app",
  ],
  examples: [
    {
      bad: `
        from fastapi import Depends, FastAPI, HTTPException, WebSocket
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        @app.get("/orders")
        def read_orders(user: str = Depends(get_user)) -> list[int]:
            return []

        @app.websocket("/orders/live") # expect: \`WEBSOCKET /orders/live\` asks nobody who is calling, and 1 of 1 other route does
        async def live(socket: WebSocket) -> None:
            await socket.accept()
            await socket.send_json([])
      `,
      good: `
        from typing import Annotated
        from fastapi import Depends, FastAPI, HTTPException, Query, WebSocket, WebSocketException
        from fastapi.security import OAuth2PasswordBearer

        app = FastAPI()
        scheme = OAuth2PasswordBearer(tokenUrl="token")

        def get_user(token: str = Depends(scheme)) -> str:
            if token != "expected":
                raise HTTPException(401)
            return token

        def get_socket_user(token: Annotated[str, Query()]) -> str:
            if token != "expected":
                raise WebSocketException(1008)
            return token

        @app.get("/orders")
        def read_orders(user: str = Depends(get_user)) -> list[int]:
            return []

        @app.websocket("/orders/live")
        async def live(socket: WebSocket, user: str = Depends(get_socket_user)) -> None:
            await socket.accept()
            await socket.send_json([user])
      `,
    },
  ],

  *project(project) {
    for (const route of project.routes) {
      if (!isJudged(project, route)) continue
      const others = project.routes.filter(({ app, kind }) => app === route.app && kind === "api")
      const guarded = others.filter(({ auth }) => auth.answer === "yes").length
      if (guarded * 2 < others.length || guarded === 0) continue
      yield {
        at: route.at,
        message: `${routeName(route)} asks nobody who is calling, and ${guarded} of ${plural(others.length, "other route")} ${guarded === 1 ? "does" : "do"}`,
        routes: [route],
        scope: routeName(route).replaceAll("`", ""),
      }
    }
  },
})

const isJudged = (project: Project, { kind, app, maybe, at, endpoint, auth, path }: Route): boolean =>
  kind === "websocket" &&
  app !== undefined &&
  !maybe &&
  auth.answer === "no" &&
  project.role(at.path) === "app" &&
  publicWord(path.known ? path.value : "", endpoint?.name) === undefined
