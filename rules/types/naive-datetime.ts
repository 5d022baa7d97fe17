import { type Expr, type Finding, gathered, type Node, type PyFile, quote, rule } from "#rule"

export default rule({
  summary: "A moment in time without a time zone",
  why: `
\`datetime.utcnow()\` gives the time in UTC and forgets to say so. Everything that asks for the zone takes it for local time:
\`.timestamp()\` is wrong by the offset of the server, JSON goes out without \`Z\`, so that browsers read it as their own time,
and comparing it with a value that has a zone raises. Python 3.12 deprecates it.
`,
  help: "Write `datetime.now(UTC)`, with `from datetime import UTC` (before Python 3.11: `timezone.utc`)",
  concern: "correctness",
  level: "info",
  docs: "https://docs.python.org/3/library/datetime.html#datetime.datetime.utcnow",
  equivalents: ["DTZ003", "DTZ004"],
  exemptions: [
    "`utcnow().replace(tzinfo=...)`, which says the zone in the end",
    "`datetime.now()` without a zone, unless it is what a field or column is filled with",
  ],
  files: { words: ["utcnow", "utcfromtimestamp", "now"] },
  examples: [
    {
      bad: `
        from datetime import datetime, timedelta

        def expires_in(minutes: int) -> float:
            return (datetime.utcnow() + timedelta(minutes=minutes)).timestamp() # expect: \`datetime.utcnow\` gives UTC without saying so
      `,
      good: `
        from datetime import UTC, datetime, timedelta

        def expires_in(minutes: int) -> float:
            return (datetime.now(UTC) + timedelta(minutes=minutes)).timestamp()
      `,
    },
    {
      bad: `
        import datetime as dt
        from sqlalchemy import Column, DateTime
        from pydantic import BaseModel, Field, field_validator

        created_at = Column(DateTime, default=dt.datetime.utcnow) # expect: \`datetime.utcnow\` gives UTC without saying so

        class Item(BaseModel):
            seen_at: dt.datetime = Field(default_factory=dt.datetime.now) # expect: \`datetime.now\` gives local time without saying so
      `,
      good: `
        import datetime as dt
        from sqlalchemy import Column, DateTime

        created_at = Column(DateTime, default=lambda: dt.datetime.now(dt.UTC))

        def log_name() -> str:
            return f"log-{dt.datetime.now():%Y%m%d}.txt"

        def now() -> dt.datetime:
            return dt.datetime.utcnow().replace(tzinfo=dt.timezone.utc)
      `,
    },
  ],

  *file(file) {
    yield* gathered(
      findingsIn(file),
      (count) => `${count} dates of this file have no time zone: ${quote("datetime.utcnow()")} and its like`,
      { few: 3 },
    )
  },
})

function* findingsIn(file: PyFile): Generator<Finding> {
  for (const node of file.all("Attribute")) {
    const told = UTC.has(node.attr) ? "UTC" : node.attr === "now" && fillsField(file, node) ? "local time" : undefined
    if (told === undefined || !isOfDatetime(file.qualified(node), node.attr) || isGivenZone(file, node)) continue
    yield finding(file, node, told)
  }
}

const UTC = new Set(["utcnow", "utcfromtimestamp"])

const isOfDatetime = (name: string | undefined, attr: string): boolean => name === `datetime.datetime.${attr}`

const finding = (file: PyFile, node: Extract<Expr, { kind: "Attribute" }>, told: string): Finding => ({
  at: file.at(callOf(file, node) ?? node),
  message: `${quote(`datetime.${node.attr}`)} gives ${told} without saying so`,
  discriminator: node.attr,
})

function callOf(file: PyFile, node: Expr): Extract<Node, { kind: "Call" }> | undefined {
  const parent = file.parentOf(node)
  return parent?.kind === "Call" && parent.func === node ? parent : undefined
}

/** `datetime.utcnow().replace(tzinfo=UTC)`. */
function isGivenZone(file: PyFile, node: Expr): boolean {
  const call = callOf(file, node)
  const step = call && file.parentOf(call)
  const next = step?.kind === "Attribute" && (step.attr === "replace" || step.attr === "astimezone") ? file.parentOf(step) : undefined
  return next?.kind === "Call" && (next.keywords.some(({ arg }) => arg === "tzinfo") || (step as { attr?: string }).attr === "astimezone")
}

const FILLS = new Set(["default", "default_factory", "onupdate", "insert_default"])

/** `default=datetime.now`, and `return datetime.now()` of a validator. */
function fillsField(file: PyFile, node: Expr): boolean {
  const call = callOf(file, node)
  if (call && (call.args.length > 0 || call.keywords.length > 0)) return false
  const parent = file.parentOf(call ?? node)
  if (parent?.kind === "keyword") return parent.arg !== null && FILLS.has(parent.arg)
  for (const outer of file.around(node))
    if (outer.kind === "FunctionDef") return outer.decorator_list.some((decorator) => /validator/.test(file.source(decorator)))
  return false
}
