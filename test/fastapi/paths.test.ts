import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { covers, mountPattern, PathIndex, patternOf, shapeOf } from "../../src/fastapi/paths.ts"

const isCovered = (wide: string, narrow: string): boolean => covers(patternOf(wide), patternOf(narrow))

describe("covers", () => {
  test.each([
    ["/users/{id}", "/users/me"],
    ["/users/{id}", "/users/{name}"],
    ["/users/{id}", "/users/{id:int}"],
    ["/users/{id}", "/users/{id:uuid}"],
    ["/users/{id:float}", "/users/{id:int}"],
    ["/users/{id:int}", "/users/12"],
    ["/users/{id:float}", "/users/1.5"],
    ["/users/{id:uuid}", "/users/123e4567-e89b-12d3-a456-426614174000"],
    ["/{path:path}", "/"],
    ["/{path:path}", "/a/{b}/c"],
    ["/files/{path:path}", "/files/{name}.json"],
    ["/files/{path:path}", "/files/"],
    ["/files/{path:path}/meta", "/files/a/{b}/meta"],
    ["/a/{b}.json", "/a/{c}.json"],
    ["/a/{b}.json", "/a/x.json"],
    ["/a/{b}.json", "/a/{c}-{d}.json"],
    ["/a/{b}", "/a/{c}.json"],
    ["/{x}.{y}", "/{a}.b.{c}"],
    ["/v{n:int}", "/v2{m:int}"],
    ["/{a}/{b}", "/users/me"],
    ["/x:{verb}", "/x:upload"],
  ])("%s covers %s", (wide, narrow) => expect(isCovered(wide, narrow)).toBe(true))

  test.each([
    ["/users/me", "/users/{id}"],
    ["/users/{id:int}", "/users/me"],
    ["/users/{id:int}", "/users/{id}"],
    ["/users/{id:uuid}", "/users/me"],
    ["/users/{id}", "/users/{id}/posts"],
    ["/users/{id}", "/users"],
    ["/users/{id}", "/users/"],
    ["/users/{id}", "/users/{path:path}"],
    ["/users/{id}", "/users/{id:own}"],
    ["/users/{id:own}", "/users/12"],
    ["/files/{path:path}", "/files"],
    ["/files/{path:path}/meta", "/files/meta"],
    ["/a/{b}.json", "/a/.json"],
    ["/a/{b}.json", "/a/{c}.xml"],
    ["/a/{b}-{c}", "/a/{d}"],
    ["/users/{ id }", "/users/me"],
    ["/users/{item-id}", "/users/me"],
    ["/users/<id>", "/users/me"],
    ["/v{n:int}", "/v{m}"],
  ])("%s does not cover %s", (wide, narrow) => expect(isCovered(wide, narrow)).toBe(false))

  test("a mount takes what is below its path, and not the path itself", () => {
    expect(covers(mountPattern("/static"), patternOf("/static/app.js"))).toBe(true)
    expect(covers(mountPattern("/static"), patternOf("/static/"))).toBe(true)
    expect(covers(mountPattern("/static"), patternOf("/static"))).toBe(false)
    expect(covers(mountPattern("/static"), patternOf("/statics/a"))).toBe(false)
    expect(covers(mountPattern("/"), patternOf("/anything/{x}"))).toBe(true)
    expect(covers(mountPattern(""), mountPattern("/static"))).toBe(true)
  })
})

describe("shapeOf", () => {
  const isEqual = (a: string, b: string): boolean => shapeOf(patternOf(a)) === shapeOf(patternOf(b))
  test("ignores names of parameters, not converters", () => {
    expect(isEqual("/users/{id}", "/users/{user_id:str}")).toBe(true)
    expect(isEqual("/users/{id}", "/users/{id:int}")).toBe(false)
    expect(isEqual("/users", "/users/")).toBe(false)
  })
  test("a literal brace is no parameter", () => expect(isEqual("/a/{}", "/a/{b}")).toBe(false))
})

test("the index answers in the order in which patterns were added", () => {
  const index = new PathIndex<string>()
  for (const path of ["/{path:path}", "/users/{id}", "/users/me", "/posts/{id}", "/{a}/{b}"]) index.add(patternOf(path), path)
  expect(index.covering(patternOf("/users/me"))).toEqual(["/{path:path}", "/users/{id}", "/users/me", "/{a}/{b}"])
  expect(index.covering(patternOf("/tags"))).toEqual(["/{path:path}"])
})

describe("covers is sound", () => {
  /** Starlette's own expressions, and what each may be filled with. */
  const CONVERTERS = {
    str: { regex: "[^/]+", values: ["me", "12", "a.b", "x-y", "1.5", "json"] },
    int: { regex: "[0-9]+", values: ["0", "12"] },
    float: { regex: "[0-9]+(\\.[0-9]+)?", values: ["3", "1.5"] },
    uuid: {
      regex: "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}",
      values: ["123e4567e89b12d3a456426614174000"],
    },
    path: { regex: ".*", values: ["", "a", "a/b", "me.json"] },
  }
  const atom = fc.constantFrom("{}", "{}", "{int}", "{float}", "{uuid}", "{path}", "me", "12", ".", "-", ".json", "a", "1.5")
  const segment = fc.array(atom, { maxLength: 3 }).map((atoms) => atoms.join(""))
  const path = fc
    .array(segment, { minLength: 1, maxLength: 3 })
    .map((segments) => `/${segments.join("/")}`)
    .map((text) => {
      let n = 0
      return text.replaceAll(/\{(\w*)\}/g, (_, converter: string) => `{p${n++}${converter && `:${converter}`}}`)
    })
  const fill = (text: string, choose: (converter: keyof typeof CONVERTERS) => string): string =>
    text.replaceAll(/\{p\d+(?::(\w+))?\}/g, (_, converter = "str") => choose(converter))
  const regexOf = (text: string): RegExp =>
    new RegExp(
      `^${text
        .split(/(\{p\d+(?::\w+)?\})/)
        .map((part, i) => (i % 2 ? fill(part, (c) => CONVERTERS[c].regex) : part.replaceAll(/[.-]/g, "\\$&")))
        .join("")}$`,
    )

  test("a URL that the narrow one matches is matched by the wide one", () => {
    const seeds = fc.array(fc.nat(), { minLength: 9, maxLength: 9 })
    let covered = 0
    fc.assert(
      fc.property(path, path, seeds, (wide, narrow, seed) => {
        if (!isCovered(wide, narrow)) return
        covered++
        let next = 0
        const url = fill(narrow, (c) => CONVERTERS[c].values[(seed[next++ % seed.length] ?? 0) % CONVERTERS[c].values.length] ?? "")
        expect(url).toMatch(regexOf(wide))
      }),
      { numRuns: 5000, seed: 1 },
    )
    expect(covered).toBeGreaterThan(100)
  })
})
