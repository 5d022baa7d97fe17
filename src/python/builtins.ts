/**
 * What Python's own functions and the methods of its own containers do to values. Only what building an
 * application or reading a constant needs; everything else is an external by its name.
 */

import { instanceOf } from "./annotations.ts"
import { attribute } from "./attributes.ts"
import { call, type Site } from "./call.ts"
import type { Frame, Player } from "./play.ts"
import { elementOf, itemsOf } from "./shapes.ts"
import { itemOf } from "./subscripts.ts"
import {
  because,
  type External,
  external,
  joinAll,
  knownBoolean,
  knownNumber,
  knownText,
  literal,
  sequence,
  type Text,
  text,
  unknown,
  type Value,
} from "./values.ts"

/** Names of `builtins` (CPython 3.14's `dir(builtins)`), without exceptions, which are told by their ending. */
const NAMES = new Set(
  "abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ NotImplemented Ellipsis __debug__ __build_class__".split(
    " ",
  ),
)
const EXCEPTION = /^([A-Z]\w*(Error|Exception|Warning|Exit|Interrupt|Iteration|Group)|Exception|StopIteration|StopAsyncIteration)$/
const EXCEPTIONS = new Set(
  "ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError".split(
    " ",
  ),
)

export const isBuiltin = (name: string): boolean => NAMES.has(name) || (EXCEPTION.test(name) && EXCEPTIONS.has(name))

/** The result of a call that Python itself answers, or undefined. */
export function builtin(player: Player, callee: External, site: Site, frame: Frame): Value | undefined {
  const { name } = callee
  const [first, second, third] = site.positional
  if (name.startsWith("builtins.")) {
    const method = name.slice("builtins.".length)
    if (callee.self) {
      if (method.startsWith("str().") && (callee.self.is === "text" || callee.self.is === "external"))
        return textMethod(callee.self, method.slice(6), site)
      if (callee.self.is === "sequence") return sequenceMethod(callee.self, method.slice(method.indexOf("().") + 3), site, frame)
      if (callee.self.is === "mapping") return mappingMethod(player, callee.self, method.slice(7), site, frame)
      return undefined
    }
    return plain(player, method, site, frame)
  }
  switch (name) {
    case "os.getenv":
    case "os.environ.get": {
      const given = second ?? site.keywords.get("default")
      if (given?.is === "text" || given?.is === "literal") return { ...given, assumed: true }
      return undefined
    }
    case "typing.cast": {
      const value = second ?? unknown
      const typed = first ? instanceOf(player, first) : unknown
      return typed.is === "unknown" ? value : typed
    }
    case "copy.copy":
    case "copy.deepcopy":
      return first
    case "typing.NewType":
      return second
    case "typing.TypeAliasType":
      return second?.is === "generic" ? { ...second, alias: true } : second
    case "itertools.chain": {
      const all = site.positional.map(itemsOf)
      return all.every((items) => items !== undefined) ? sequence("list", all.flat(), site.open) : undefined
    }
    case "importlib.import_module": {
      const module = knownText(first)
      const found = module !== undefined && !module.startsWith(".") ? player.modules.resolve(frame.path, module) : undefined
      return found ? player.moduleValue(found) : module === undefined ? because("a module imported by a computed name") : external(module)
    }
    default:
      void third
      return undefined
  }
}

