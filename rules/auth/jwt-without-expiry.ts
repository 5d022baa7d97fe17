import {
  argument,
  type CallEvent,
  type Finding,
  type Fn,
  knownText,
  type Mapping,
  options,
  quote,
  rule,
  shortName,
  tokenWriter,
} from "#rule"

export default rule({
  summary: "A token that never expires",
  why: `
A signed token is believed until it expires, and nothing in it can be taken back. One without \`exp\` that leaks once, from
a log, a browser or a former employee's machine, opens the door until the signing key is changed for everybody.
`,
  help: 'Add `"exp": datetime.now(UTC) + timedelta(minutes=30)` to the claims; decoders check it by themselves',
  concern: "security",
  level: "warning",
  docs: "https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/",
  equivalents: [],
  cwe: ["CWE-613"],
  exemptions: ["claims of which not all is known: a function, a model or a parameter gives them", "tests and scripts"],
  examples: [
    {
      bad: `
        import jwt

        def make_token(user_id: int, key: str) -> str:
            return jwt.encode({"sub": str(user_id)}, key, algorithm="HS256") # expect: \`jwt.encode\` is given claims without \`exp\`
      `,
      good: `
        from datetime import UTC, datetime, timedelta
        import jwt

        def make_token(user_id: int, key: str) -> str:
            claims = {"sub": str(user_id)}
            claims.update({"exp": datetime.now(UTC) + timedelta(minutes=30)})
            return jwt.encode(claims, key, algorithm="HS256")

        def sign(claims: dict, key: str) -> str:
            return jwt.encode(claims, key, algorithm="HS256")
      `,
    },
  ],

  *project(project) {
    for (const { in: fn, event } of project.bodies.callsOf(tokenWriter)) if (fn.role === "app") yield* judge(fn, event)
  },
})

function* judge(fn: Fn, event: CallEvent): Generator<Finding> {
  const writer = event.name === undefined ? undefined : tokenWriter(event.name)
  const claims = writer && argument(event, writer.claims, writer.keyword)
  if (!claims || !options(claims).every(isEndless) || event.name === undefined) return
  // Claims that the body goes on filling are not judged by how they began.
  if (fn.events.some((other) => other.is === "call" && other !== event && /\.(?:update|setdefault|__setitem__)$/.test(other.name ?? "")))
    return
  yield {
    at: event.at,
    message: `${quote(shortName(event.name))} is given claims without ${quote("exp")}`,
    scope: fn.id,
    discriminator: event.name,
  }
}

/** All its keys are known, and none of them says when it ends. */
const isEndless = (claims: unknown): boolean => {
  const mapping = claims as Mapping
  return (
    mapping.is === "mapping" &&
    !mapping.open &&
    mapping.entries.length > 0 &&
    mapping.entries.every(([key]) => {
      const name = knownText(key)
      return name !== undefined && name !== "exp"
    })
  )
}
