import { describe, expect, test } from "vitest"
import { brokenPattern, unsupportedInRust } from "#knowledge"

describe("patterns that no engine takes", () => {
  test.each([
    ["(", "not closed"],
    [")", "closes nothing"],
    ["[", "class is not closed"],
    ["[a-z", "class is not closed"],
    ["[]", "class is not closed"],
    ["*a", "nothing stands before"],
    ["(+a)", "nothing stands before"],
    ["a\\", "backslash"],
    ["^(a|b)c)$", "closes nothing"],
  ])("%s", (pattern, why) => expect(brokenPattern(pattern)).toContain(why))

  test.each([
    "",
    "a",
    "[]a]",
    "[^]a]",
    "[(]",
    "\\(",
    "[\\]]",
    "a|b",
    "(?:a)+",
    "(?P<x>a)",
    "a?",
    "\\\\",
    "[)*]",
    "(?i)a",
    "(?=a)",
    "a{2}",
    "[[]a]",
  ])("not %s", (pattern) => expect(brokenPattern(pattern)).toBeUndefined())
})

describe("patterns that Pydantic's engine does not take", () => {
  test.each([
    ["(?=a)", "look-ahead"],
    ["^(?!a)b$", "look-ahead"],
    ["(?<=a)b", "look-behind"],
    ["(?<!a)b", "look-behind"],
    ["(a)\\1", "backreference"],
    ["(?P<x>a)(?P=x)", "backreference"],
    ["(?>a)", "atomic"],
    ["(?#c)a", "comment"],
    ["a\\Z", "\\Z"],
  ])("%s", (pattern, what) => expect(unsupportedInRust(pattern)).toContain(what))

  test.each(["^[a-z]+$", "[(?=a)]", "\\(?=", "(?P<x>a)", "(?<x>a)", "(?:a)", "(?i)a", "\\\\1", "\\d", "[\\w.-]"])("not %s", (pattern) =>
    expect(unsupportedInRust(pattern)).toBeUndefined(),
  )
})
