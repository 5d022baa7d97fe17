import { expect, test } from "vitest"
import type { CallEvent, Fn } from "#fastapi"
import { passed, playedWith, traced } from "#fastapi"
import type { Value } from "#python"
import { loadGrammarForTests } from "../grammar.ts"
import { linked } from "./linked.ts"

await loadGrammarForTests()

const source = `
import lib
from pydantic import BaseModel

class Filter(BaseModel):
    city: str

class Page:
    def __init__(self, size: int = 10):
        self.size = size

def search(name: str, wanted: Filter, names: list[str], anything, way: bool):
    chosen = name if way else "x"
    lib.run("a" + name, name.strip(), wanted.city, names[0], anything, chosen, "constant")

def outer(name: str):
    return search("x", way=name, wanted=None)

def hidden(*args):
    return search(*args)
`

const project = linked(source)
const fn = (name: string) => project.functions.find((one) => one.qualname === name) as Fn
const callIn = (one: Fn, name?: string) =>
  one.events.find((event) => event.is === "call" && (name === undefined || event.name === name)) as CallEvent

test("a value is traced to the parameter, or to the field of a model, that it is or is text of", () => {
  const { fn: played, markOf } = traced(project, fn("search"))
  const spell = (value: Value): string | undefined => {
    const one =
      value.is === "either" ? value.options[0] : value.is === "text" ? value.parts.find((part) => typeof part !== "string") : value
    const mark = typeof one === "object" ? markOf(one) : undefined
    return mark && [mark.parameter.name, mark.field].filter(Boolean).join(".")
  }
  expect(callIn(played, "lib.run").positional.map(spell)).toEqual(["name", "name", "wanted.city", "names", "anything", "name", undefined])
})

test("what an initialiser puts on its object is marked, and stays off every other object of the class", () => {
  const { self, markOf } = traced(project, fn("Page.__init__"))
  expect(markOf(self?.attributes.get("size") as Value)?.parameter.name).toBe("size")
  const page = project.classes.find((cls) => cls.qualname === "Page")
  expect(page && markOf(project.player.prototype(page).attributes.get("size") as Value)).toBeUndefined()
})

test("arguments are found by the name of the parameter, unless something hides them", () => {
  const given = passed(fn("search"), callIn(fn("outer")))
  expect([...(given?.keys() ?? [])]).toEqual(["name", "way", "wanted"])
  expect(passed(fn("search"), callIn(fn("hidden")))).toBeUndefined()
})

test("a function is played with what it is given", () => {
  const value: Value = { is: "text", parts: ["given"] }
  const [first] = callIn(playedWith(project, fn("search"), new Map([["name", value]])), "lib.run").positional
  expect(first).toEqual({ is: "text", parts: ["agiven"] })
  expect(callIn(fn("search"), "lib.run").positional[0]).not.toEqual(first)
})