function plain(player: Player, name: string, site: Site, frame: Frame): Value | undefined {
  const [first, second, third] = site.positional
  switch (name) {
    case "str":
    case "repr":
    case "format":
      if (!first) return text("")
      return first.is === "text"
        ? first
        : first.is === "literal" && !first.assumed && typeof first.value === "number"
          ? text(String(first.value))
          : text(first)
    case "getattr": {
      const attr = knownText(second)
      if (!first || attr === undefined) return unknown
      const value = attribute(player, first, attr, frame)
      return value.is === "unknown" && third ? third : value
    }
    case "setattr": {
      const attr = knownText(second)
      if (first?.is === "instance" && attr !== undefined && third) first.attributes.set(attr, third)
      return literal("NoneType", null)
    }
    case "list":
    case "tuple":
    case "set":
    case "frozenset":
    case "sorted":
    case "reversed": {
      const type = name === "tuple" ? "tuple" : name === "set" || name === "frozenset" ? "set" : "list"
      if (!first) return sequence(type, [])
      const items = itemsOf(first)
      if (!items) return sequence(type, [elementOf(player, first)], true)
      return sequence(type, name === "reversed" ? [...items].reverse() : items, first.is === "sequence" && first.open)
    }
    case "dict":
      return {
        is: "mapping",
        entries: [...(first?.is === "mapping" ? first.entries : []), ...[...site.keywords].map(([k, v]): [Value, Value] => [text(k), v])],
        open: site.open || (first !== undefined && (first.is !== "mapping" || first.open)),
      }
    case "enumerate": {
      const items = first && itemsOf(first)
      return items
        ? sequence(
            "list",
            items.map((item, i) => sequence("tuple", [literal("int", i), item])),
            first.is === "sequence" && first.open,
          )
        : first && sequence("list", [sequence("tuple", [external("builtins.int()"), elementOf(player, first)])], true)
    }
    case "zip": {
      const all = site.positional.map(itemsOf)
      // `zip(*rows)` zips nothing that is known.
      if (site.open || all.length === 0 || !all.every((items) => items !== undefined)) return undefined
      const length = Math.min(...all.map((items) => items.length))
      return sequence(
        "list",
        Array.from({ length }, (_, i) =>
          sequence(
            "tuple",
            all.map((items) => items[i] as Value),
          ),
        ),
      )
    }
    case "map": {
      const items = second && itemsOf(second)
      return first && items
        ? sequence(
            "list",
            items.map((item) => call(player, first, { ...site, positional: [item], keywords: new Map() }, frame)),
            second.is === "sequence" && second.open,
          )
        : undefined
    }
    case "range": {
      const to = knownNumber(second ?? first)
      const from = second ? knownNumber(first) : 0
      return to !== undefined && from !== undefined && to - from <= 100 && !third
        ? sequence(
            "list",
            Array.from({ length: Math.max(0, to - from) }, (_, i) => literal("int", from + i)),
          )
        : sequence("list", [external("builtins.int()")], true)
    }
    case "iter":
    case "aiter":
      return first
    case "next":
    case "anext":
      return first && elementOf(player, first)
    case "len":
      return first?.is === "sequence" && !first.open ? literal("int", first.items.length) : external("builtins.int()")
    case "isinstance":
    case "issubclass":
    case "hasattr":
    case "callable":
      return external("builtins.bool()")
    case "type":
      return first?.is === "instance" ? first.of : unknown
    case "super":
      // `super(Class, self)`; the form without arguments is handled where the method is known.
      return first?.is === "class" ? external("builtins.super()", { built: { ...site, positional: [first, second ?? first] } }) : unknown
    case "bool":
      return knownBoolean(first) !== undefined ? first : external("builtins.bool()")
    case "int":
    case "float": {
      const number = first?.is === "text" && !first.assumed ? Number(knownText(first)) : knownNumber(first)
      if (number !== undefined && !Number.isNaN(number))
        return first?.is === "literal" && first.assumed ? first : literal(name, name === "int" ? Math.trunc(number) : number)
      return external(`builtins.${name}()`)
    }
    default:
      return undefined
  }
}

