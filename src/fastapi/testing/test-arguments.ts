/** What a test's function is given: by `parametrize`, by fixtures, by default, or by the helper's caller. */
import { type FunctionValue, itemsOf, knownText, Scope, type Value } from "#python"
import type { Context } from "../context.ts"
import type { CallEvent, Fn } from "../project.ts"

export type Values = Map<string, Value>

/** Rows that one test may be played with; more are not played. */
const MOST_ROWS = 60

/** The function as if these arguments were passed: its events are what it does then. */
export function given(context: Context, fn: Fn, values: Values): Fn {
  if (values.size === 0) return fn
  const { value } = fn
  // A scope of its own, because a body is played once for each scope.
  const bound: FunctionValue = {
    ...value,
    scope: new Scope(value.module, value.scope),
    given: { positional: [], keywords: new Map([...(value.given?.keywords ?? []), ...values]) },
  }
  return context.functionOf(bound)
}

/** The arguments of a call by the names of parameters; defaults where nothing is passed. */
export function argumentsOf(fn: Fn, { positional, keywords }: CallEvent): Values {
  const values: Values = new Map(fn.parameters.flatMap((p) => (p.default ? [[p.name, p.default.value] as const] : [])))
  const free = fn.parameters.filter((p) => p.kind === "positional" || p.kind === "positional-only")
  if (fn.owner && /^(self|cls)$/.test(free[0]?.name ?? "")) free.shift()
  positional.forEach((value, i) => {
    const name = free[i]?.name
    if (name !== undefined && value.is !== "unknown") values.set(name, value)
  })
  for (const [name, value] of keywords) if (value.is !== "unknown" && fn.parameters.some((p) => p.name === name)) values.set(name, value)
  return values
}

/** Fixtures by name; several of one name stand in several files. */
export function fixturesAmong(fns: Iterable<Fn>): Map<string, Fn[]> {
  const fixtures = new Map<string, Fn[]>()
  for (const fn of fns) {
    const decorator = fn.value.decorators.find(isFixture)
    if (!decorator) continue
    const renamed = decorator.is === "external" ? knownText(decorator.built?.keywords.get("name")) : undefined
    fixtures.set(renamed ?? fn.name, [...(fixtures.get(renamed ?? fn.name) ?? []), fn])
  }
  return fixtures
}

const isFixture = (decorator: Value): boolean =>
  decorator.is === "external" && /^(pytest|pytest_asyncio)\.fixture(\(\))?$/.test(decorator.name)

/** Every way in which a test is run: rows of its lists and of its fixtures' `params`, crossed, with fixtures and defaults. */
export function rowsOf(context: Context, fn: Fn, fixtures: Map<string, Fn[]>): Values[] {
  const always: Values = new Map()
  let rows: Values[] = [always]
  const cross = (others: Values[]) => {
    if (others.length > 0) rows = rows.flatMap((row) => others.map((other) => new Map([...row, ...other]))).slice(0, MOST_ROWS)
  }
  for (const { name, default: byDefault } of fn.parameters) {
    const candidates = fixtures.get(name) ?? []
    const fixture = candidates.find((one) => one.path === fn.path) ?? nearest(candidates, fn.path)
    if (byDefault) always.set(name, byDefault.value)
    else if (fixture) {
      const params = paramsOf(fixture)
      const { yields, returns } = context.player.summary(fixture.value)
      const value = yields ?? returns
      // A fixture with `params` that works out something of its own from them stays what it returns.
      if (params.length > 0 && (value.is === "unknown" || (value.is === "external" && value.name.endsWith(".param"))))
        cross(params.map((param) => new Map([[name, param]])))
      else if (value.is !== "unknown") always.set(name, value)
    }
  }
  for (const marker of [...fn.value.decorators, ...(fn.owner?.decorators ?? [])])
    if (marker.is === "external" && marker.name === "pytest.mark.parametrize()" && marker.built) cross(listed(marker.built))
  return rows
}

/** The fixture of the `conftest.py` that is nearest above a test. */
function nearest(fixtures: Fn[], path: string): Fn | undefined {
  const folder = (p: string) => p.slice(0, p.lastIndexOf("/") + 1)
  return (
    fixtures.filter((one) => path.startsWith(folder(one.path))).sort((a, b) => folder(b.path).length - folder(a.path).length)[0] ??
    (fixtures.length === 1 ? fixtures[0] : undefined)
  )
}

/** `@pytest.fixture(params=[...])`, for a fixture that hands its parameter out. */
function paramsOf(fixture: Fn): Value[] {
  const decorator = fixture.value.decorators.find(isFixture)
  const params = decorator?.is === "external" ? decorator.built?.keywords.get("params") : undefined
  return ((params && itemsOf(params)) ?? []).map((param) =>
    param.is === "external" && param.name === "pytest.param()" ? (param.built?.positional[0] ?? param) : param,
  )
}

/** The rows of `@pytest.mark.parametrize("method, url", [...])`. */
function listed({ positional, keywords }: Pick<CallEvent, "positional" | "keywords">): Values[] {
  const names = positional[0] ?? keywords.get("argnames")
  const rows = itemsOf(positional[1] ?? keywords.get("argvalues") ?? { is: "unknown" })
  const list =
    knownText(names)
      ?.split(",")
      .map((name) => name.trim()) ??
    (names && itemsOf(names)?.flatMap((name) => knownText(name) ?? []))
  if (!rows || !list) return []
  return rows.map((row) => {
    const cells =
      row.is === "external" && row.name === "pytest.param()"
        ? (row.built?.positional ?? [])
        : list.length === 1
          ? [row]
          : (itemsOf(row) ?? [])
    return new Map(list.flatMap((name, i) => (cells[i] && cells[i].is !== "unknown" ? [[name, cells[i]] as const] : [])))
  })
}
