import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { rules } from "#rules"
import { idsUnder, indexText } from "../../scripts/rule-index.ts"
import { SECTIONS } from "../../src/lint/sections.ts"

test("rules/index.ts is fresh: run `npm run index-rules`", () => {
  expect(readFileSync("rules/index.ts", "utf8")).toBe(indexText(idsUnder("rules")))
})

test("every rule lies in a section of the checklist", () => {
  const sections = new Set<string>(SECTIONS.map((section) => section.id))
  expect(rules.filter((rule) => !sections.has(rule.id.split("/")[0] ?? "")).map((rule) => rule.id)).toEqual([])
})

test("the index imports each rule under a name of its own", () => {
  expect(indexText(["async/blocking-call", "http/v2-api"])).toContain(
    [
      'import asyncBlockingCall from "./async/blocking-call.ts"',
      'import httpV2Api from "./http/v2-api.ts"',
      "",
      "/** Every rule, sorted by id. The id is the path. */",
      "export const rules: Rule[] = [",
      '  { ...asyncBlockingCall, id: "async/blocking-call" },',
      '  { ...httpV2Api, id: "http/v2-api" },',
      "]",
    ].join("\n"),
  )
})

test("rules say all that a user needs, in the form that reports rely on", () => {
  const faults = rules.flatMap(({ id, summary, why, help, docs, examples, equivalents }) => [
    ...(summary.endsWith(".") || summary.includes("\n") || summary.length > 90 ? [`${id}: the summary is one line without a period`] : []),
    ...(why.trim().length < 40 ? [`${id}: why says too little`] : []),
    ...(help.endsWith(".") || help.includes("\n") ? [`${id}: help is one line without a period`] : []),
    ...(/^https:\/\//.test(docs) ? [] : [`${id}: docs is an address`]),
    ...(examples.length > 0 ? [] : [`${id}: no example`]),
    ...equivalents.filter((code) => !/^[A-Z]+[0-9]+$/.test(code)).map((code) => `${id}: ${code} is not the code of a linter`),
  ])
  expect(faults).toEqual([])
})
