/** A question about names of which each answer is worked out once: a project asks of the same names a hundred thousand times. */
export function remembered<T>(answer: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>()
  return (name) => {
    const seen = known.get(name)
    if (seen !== undefined || known.has(name)) return seen as T
    const found = answer(name)
    known.set(name, found)
    return found
  }
}
