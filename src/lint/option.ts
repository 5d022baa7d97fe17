/** One declaration gives an option its type, its default, its check and its documentation. */
export interface Option<T> {
  default: T
  /** One line for `fastlint explain` and the JSON Schema. */
  says: string
  check(value: unknown): value is T
  /** JSON Schema of the value. */
  schema: Record<string, unknown>
}

export type Options = Record<string, Option<any>>
export type ValuesOf<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never }

export const option = {
  strings: (o: { default: string[]; says: string }): Option<string[]> => ({
    ...o,
    check: (v): v is string[] => Array.isArray(v) && v.every((x) => typeof x === "string"),
    schema: { type: "array", items: { type: "string" } },
  }),
  number: (o: { default: number; says: string }): Option<number> => ({
    ...o,
    check: (v): v is number => typeof v === "number" && Number.isFinite(v),
    schema: { type: "number" },
  }),
  flag: (o: { default: boolean; says: string }): Option<boolean> => ({
    ...o,
    check: (v): v is boolean => typeof v === "boolean",
    schema: { type: "boolean" },
  }),
}

/** The values of a rule's options: what is given, and the defaults for the rest. */
export function optionValues(options: Options | undefined, given: Record<string, unknown> = {}): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, declared] of Object.entries(options ?? {})) values[name] = name in given ? given[name] : declared.default
  return values
}
