import { expect, test } from "vitest"
import { isCalled, spelledOut } from "../../src/fastapi/auth/answers.ts"

test.each([
  ["app.deps:get_user", "app.deps.get_user", true],
  // A monorepo's folders are part of some names and not of others.
  ["services.api.app.deps:get_user", "app.deps.get_user", true],
  ["app.deps:get_user", "services.api.app.deps.get_user", true],
  ["app.deps:get_user", "get_user", true],
  // Whole parts only.
  ["app.deps:get_user", "user", false],
  ["app.deps:get_user", "pp.deps.get_user", false],
  ["app.deps:get_user", "app.deps", false],
  ["app.deps:get_user", "app.deps.get_user.x", false],
  ["main", "app.main", false],
  // What is called is a method or an inner function; what people know is its class or its maker.
  ["app.deps:Roles.__call__", "app.deps.Roles", true],
  ["app.deps:require.<locals>.check", "app.deps.require", true],
  ["app.deps:Gate.__call__.<locals>.wrapper", "Gate", true],
  ["fastapi.security.HTTPBearer()", "HTTPBearer", true],
  ["app.api.hooks:stripe", "app.api.hooks.*", true],
  ["backend.app.api.hooks:stripe", "app.api.*.stripe", true],
  ["app.api.hooks_v2:stripe", "app.api.hooks.*", false],
  ["app.api:x", "app..x", false],
  ["app.api:x", "", false],
])("`%s` in the configuration as `%s`: %s", (id, entry, expected) => {
  expect(isCalled(id, entry)).toBe(expected)
})

test("a name as the configuration spells it", () => {
  expect(spelledOut("app.deps:require.<locals>.check")).toBe("app.deps.require")
  expect(spelledOut("fastapi.security.HTTPBearer()")).toBe("fastapi.security.HTTPBearer")
})
