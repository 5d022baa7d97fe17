/** What `value.name` is. */
import { annotationValue, instanceOf } from "./annotations.ts"
import { bind } from "./call.ts"
import type { Frame, Player } from "./play.ts"
import {
  because,
  type ClassValue,
  type Either,
  external,
  type Instance,
  isNone,
  join,
  joinAll,
  options,
  unknown,
  type Value,
} from "./values.ts"

export function attribute(player: Player, of: Value, name: string, frame: Frame | undefined): Value {
  switch (of.is) {
    case "module":
      return player.memberOf(of.name, name) ?? because(`no \`${name}\` in ${of.name}`)
    case "instance":
      return ofInstance(player, of, name, frame)
    case "class":
      return (
        ofClass(player, of, name, of, frame) ??
        (name === "__name__" || name === "__qualname__"
          ? { is: "text", parts: [of.def.name] }
          : because(`no \`${name}\` in class ${of.qualname}`))
      )
    case "external": {
      const known = player.host.attribute(of, name)
      if (known) return known
      if (of.name === "builtins.super()" && of.built?.positional[0])
        return ofSuper(player, of.built.positional as [Value, Value], name, frame)
      const whole = player.names.member(of.name, name)
      return of.self || of.name.endsWith(")")
        ? { is: "external", name: whole, self: of.self ?? of, on: of }
        : { is: "external", name: whole }
    }
    case "either":
      return ofEither(player, of, name, frame)
    case "function":
      if (name === "__name__" && of.def.kind !== "Lambda") return { is: "text", parts: [of.def.name] }
      return because(`an attribute of function ${of.qualname}`)
    case "generic":
      return of.of.is === "class" || of.of.is === "external" ? attribute(player, of.of, name, frame) : unknown
    case "text":
      // Enum members are played as their values; `.value` of one is itself.
      return name === "value" || name === "name" ? of : external(`builtins.str().${name}`, { self: of })
    case "literal":
      return name === "value" ? of : unknown
    case "sequence":
      return external(`builtins.${of.type}().${name}`, { self: of })
    case "mapping":
      return external(`builtins.dict().${name}`, { self: of })
    default:
      return unknown
  }
}

function ofInstance(player: Player, of: Instance, name: string, frame: Frame | undefined): Value {
  const own = of.attributes.get(name)
  if (own) return own
  const known = player.host.attribute(of, name)
  if (known) return known
  const inherited = ofClass(player, of.of, name, of, frame)
  if (inherited) return inherited
  // Not built by play: what `__init__` would have set.
  const typical = player.prototype(of.of)
  return (typical !== of ? typical.attributes.get(name) : undefined) ?? because(`no \`${name}\` known on ${of.of.qualname}`)
}

/** A class attribute through its bases: project classes first, in order, then what a library base would have. */
function ofClass(
  player: Player,
  of: ClassValue,
  name: string,
  self: Instance | ClassValue,
  frame: Frame | undefined,
  seen = 0,
): Value | undefined {
  const own = of.body.own(name)
  if (own) {
    if (own.is === "function") return bind(player, own, self, frame)
    if ((own.is === "text" || own.is === "literal") && !own.assumed && player.host.isOverridable(of)) return { ...own, assumed: true }
    // What a field is when nobody says otherwise; whoever built the object may have.
    if (
      (own.is === "text" || own.is === "literal") &&
      !own.assumed &&
      self.is === "instance" &&
      !(self.built && !self.built.open) &&
      of.body.annotations.has(name)
    )
      return isNone(own) ? join(own, typed(player, of, name) ?? unknown) : { ...own, assumed: true }
    // A field declared with a marker (`Field(...)`, `mapped_column(...)`) is on an instance what its annotation says.
    if (self.is === "instance" && own.is === "external" && own.name.endsWith("()") && of.body.annotations.has(name))
      return typed(player, of, name) ?? own
    return own
  }
  if (of.body.annotations.has(name) && self.is === "instance") return typed(player, of, name) ?? unknown
  if (seen > 12) return undefined
  for (const base of of.bases) {
    const cls = base.is === "generic" ? base.of : base
    if (cls.is === "class") {
      const found = ofClass(player, cls, name, self, frame, seen + 1)
      if (found) return found
    }
  }
  for (const base of of.bases) {
    const cls = base.is === "generic" ? base.of : base
    if (cls.is === "external" && !PLAIN.has(cls.name))
      return external(player.names.member(self.is === "instance" ? `${cls.name}()` : cls.name, name), { self })
    if (cls.is === "unknown") return because(`class ${of.qualname} has a base that is not known`)
  }
  return undefined
}

const PLAIN = new Set([
  "builtins.object",
  "abc.ABC",
  "typing.Generic",
  "typing.Protocol",
  "enum.Enum",
  "enum.StrEnum",
  "enum.IntEnum",
  "builtins.str",
  "builtins.int",
])

function typed(player: Player, of: ClassValue, name: string): Value | undefined {
  const annotation = of.body.annotations.get(name)
  if (!annotation) return undefined
  const value = instanceOf(player, annotationValue(player, annotation, of.module, of.body))
  return value.is === "unknown" ? undefined : value
}

/** `super().name`: the next class after the one that the method stands in. */
function ofSuper(player: Player, [owner, self]: [Value, Value], name: string, frame: Frame | undefined): Value {
  if (owner.is !== "class") return unknown
  const receiver = self.is === "instance" || self.is === "class" ? self : owner
  for (const base of owner.bases) {
    const cls = base.is === "generic" ? base.of : base
    if (cls.is === "class") {
      const found = ofClass(player, cls, name, receiver, frame)
      if (found) return found
    }
    if (cls.is === "external" && !PLAIN.has(cls.name)) return external(player.host.canonical(`${cls.name}().${name}`), { self: receiver })
  }
  return unknown
}

function ofEither(player: Player, of: Either, name: string, frame: Frame | undefined): Value {
  // `None` has no attributes that matter: where it may be None, the program would stop.
  const some = options(of).filter((option) => !(option.is === "literal" && option.type === "NoneType"))
  const found = some.map((option) => attribute(player, option, name, frame))
  const known = found.filter((value) => value.is !== "unknown")
  return known.length > 0 ? joinAll(found) : unknown
}