function textMethod(of: Value, name: string, site: Site): Value | undefined {
  const known = knownText(of)
  const [first, second] = site.positional
  const arg = knownText(first)
  const result = (value: string): Text => ({ ...text(value), ...(of.is === "text" && of.assumed && { assumed: true }) })
  switch (name) {
    case "format": {
      if (of.is !== "text") return undefined
      let next = 0
      const fill = (field: string): Value => {
        const key = field.split(/[!:.[]/)[0] as string
        return (key === "" ? site.positional[next++] : /^\d+$/.test(key) ? site.positional[Number(key)] : site.keywords.get(key)) ?? unknown
      }
      const pieces = of.parts.flatMap((part) =>
        typeof part !== "string"
          ? [part]
          : part
              .split(/(\{\{|\}\}|\{[^{}]*\})/)
              .map((piece): string | Value =>
                piece === "{{" ? "{" : piece === "}}" ? "}" : /^\{.*\}$/.test(piece) ? fill(piece.slice(1, -1)) : piece,
              ),
      )
      return text(...pieces)
    }
    case "join": {
      const items = first && itemsOf(first)
      if (!items || known === undefined) return text(of, first ?? unknown)
      const joined = items.flatMap((item, i): (string | Value)[] => (i > 0 ? [known, item] : [item]))
      return first.is === "sequence" && first.open ? text(...joined, unknown) : text(...joined)
    }
    case "lower":
    case "upper":
    case "strip":
    case "lstrip":
    case "rstrip":
    case "title":
    case "capitalize":
    case "removeprefix":
    case "removesuffix":
    case "replace":
      if (known === undefined) return text(of)
      if (name === "lower") return result(known.toLowerCase())
      if (name === "upper") return result(known.toUpperCase())
      if (name === "replace")
        return arg !== undefined && knownText(second) !== undefined ? result(known.replaceAll(arg, knownText(second) as string)) : text(of)
      if (name === "removeprefix") return arg !== undefined ? result(known.startsWith(arg) ? known.slice(arg.length) : known) : text(of)
      if (name === "removesuffix")
        return arg !== undefined ? result(known.endsWith(arg) ? known.slice(0, known.length - arg.length) : known) : text(of)
      if (name === "strip" || name === "lstrip" || name === "rstrip")
        return strip(known, first ? arg : " \t\n\r\f\v", name).map(result)[0] ?? text(of)
      return text(of)
    case "split":
      return known !== undefined && arg
        ? sequence(
            "list",
            known.split(arg).map((piece) => text(piece)),
          )
        : sequence("list", [external("builtins.str()", { self: of })], true)
    case "rsplit":
    case "splitlines":
    case "partition":
    case "rpartition":
      return sequence("list", [external("builtins.str()", { self: of })], true)
    case "encode":
      return external("builtins.bytes()", { self: of })
    default:
      return undefined
  }
}

function strip(known: string, characters: string | undefined, side: string): string[] {
  if (characters === undefined) return []
  let [start, end] = [0, known.length]
  if (side !== "rstrip") while (start < end && characters.includes(known[start] as string)) start++
  if (side !== "lstrip") while (end > start && characters.includes(known[end - 1] as string)) end--
  return [known.slice(start, end)]
}

/** Lists change in place: a list of routers is often filled by `append` before it is walked. */
function sequenceMethod(of: Extract<Value, { is: "sequence" }>, name: string, site: Site, frame: Frame): Value | undefined {
  const [first, second] = site.positional
  const nothing = literal("NoneType", null)
  if (frame.maybe > 0 && ["append", "add", "insert", "extend", "update", "remove", "pop", "clear"].includes(name)) of.open = true
  switch (name) {
    case "append":
    case "add":
      if (first && of.items.length < 2000) of.items.push(first)
      return nothing
    case "insert":
      if (second) of.items.splice(knownNumber(first) ?? of.items.length, 0, second)
      return nothing
    case "extend":
    case "update": {
      const items = first && itemsOf(first)
      if (items) of.items.push(...items)
      if (!items || (first.is === "sequence" && first.open)) of.open = true
      return nothing
    }
    case "copy":
      return sequence(of.type, [...of.items], of.open)
    case "pop":
      return joinAll(of.items)
    default:
      return undefined
  }
}

function mappingMethod(player: Player, of: Extract<Value, { is: "mapping" }>, name: string, site: Site, frame: Frame): Value | undefined {
  const [first, second] = site.positional
  switch (name) {
    case "items":
      return sequence(
        "list",
        of.entries.map(([key, value]) => sequence("tuple", [key, value])),
        of.open,
      )
    case "keys":
      return sequence(
        "list",
        of.entries.map(([key]) => key),
        of.open,
      )
    case "values":
      return sequence(
        "list",
        of.entries.map(([, value]) => value),
        of.open,
      )
    case "get": {
      const found = first ? itemOf(player, of, first, frame) : unknown
      return found.is === "unknown" && second && !of.open ? second : found
    }
    case "update":
      if (first?.is === "mapping") of.entries.push(...first.entries)
      else if (first) of.open = true
      for (const [key, value] of site.keywords) of.entries.push([text(key), value])
      return literal("NoneType", null)
    case "copy":
      return { is: "mapping", entries: [...of.entries], open: of.open }
    default:
      return undefined
  }
}
