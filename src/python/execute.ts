/** Statements, one by one. */
import { annotationValue, instanceOf } from "./annotations.ts"
import { playFor, playIf, playMatch, playTry, playWhile, playWith } from "./branches.ts"
import { applyDecorators } from "./call.ts"
import { define, defineClass } from "./define.ts"
import { evaluate } from "./evaluate.ts"
import { importFrom, importModule } from "./imports.ts"
import { keepItem } from "./kept-items.ts"
import type { Expr, Stmt } from "./nodes.ts"
import type { Frame, Player } from "./play.ts"
import { elementOf, itemsOf } from "./shapes.ts"
import { join, none, unknown, type Value } from "./values.ts"

/** How a statement list ended, when not by falling off its end. */
export type Flow = "return" | "raise" | "break" | "continue" | undefined

export function run(player: Player, body: readonly Stmt[], frame: Frame): Flow {
  for (const statement of body) {
    if (!player.spend(frame.path, statement)) return undefined
    const flow = step(player, statement, frame)
    if (flow) return flow
  }
  return undefined
}

/** Calls that never come back: they raise `SystemExit`, or end the process. */
const LEAVES = new Set(["sys.exit()", "os._exit()", "os.abort()", "builtins.exit()", "builtins.quit()"])

const DROPPED = { dropped: true }

function step(player: Player, s: Stmt, frame: Frame): Flow {
  switch (s.kind) {
    case "Expr": {
      const value = evaluate(player, s.value, frame, DROPPED)
      return value.is === "external" && LEAVES.has(value.name) ? "raise" : undefined
    }
    case "Assign": {
      const value = evaluate(player, s.value, frame)
      for (const target of s.targets) assign(player, target, value, frame)
      return undefined
    }
    case "AnnAssign": {
      if (frame.scope.isClass && s.target.kind === "Name") frame.scope.annotate(s.target.id, s.annotation)
      const given = s.value ? evaluate(player, s.value, frame, { annotation: s.annotation }) : undefined
      const value = given && !frame.scope.isClass && isSilent(given) ? declared(player, s.annotation, frame) : given
      if (value) assign(player, s.target, value, frame)
      else if (!frame.scope.isClass && s.target.kind === "Name" && !frame.scope.own(s.target.id)) frame.scope.set(s.target.id, unknown)
      return undefined
    }
    case "AugAssign": {
      const value = evaluate(player, { kind: "BinOp", left: s.target, op: s.op, right: s.value, start: s.start, end: s.end }, frame)
      assign(player, s.target, value, frame)
      return undefined
    }
    case "Return": {
      const value = s.value ? evaluate(player, s.value, frame) : none
      frame.returns.push(value)
      player.note({ is: "return", value, at: player.place(frame.path, s), within: frame.within }, frame)
      return "return"
    }
    case "Raise": {
      const value = s.exc ? evaluate(player, s.exc, frame) : undefined
      const cause = s.cause ? evaluate(player, s.cause, frame) : undefined
      player.note(
        {
          is: "raise",
          ...(value && { value }),
          ...(cause && { cause }),
          at: player.place(frame.path, s),
          within: frame.within,
        },
        frame,
      )
      return "raise"
    }
    case "If":
      return playIf(player, s.test, s.body, s.orelse, frame)
    case "For":
    case "AsyncFor":
      return playFor(player, s, frame)
    case "While":
      return playWhile(player, s, frame)
    case "With":
    case "AsyncWith":
      return playWith(player, s, frame)
    case "Try":
    case "TryStar":
      return playTry(player, s, frame)
    case "Match":
      return playMatch(player, s, frame)
    case "FunctionDef":
    case "AsyncFunctionDef": {
      const fn = define(player, s, frame)
      frame.scope.set(s.name, applyDecorators(player, fn, s.decorator_list, frame))
      return undefined
    }
    case "ClassDef":
      defineClass(player, s, frame)
      return undefined
    case "Import":
      for (const { name, asname } of s.names) importModule(player, name, asname, frame)
      return undefined
    case "ImportFrom":
      for (const { name, asname } of s.names) importFrom(player, s.level, s.module ?? "", name, asname ?? name, frame)
      return undefined
    case "TypeAlias":
      frame.scope.set(s.name.id, aliased(evaluate(player, s.value, frame)))
      return undefined
    case "Delete":
      for (const target of s.targets) if (target.kind === "Name") frame.scope.delete(target.id)
      return undefined
    case "Assert":
      evaluate(player, s.test, frame)
      if (s.msg) evaluate(player, s.msg, frame)
      return undefined
    case "Global":
      for (const name of s.names) frame.scope.declareGlobal(name)
      return undefined
    case "Break":
      return "break"
    case "Continue":
      return "continue"
    default:
      return undefined
  }
}

export function assign(player: Player, target: Expr, value: Value, frame: Frame): void {
  switch (target.kind) {
    case "Name":
      frame.scope.set(target.id, value)
      return
    case "Tuple":
    case "List": {
      const items = itemsOf(value)
      target.elts.forEach((t, i) => {
        if (t.kind === "Starred") assign(player, t.value, unknown, frame)
        else assign(player, t, items?.[i] ?? (items ? unknown : elementOf(player, value)), frame)
      })
      return
    }
    case "Attribute": {
      const of = evaluate(player, target.value, frame)
      if (of.is === "instance") {
        const before = of.attributes.get(target.attr)
        of.attributes.set(target.attr, before && (frame.maybe > 0 || frame.mode === "body") ? join(before, value) : value)
      } else if (of.is === "module" && frame.mode === "import") player.load(of.name)?.set(target.attr, value)
      else if (of.is === "class") of.body.set(target.attr, value)
      else if (of.is === "function" && target.attr === "__signature__") of.signature = value
      else if (of.is === "external" && frame.mode === "import") player.host.assign?.(of, target.attr, value, frame)
      return
    }
    case "Subscript": {
      const of = evaluate(player, target.value, frame)
      const key = evaluate(player, target.slice, frame)
      if (of.is === "mapping") of.entries.push([key, value])
      else if (of.is === "external") player.host.assignItem?.(of, key, value, player.place(frame.path, target), frame)
      if (frame.following && of.is !== "mapping" && of.is !== "sequence") keepItem(target, value, frame)
      return
    }
    case "Starred":
      assign(player, target.value, unknown, frame)
      return
    default:
      evaluate(player, target, frame)
  }
}

const aliased = (value: Value): Value => (value.is === "generic" ? { ...value, alias: true } : value)

/** A value that says less than the annotation beside it: `client: Client = make()`. */
const isSilent = (value: Value): boolean =>
  (value.is === "unknown" && value.late === undefined) || (value.is === "literal" && value.type === "ellipsis")

const declared = (player: Player, annotation: Expr, frame: Frame): Value =>
  instanceOf(player, annotationValue(player, annotation, frame.path, frame.scope))
