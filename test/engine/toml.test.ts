import { describe, expect, it } from "vitest"
import { readToml, TomlSyntaxError } from "../../src/engine/toml.ts"

const text = `title = "x"
[tool.fastlint]
select = ["a", 'b']
"quoted key".inner = 1
rules = { x = { level = "off" } }
[[tool.fastlint.overrides]]
files = ["one"]
[[tool.fastlint.overrides]]
files = ["two"]
`

const marked = (path: (string | number)[], part: "key" | "value") => {
  const toml = readToml(text)
  const span = part === "key" ? toml.keySpan(path) : toml.valueSpan(path)
  return span && text.slice(span.start, span.end)
}

describe("TOML with places", () => {
  it.each([
    [["title"], "title", '"x"'],
    [["tool", "fastlint"], "fastlint", undefined],
    [["tool", "fastlint", "select"], "select", "[\"a\", 'b']"],
    [["tool", "fastlint", "select", 1], "'b'", "'b'"],
    [["tool", "fastlint", "quoted key", "inner"], "inner", "1"],
    [["tool", "fastlint", "rules", "x", "level"], "level", '"off"'],
    [["tool", "fastlint", "overrides", 1, "files", 0], '"two"', '"two"'],
    [["missing"], undefined, undefined],
  ] as [(string | number)[], string | undefined, string | undefined][])("finds %j", (path, key, value) => {
    expect([marked(path, "key"), marked(path, "value")]).toEqual([key, value])
  })

  it("says where it cannot be read", () => {
    expect(() => readToml("a = 1\nb = \n")).toThrow(TomlSyntaxError)
    const error = (() => {
      try {
        return readToml("a = 1\nb = ]\n")
      } catch (thrown) {
        return thrown as TomlSyntaxError
      }
    })()
    expect(error).toMatchObject({ at: { start: 10, end: 11 } })
  })
})
