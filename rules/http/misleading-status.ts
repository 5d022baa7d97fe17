import { type ErrorAnswer, errorAnswer, functionName, lacksPermission, quote, rule } from "#rule"

export default rule({
  summary: "A refusal whose status says something else than its text",
  why: `
Programs read the status, people the text. 400 says that the request is malformed: the client has a bug, and sending it again
is no use. Someone who lacks a permission is answered 403, and something that exists already, or is in the way, 409; then
a client can tell one from the other without comparing English sentences.
`,
  help: "Answer 403 where somebody may not, and 409 where something exists already",
  concern: "correctness",
  level: "info",
  docs: "https://www.rfc-editor.org/rfc/rfc9110#section-15.5",
  equivalents: [],
  exemptions: [
    "statuses and texts that are not known, and exceptions of the project's own",
    "what tells a caller that their log-in is wrong: that is 401",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        users = {}

        @app.post("/users")
        def create_user(email: str, is_admin: bool = False):
            if not is_admin:
                raise HTTPException(400, "The user doesn't have enough privileges") # expect: \`create_user\` says "The user doesn't have enough privileges" with 400, which 403 is for
            if email in users:
                raise HTTPException(status_code=400, detail="A user with this e-mail already exists") # expect: with 400, which 409 is for
      `,
      good: `
        from fastapi import FastAPI, HTTPException

        app = FastAPI()
        users = {}

        @app.post("/users")
        def create_user(email: str, is_admin: bool = False):
            if not is_admin:
                raise HTTPException(403, "The user doesn't have enough privileges")
            if email in users:
                raise HTTPException(status_code=409, detail="A user with this e-mail already exists")
            if "@" not in email:
                raise HTTPException(status_code=400, detail="An e-mail address has an @")
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.raises) {
      if (event.value?.is !== "external" || !event.value.built) continue
      const answer = errorAnswer(event.value)
      const right = answer && rightStatus(answer)
      if (!answer || right === undefined || fn.role !== "app" || project.reach.running(fn) !== "request") continue
      yield {
        at: event.value.built.at,
        message: `${quote(functionName(fn))} says "${shortened(answer.detail)}" with ${answer.status}, which ${right} is for`,
        routes: project.reach.routesTo(fn),
        scope: fn.id,
        discriminator: answer.detail,
      }
    }
  },
})

const FORBIDDEN =
  /permission denied|access denied|inactive (user|account)|(user|account) (is )?(inactive|disabled|deactivated|suspended|blocked|banned|not active)|(admins?|superusers?) only/i
const CONFLICT =
  /already (exists?|registered|taken|in use|used|signed up)|(exists?|registered|taken) already|is taken|duplicate (e-?mail|user|name|entry|key)|must be unique|not unique/i

/** The status that the text belongs to, where that is another one. A 401 with a challenge asks for another token, one with more scopes. */
function rightStatus({ status, detail, headers }: ErrorAnswer): number | undefined {
  if (status === 401) return headers === undefined && lacksPermission(detail) ? 403 : undefined
  if (status !== 400) return undefined
  return FORBIDDEN.test(detail) || lacksPermission(detail) ? 403 : CONFLICT.test(detail) ? 409 : undefined
}

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim().replaceAll("{}", "…")
  return line.length > 60 ? `${line.slice(0, 57)}…` : line
}
