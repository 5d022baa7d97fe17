import { createHash } from "node:crypto"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Graph } from "../../src/report/html/graph.ts"
import { checklistHtml, type Page } from "../../src/report/html/page.ts"
import { SCRIPT, SCRIPT_HASH } from "../../src/report/html/script.ts"
import { attribute, type Element, readHtml, textOf } from "./html.ts"
import { BLOCKING, checklist, FILES, finding, range, UNFILTERED } from "./sample.ts"

const GRAPH: Graph = {
  nodes: [
    { id: "a", kind: "app", name: "main:app", detail: "no routes of its own", place: "app/main.py:3" },
    { id: "r", kind: "router", name: "users:router", detail: "/users, 2 routes", place: "app/api/users.py:3" },
    { id: "d", kind: "dependency", name: "get_user", detail: "2 routes", place: "app/deps.py:9", authenticates: true },
    { id: "e", kind: "dependency", name: "get_db", detail: "2 routes", place: "app/deps.py:1" },
  ],
  edges: [
    { from: "a", to: "r", routes: 2 },
    { from: "r", to: "d", routes: 2 },
    { from: "d", to: "e", routes: 2 },
  ],
  left: 0,
}

const page = (given: Partial<Page> = {}): Page => ({
  version: "1.4.0",
  checklist: checklist([BLOCKING, UNFILTERED]),
  rows: [
    {
      method: "GET",
      path: "/users/{user_id}/profile",
      auth: { answer: "yes", text: "app.deps:get_user" },
      response: "list[app.schemas.ProfileOut]",
      status: "200",
      tests: 2,
      handler: "app/api/users.py:15",
      problems: [`${BLOCKING.message} [${BLOCKING.rule}]`],
    },
    {
      method: "POST",
      path: "/users",
      auth: { answer: "no", text: "none" },
      response: "-",
      status: "201",
      tests: 0,
      handler: "app/api/users.py:7",
    },
    {
      method: "PUT",
      path: "/users",
      auth: { answer: "unknown", text: "`verify` may ask" },
      response: "-",
      status: "?",
      handler: "app/api/users.py:9",
    },
  ],
  graphs: [GRAPH],
  rules: [],
  unseen: [{ path: "app/main.py", line: 4, what: "route", why: "its path is built at run time" }],
  questions: [
    {
      id: "Q2",
      kind: "dependency",
      asks: "Does `verify` authenticate the caller?",
      at: { path: "app/deps.py", range: range("1:1-4") },
      evidence: [{ path: "app/deps.py", range: range("1:1-4"), text: "def verify(token: str):" }],
      for: ["takes a token"],
      against: ["raises 404"],
      routes: ["PUT /users"],
      decides: 1,
      answers: [{ says: "yes", table: ["tool", "fastlint", "auth"], key: "dependencies", values: ["app.deps.verify"] }],
      file: "pyproject.toml",
    },
  ],
  source: (path) => FILES[path],
  ...given,
})

const named = (elements: readonly Element[], tag: string, name?: string) =>
  elements.filter((one) => one.tagName === tag && (name === undefined || (attribute(one, "class") ?? "").split(" ").includes(name)))

