import { describe, expect, test } from "vitest"
import { misfit, signatureOf } from "#knowledge"

const why = (name: string, given: number, keywords: string[], open = false) => misfit(signatureOf(name)!, given, keywords, open)

describe("arguments that do not fit", () => {
  test("a keyword that it does not have", () =>
    expect(why("fastapi.FastAPI().get", 1, ["summery"])).toEqual({ is: "unknown", name: "summery" }))
  test("too many by position", () => expect(why("fastapi.APIRouter", 1, [])).toEqual({ is: "extra", given: 1, taken: 0 }))
  test("one by position and by name", () => expect(why("fastapi.APIRouter().mount", 2, ["path"])).toEqual({ is: "twice", name: "path" }))
  test("one that is left out", () => expect(why("fastapi.security.APIKeyHeader", 0, [])).toEqual({ is: "missing", names: ["name"] }))
})

describe("arguments that may fit", () => {
  test("what unknown arguments may hold is not missing", () => expect(why("fastapi.FastAPI().get", 0, [], true)).toBeUndefined())
  test("apps take any keyword", () => expect(why("fastapi.FastAPI", 0, ["titel"])).toBeUndefined())
  test("names of any version", () => expect(why("fastapi.Depends", 1, ["use_cache", "scope"])).toBeUndefined())
  test("what is not in the table has no signature", () => expect(signatureOf("fastapi.HTTPException")).toBeUndefined())
})
