/** How things stand that bodies can change, so that the next request finds them as they were. */
import type { Instance, Mapping, Sequence, Value } from "#python"

export class Snapshot {
  /** False where something may change that is out of sight: what a function closes over. */
  isWhole = true
  private readonly isOwn: (value: Value) => boolean
  private readonly seen = new Set<Value>()
  private readonly objects: [Instance, Map<string, Value>][] = []
  private readonly lists: [Sequence, Value[]][] = []
  private readonly mappings: [Mapping, Mapping["entries"]][] = []

  /** @param isOwn  is an object one that the request made? Bodies change no other. */
  constructor(values: Iterable<Value | undefined>, isOwn: (value: Value) => boolean) {
    this.isOwn = isOwn
    this.addAll(values)
  }

  restore(): void {
    for (const [object, attributes] of this.objects) {
      object.attributes.clear()
      for (const [name, value] of attributes) object.attributes.set(name, value)
    }
    for (const [list, items] of this.lists) list.items.splice(0, list.items.length, ...items)
    for (const [mapping, entries] of this.mappings) mapping.entries.splice(0, mapping.entries.length, ...entries)
  }

  private addAll(values: Iterable<Value | undefined>): void {
    for (const value of values) if (value && !this.seen.has(value)) this.add(value)
  }

  /** A value and what a body can get at through it; not what it was made from. */
  private add(value: Value): void {
    this.seen.add(value)
    if (value.is === "either") this.addAll(value.options)
    else if (value.is === "sequence") {
      this.lists.push([value, [...value.items]])
      this.addAll(value.items)
    } else if (value.is === "mapping") {
      this.mappings.push([value, [...value.entries]])
      this.addAll(value.entries.flat())
    } else if (value.is === "instance" && this.isOwn(value)) {
      this.objects.push([value, new Map(value.attributes)])
      this.addAll(value.attributes.values())
    } else if (value.is === "external") {
      this.addAll([value.self])
      if (value.name.startsWith("functools.partial()")) this.addAll(value.built?.positional ?? [])
    } else if (value.is === "function") {
      if (value.qualname.includes("<locals>")) this.isWhole = false
      this.addAll([value.self, ...(value.given?.positional ?? []), ...(value.given?.keywords.values() ?? [])])
    }
  }
}
