/** Prints the tables of src/knowledge/ as JSON, for scripts/check-knowledge.py. */
import { coroutines } from "../src/knowledge/awaitables.ts"
import { derived } from "../src/knowledge/bases.ts"
import { blockingGroups } from "../src/knowledge/blocking.ts"
import { families } from "../src/knowledge/exceptions.ts"
import { homes } from "../src/knowledge/names.ts"
import { offloads } from "../src/knowledge/offloads.ts"
import { spell } from "../src/knowledge/table.ts"

const words = (text: string) => text.split(" ")
const exact = (names: readonly string[]) => names.flatMap(spell).filter((name) => !name.includes("*"))

const aliases = homes.flatMap(([home, others, names]) =>
  words(others).flatMap((other) =>
    words(names).map((name) => {
      const [there, here = there] = name.split(">")
      return name === "*" ? [other, home] : [`${other}.${there}`, `${home}.${here}`]
    }),
  ),
)
const exceptions = families.flatMap(([module, bases, classes]) =>
  words(classes).map((name) => [`${module}.${name}`, words(bases).map((base) => (base.includes(".") ? base : `${module}.${base}`))]),
)

console.log(
  JSON.stringify({
    aliases,
    exceptions,
    bases: derived.flatMap(([classes, base]) => spell(classes).map((name) => [name, [base]])),
    blocking: exact(blockingGroups.flatMap((group) => group.names)),
    coroutines: exact(coroutines),
    offloads: exact(offloads.map(([name]) => name)),
  }),
)
