/** The same remark many times over is one remark: nobody reads the fortieth line of it. */
import type { Edit, Finding, Fix, Level } from "./rule.ts"

/** Up to here the findings of a file are told one by one. */
const FEW = 6

/** From here on, in the whole project, every file is told once. */
const FLOOD = 40

/** Places that are shown of a gathered finding. */
const SHOWN = 20

/**
 * Findings of one rule, those of a file told together where there are many: at the first place, with the others as related ones
 * and with the fixes of all. `say` makes the sentence from the number of places and the first finding.
 */
export function* gathered(
  findings: Iterable<Finding>,
  say: (count: number, first: Finding) => string,
  { few = FEW, flood = FLOOD }: { few?: number; flood?: number } = {},
): Generator<Finding> {
  const all = [...findings]
  const most = all.length > flood ? 1 : few
  const files = new Map<string, Finding[]>()
  for (const one of all) files.set(one.at.path, [...(files.get(one.at.path) ?? []), one])
  for (const [path, own] of files) {
    if (own.length <= most) yield* own
    else yield together(path, own, say)
  }
}

function together(path: string, own: Finding[], say: (count: number, first: Finding) => string): Finding {
  const [first, ...others] = own.toSorted((a, b) => a.at.start - b.at.start) as [Finding, ...Finding[]]
  const fix = allFixed(own)
  return {
    at: first.at,
    message: say(own.length, first),
    ...gravest(own),
    related: others.slice(0, SHOWN).map(({ at, message }) => ({ at, message })),
    routes: [...new Set(own.flatMap(({ routes = [] }) => routes))],
    scope: path,
    discriminator: "gathered",
    ...(fix && { fix }),
  }
}

/** The level of the gravest, where each says its own. */
function gravest(own: readonly Finding[]): { level?: Level } {
  const levels = own.map(({ level }) => level)
  const [level] = (["error", "warning", "info"] as const).filter((one) => levels.includes(one))
  return level && !levels.includes(undefined) ? { level } : {}
}

/** One fix that makes all changes, where every finding has one of the same kind. */
function allFixed(own: readonly Finding[]): Fix | undefined {
  const [first] = own
  if (!first?.fix || !own.every(({ fix }) => fix && fix.safety === first.fix?.safety)) return undefined
  const edits = new Map<string, Edit>()
  for (const { fix } of own) for (const edit of fix?.edits ?? []) edits.set(`${edit.path}:${edit.start}:${edit.end}:${edit.text}`, edit)
  return { ...first.fix, edits: [...edits.values()] }
}
