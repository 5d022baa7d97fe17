/** `import` and `from ... import`: into the project, or to a library by name. */
import type { Found } from "./modules.ts"
import type { Frame, Player } from "./play.ts"
import { because, external, unknown, type Value } from "./values.ts"

export function importModule(player: Player, name: string, asname: string | null, frame: Frame): void {
  const head = name.split(".")[0] as string
  const found = player.modules.resolve(frame.path, name)
  if (found) player.moduleValue(found)
  if (asname) {
    frame.scope.set(
      asname,
      found
        ? player.moduleValue(found)
        : player.modules.isOwn(frame.path, name) && isRegular(player, frame.path, head)
          ? because(`module ${name} not found`)
          : external(player.host.canonical(name)),
    )
    return
  }
  const top = player.modules.resolve(frame.path, head)
  frame.scope.set(head, top && (found || top.is === "file") ? player.moduleValue(top) : external(head))
}

function isRegular(player: Player, importer: string, head: string): boolean {
  return player.modules.resolve(importer, head)?.is === "file"
}

export function importFrom(player: Player, level: number, module: string, name: string, as: string, frame: Frame): void {
  const found = level > 0 ? player.modules.relative(frame.path, level, module) : player.modules.resolve(frame.path, module)
  if (name === "*") {
    importStar(player, found, level, module, frame)
    return
  }
  if (found) {
    const value = player.moduleValue(found) as { name: string }
    // A package that imports from itself while it is filling looks for its submodule, as Python does.
    const member = player.memberOf(value.name, name)
    if (member) return void frame.scope.set(as, member)
    if (found.is === "folder" && level === 0) return void frame.scope.set(as, external(player.host.canonical(`${module}.${name}`)))
    return void frame.scope.set(as, lateName(player, value.name, name))
  }
  const own = level > 0 || (player.modules.isOwn(frame.path, module) && isRegular(player, frame.path, module.split(".")[0] as string))
  frame.scope.set(
    as,
    own ? because(`${".".repeat(level)}${module} was not found in player project`) : external(player.host.canonical(`${module}.${name}`)),
  )
}

/** A name that an import cycle asks for before it is bound: looked up again when it is used. */
function lateName(player: Player, module: string, name: string): Value {
  return { is: "unknown", why: `${player.modules.nameOf(module)} has no \`${name}\``, late: { module, name } }
}

function importStar(player: Player, found: Found | undefined, level: number, module: string, frame: Frame): void {
  if (!found) {
    if (level === 0) frame.scope.star(player.host.canonical(module))
    return
  }
  if (found.is === "folder") return
  const scope = player.load(found.path)
  if (!scope) return
  const listed = scope.own("__all__")
  const names =
    listed?.is === "sequence" && !listed.open
      ? listed.items.flatMap((item) => (item.is === "text" && typeof item.parts[0] === "string" ? [item.parts[0]] : []))
      : undefined
  if (names) for (const name of names) frame.scope.set(name, player.memberOf(found.path, name) ?? unknown)
  else for (const [name, value] of [...scope.entries()]) if (!name.startsWith("_")) frame.scope.set(name, value)
  for (const other of scope.stars) frame.scope.star(other)
}
