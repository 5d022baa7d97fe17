/**
 * Names of externals grow with every step (`a`, `a.b`, `a.b()`), and a project takes the same steps a hundred thousand
 * times. Each name is put together once, and every value that bears it holds the same text.
 */
export class Names {
  private readonly members = new Map<string, Map<string, string>>()
  private readonly calls = new Map<string, string>()
  private readonly canonical: (name: string) => string
  private readonly result: (name: string) => string | undefined

  constructor(host: { canonical(name: string): string; result(name: string): string | undefined }) {
    this.canonical = (name) => host.canonical(name)
    this.result = (name) => host.result(name)
  }

  /** What reading an attribute gives. */
  member(of: string, name: string): string {
    let known = this.members.get(of)
    if (!known) {
      known = new Map()
      this.members.set(of, known)
    }
    let whole = known.get(name)
    if (whole === undefined) {
      whole = this.canonical(`${of}.${name}`)
      known.set(name, whole)
    }
    return whole
  }

  /** What calling it gives. */
  called(of: string): string {
    let whole = this.calls.get(of)
    if (whole === undefined) {
      const name = this.result(`${of}()`) ?? `${of}()`
      // A name that grows with every turn of a loop (`q = q.filter(...)`) says no more than its beginning.
      whole = name.length > LONGEST ? name.slice(0, LONGEST) : name
      this.calls.set(of, whole)
    }
    return whole
  }
}

const LONGEST = 400
