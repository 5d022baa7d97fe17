/**
 * What a call means that only types tell: a method that is abstract means those of the classes that implement it, an
 * argument of which nothing is known is what its parameter is declared to be, and starting a thread is running it.
 */
import {
  type Arguments,
  annotationValue,
  type BodyCall,
  type ClassValue,
  type FunctionValue,
  firstParameterIsBound,
  instanceOf,
  isDecoratedWith,
  options,
  type Player,
  parametersOf,
  type Stmt,
  type Value,
} from "#python"
import type { Fn, Project } from "../project.ts"
import { ancestryOf } from "../signature/kinds.ts"

/** The methods of the project that stand in for an abstract one; empty for one that is none. */
export function implementationsOf(project: Project, fn: FunctionValue): FunctionValue[] {
  const { owner, def } = fn
  if (!owner || def.kind === "Lambda" || !isAbstract(fn)) return []
  const known = of(implementations, project)
  const seen = known.get(def)
  if (seen) return seen
  const found = project.classes.flatMap((cls): FunctionValue[] => {
    if (cls === owner || !ancestryOf(project, cls).classes.includes(owner)) return []
    const own = cls.body.own(def.name)
    return own?.is === "function" && !isAbstract(own) ? [{ ...own, self: project.player.prototype(cls) }] : []
  })
  known.set(def, found)
  return found
}

const implementations = new WeakMap<object, Map<object, FunctionValue[]>>()

/**
 * Where a request may enter these functions though no call names them: what takes an object of an abstract class that one
 * of them implements, and what makes an object with such a method that nobody is seen to call: a thread, say.
 */
export function* entriesOf(project: Project, fns: ReadonlySet<Fn>): Generator<Fn> {
  const bases = new Set<ClassValue>()
  const makers = new Set<ClassValue>()
  for (const fn of fns) {
    const { owner, name } = fn
    if (!owner) continue
    for (const base of ancestryOf(project, owner).classes) {
      const method = base === owner ? undefined : base.body.own(name)
      if (method?.is === "function" && isAbstract(method)) bases.add(base)
    }
    // What nobody is seen to call is called on an object that was put away somewhere.
    if (name === "run" || project.reach.callersOf(fn).length === 0) makers.add(owner)
  }
  if (bases.size === 0 && makers.size === 0) return
  for (const fn of project.functions) {
    if (fn.role !== "app" || fns.has(fn)) continue
    if (fn.name === "__init__" && fn.owner && makers.has(fn.owner)) yield fn
    else if (fn.owner && bases.has(fn.owner) && isAbstract(fn.value)) yield fn
    else if (fn.parameters.some(({ annotation }) => annotation && isOneOf(instanceOf(project.player, annotation.value), bases))) yield fn
  }
}

const isOneOf = (value: Value, classes: ReadonlySet<ClassValue>): boolean =>
  options(value).some((one) => one.is === "instance" && classes.has(one.of))

/** Said to be abstract, or with a body that only refuses. */
function isAbstract(fn: FunctionValue): boolean {
  if (fn.def.kind === "Lambda") return false
  if (isDecoratedWith(fn, "abc.abstractmethod")) return true
  // Asked at every call.
  let answer = refusing.get(fn.def)
  if (answer === undefined) {
    answer = onlyRefuses(fn.def)
    refusing.set(fn.def, answer)
  }
  return answer
}

const refusing = new WeakMap<object, boolean>()

function onlyRefuses(def: Exclude<FunctionValue["def"], { kind: "Lambda" }>): boolean {
  const body = def.body.filter((statement) => !isDocstring(statement))
  const [only] = body
  if (body.length !== 1 || only?.kind !== "Raise" || !only.exc) return false
  const raised = only.exc.kind === "Call" ? only.exc.func : only.exc
  return raised.kind === "Name" && raised.id === "NotImplementedError"
}

const isDocstring = (statement: Stmt): boolean => statement.kind === "Expr" && statement.value.kind === "Constant"

/** The arguments, with an object of the declared class of the project for each of which nothing is known. */
export function asDeclared(player: Player, fn: FunctionValue, given: Arguments, isSilent: (value: Value) => boolean): Arguments {
  const { names, declared } = declarationsOf(player, fn)
  if (declared.size === 0) return given
  const told = (name: string | undefined, value: Value): Value =>
    name !== undefined && isSilent(value) ? (declared.get(name) ?? value) : value
  return {
    ...given,
    positional: given.positional.map((value, i) => told(names[i], value)),
    keywords: new Map([...given.keywords].map(([name, value]) => [name, told(name, value)])),
  }
}

interface Declarations {
  /** Of parameters that take arguments by position, in order. */
  names: string[]
  /** An object of the class of the project that a parameter is declared to be, by the parameter's name. */
  declared: Map<string, Value>
}

const declarations = new WeakMap<object, Map<object, Declarations>>()

function declarationsOf(player: Player, fn: FunctionValue): Declarations {
  const known = of(declarations, player)
  const seen = known.get(fn.def)
  if (seen) return seen
  const declared = new Map<string, Value>()
  const names: string[] = []
  let isFirst = true
  for (const { arg, kind } of parametersOf(fn)) {
    const isBound = isFirst && firstParameterIsBound(fn) !== undefined
    isFirst = false
    if (isBound) continue
    if (kind === "positional" || kind === "positional-only") names.push(arg.arg)
    if (!arg.annotation) continue
    const [first] = options(instanceOf(player, annotationValue(player, arg.annotation, fn.module, fn.scope)))
    if (first?.is === "instance") declared.set(arg.arg, first)
  }
  const found = { names, declared }
  known.set(fn.def, found)
  return found
}

/** `worker.start()`, where the worker's class is a thread or a process of the project: its `run`. */
export function startedBy(player: Player, { callee }: BodyCall): FunctionValue | undefined {
  if (callee.is !== "external" || !STARTS.test(callee.name)) return undefined
  const { self } = callee
  const run = self?.is === "instance" ? player.methodOf(self.of, "run") : undefined
  return run && self && { ...run, self }
}

const STARTS = /^(threading\.Thread|multiprocessing\.Process|multiprocessing\.context\.Process)\(\)\.start$/

/** What is remembered of one project, by the definition that it is of. */
function of<V>(all: WeakMap<object, Map<object, V>>, project: object): Map<object, V> {
  const found = all.get(project) ?? new Map<object, V>()
  all.set(project, found)
  return found
}