describe("the page", () => {
  const { elements, problems } = readHtml(checklistHtml(page()))

  test("is well-formed, and its links lead somewhere", () => {
    expect(problems).toEqual([])
    const ids = elements.flatMap((one) => attribute(one, "id") ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    for (const link of named(elements, "a")) {
      const target = attribute(link, "href") ?? ""
      if (target.startsWith("#")) expect(ids).toContain(target.slice(1))
      else expect(target).toMatch(/^https:\/\//)
    }
  })

  test("needs nothing from anywhere", () => {
    for (const one of elements) {
      for (const name of ["src", "srcset", "data", "action", "poster", "background"]) expect(attribute(one, name)).toBeUndefined()
      if (one.tagName !== "a") expect(attribute(one, "href")).toBeUndefined()
      expect(["link", "iframe", "object", "embed", "img", "base"]).not.toContain(one.tagName)
    }
    const [style] = named(elements, "style")
    expect(textOf(style!)).not.toMatch(/@import|url\(/)
    expect(SCRIPT).not.toMatch(/fetch|XMLHttpRequest|WebSocket|import\(|innerHTML|eval/)
  })

  test("lets the browser run its own script only", () => {
    const policy = elements.find((one) => attribute(one, "http-equiv") === "Content-Security-Policy")
    expect(attribute(policy!, "content")).toContain(`default-src 'none'; script-src '${SCRIPT_HASH}'`)
    expect(SCRIPT_HASH).toBe(`sha256-${createHash("sha256").update(SCRIPT).digest("base64")}`)
    expect(named(elements, "script").map(textOf)).toEqual([SCRIPT])
  })

  test("shows every item, route, finding, question and what was not understood", () => {
    expect(named(elements, "details", "item").map((one) => textOf(named(children(one), "span", "badge")[0]!))).toEqual([
      "FAIL",
      "ASK",
      "ok",
      "n/a",
      "FAIL",
    ])
    const rows = named(elements, "tr").slice(1)
    expect(
      rows.map((row) => [
        attribute(row, "data-method"),
        attribute(row, "data-auth"),
        attribute(row, "data-tested"),
        attribute(row, "data-problems"),
      ]),
    ).toEqual([
      ["GET", "yes", "yes", "1"],
      ["POST", "no", "no", "0"],
      ["PUT", "unknown", "unsure", "0"],
    ])
    expect(named(elements, "details", "finding").map((one) => attribute(one, "id"))).toEqual(["f-1", "f-2"])
    expect(named(elements, "article", "question").map((one) => attribute(one, "id"))).toEqual(["Q2"])
    expect(textOf(elements.find((one) => attribute(one, "id") === "unseen")!)).toContain("its path is built at run time")
  })

  test("marks what a finding is about in its code", () => {
    const [block] = named(elements, "details", "finding")
    const frames = named(children(block!), "pre", "frame")
    expect(named(children(frames[0]!), "span", "primary").map(textOf)).toContain("svc.load(user_id)")
    expect(textOf(frames[1]!)).toContain("requests.get")
  })

  test("draws every router and dependency, and who leads to whom", () => {
    const [svg] = named(elements, "svg", "graph")
    expect(named(children(svg!), "g", "node")).toHaveLength(4)
    expect(children(svg!).filter(({ tagName }) => tagName === "path")).toHaveLength(3)
    const x = named(children(svg!), "g", "node").map((one) => Number(/\((\d+)/.exec(attribute(one, "transform") ?? "")?.[1]))
    expect(x.toSorted((a, b) => a - b)).toEqual([...new Set(x)].toSorted((a, b) => a - b))
  })
})

const children = (element: Element): Element[] =>
  element.childNodes.flatMap((child) => ("tagName" in child ? [child, ...children(child)] : []))

const HOSTILE = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "</style><img src=x onerror=alert(1)>",
  '" onmouseover="alert(1)',
  "' onfocus='alert(1)",
  "<!--",
  "]]>",
  "&lt;b&gt;",
  "</svg><svg onload=alert(1)>",
  "`<b>`",
  "javascript:alert(1)",
  "\u202eevil\u001b[2J",
  "\u{10fffe}\ufdd0\0\ud800",
]

function hostilePage(name: string): Page {
  const where = { path: name, range: range("1:1-4") }
  const step = { ...where, symbol: name, message: name }
  const found = finding({
    ...where,
    id: "1",
    message: name,
    why: name,
    help: name,
    docs: name,
    routes: [name],
    cwe: [name],
    trace: [step, { ...step, range: range("2:1-4") }],
    related: [step],
  })
  const list = checklist([found])
  for (const item of list.items) {
    Object.assign(item, { blind: name, unchecked: [name], outside: [{ count: 1, why: name }] })
    for (const thing of item.things) Object.assign(thing, { name, path: name, ...(thing.answer === "unsure" && { why: name }) })
  }
  list.apps = [name]
  return page({
    checklist: list,
    rows: [
      { method: name, path: name, auth: { answer: "unknown", text: name }, response: name, status: name, handler: name, problems: [name] },
    ],
    graphs: [{ ...GRAPH, nodes: GRAPH.nodes.map((node) => ({ ...node, name, detail: name, place: name })) }],
    unseen: [{ path: name, line: 1, what: name, why: name }],
    questions: page().questions.map((question) => ({
      ...question,
      asks: name,
      at: where,
      evidence: [{ ...where, text: name }],
      for: [name],
      against: [name],
      answers: [{ says: name, table: ["tool"], key: "public", values: [name] }],
    })),
    source: () => `${name}\n${name}\n${name}\n`,
  })
}

/** The elements and attributes that a page has, whatever its words are. */
const skeleton = (text: string): string[] => {
  const { elements, problems } = readHtml(text)
  expect(problems).toEqual([])
  return elements
    .filter(({ tagName }) => tagName !== "code" && tagName !== "span")
    .map(({ tagName, attrs }) => `${tagName} ${attrs.map((one) => one.name).join(" ")}`)
}

describe("names from strangers", () => {
  const plain = skeleton(checklistHtml(hostilePage("plain")))

  test.each(HOSTILE)("%s becomes no markup", (name) => {
    const text = checklistHtml(hostilePage(name))
    expect(skeleton(text)).toEqual(plain)
    expect(text).not.toMatch(/[\u001b\u202e]/)
    for (const one of readHtml(text).elements) for (const { name: attr } of one.attrs) expect(attr).not.toMatch(/^on/)
  })

  test("nor does anything else", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: "binary", maxLength: 6 })), { minLength: 1, maxLength: 4 }),
        (pieces) => {
          const name =
            pieces
              .join("")
              .replace(/[\r\n\u0085\u2028\u2029`]/g, " ")
              .trim() || "x"
          expect(skeleton(checklistHtml(hostilePage(name)))).toEqual(plain)
        },
      ),
      { numRuns: 60 },
    )
  })
})
