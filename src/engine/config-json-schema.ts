/** The JSON schema of the configuration, made from what checks it, so that editors and fastlint agree. */
import type { Rule } from "#lint"
import { KEY_HELP } from "./config-keys.ts"
import { configSchema, RULE_LEVELS } from "./config-schema.ts"
import { OWN_FINDINGS, type Selectable, selectable } from "./selectors.ts"

type Schema = Record<string, unknown>

const URL = "https://fastlint.dev/schema/fastlint.json"

/** A schema (draft-07, which TOML editors read) of `fastlint.toml`, and so of `[tool.fastlint]`. */
export function configJsonSchema(rules: readonly Rule[]): Schema {
  const known = selectable(rules)
  const sections = [...new Set(known.map(({ id }) => id.slice(0, id.indexOf("/"))).filter((section) => section !== ""))].sort()
  const refs: Record<string, Schema> = { rules: { $ref: "#/definitions/rules" } }
  for (const list of ["select", "extend-select", "ignore"]) refs[list] = { $ref: "#/definitions/selectors" }
  const { properties, ...rest } = objectOf(configSchema as unknown as Node, [], refs)
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: URL,
    title: "Configuration of fastlint",
    ...rest,
    properties,
    definitions: {
      level: { enum: RULE_LEVELS },
      selectors: {
        type: "array",
        items: {
          // Names that rules had before, and names without their section, are understood, too.
          anyOf: [
            { enum: [...known.map(({ id }) => id), ...sections, ...sections.map((name) => `${name}/*`), "all"] },
            { type: "string", minLength: 1 },
          ],
        },
      },
      rules: {
        type: "object",
        properties: Object.fromEntries([
          ...known.map((rule) => [rule.id, ruleSchema(rule)]),
          ...sections.map((name) => [`${name}/*`, { description: `All rules of ${name}`, $ref: "#/definitions/level" }]),
        ]),
        additionalProperties: { anyOf: [{ $ref: "#/definitions/level" }, { type: "object" }] },
      },
    },
  }
}

/** The address that `#:schema` names. */
export const CONFIG_SCHEMA_URL = URL

function ruleSchema(rule: Selectable): Schema {
  const options = Object.entries(rule.options ?? {}).map(([name, option]) => [
    name,
    { ...option.schema, description: option.says, default: option.default },
  ])
  const table = {
    type: "object",
    properties: { level: { $ref: "#/definitions/level" }, ...Object.fromEntries(options) },
    additionalProperties: false,
  }
  const isOwn = OWN_FINDINGS.some(({ id }) => id === rule.id)
  return {
    description: rule.summary,
    ...(isOwn || options.length === 0 ? {} : { default: { level: rule.level } }),
    anyOf: [{ $ref: "#/definitions/level" }, table],
  }
}

/** The parts of a valibot schema that the configuration uses. */
interface Node {
  type: string
  wrapped?: Node
  entries?: Record<string, Node>
  item?: Node
  value?: Node
  options?: readonly unknown[]
  pipe?: readonly { type: string; requirement?: unknown }[]
}

function schemaOf(node: Node, path: readonly string[], refs: Record<string, Schema>): Schema {
  switch (node.type) {
    case "optional":
      return schemaOf(node.wrapped as Node, path, refs)
    case "string":
      return { type: "string", ...limits(node) }
    case "boolean":
      return { type: "boolean" }
    case "picklist":
      return { enum: node.options }
    case "array":
      return { type: "array", items: schemaOf(node.item as Node, path, refs) }
    case "record":
      return { type: "object", additionalProperties: schemaOf(node.value as Node, path, refs) }
    case "strict_object":
      return objectOf(node, path, refs)
    default:
      throw new Error(`no JSON schema for ${node.type}`)
  }
}

function objectOf(node: Node, path: readonly string[], refs: Record<string, Schema>): Schema {
  const entries = Object.entries(node.entries ?? {})
  const properties = entries.map(([name, entry]) => {
    const key = [...path, name].join(".")
    const help = KEY_HELP[key]
    const ref = refs[name]
    const described = { ...(help ? { description: help.says } : {}), ...(help?.words && { enum: help.words }) }
    // Beside a reference nothing else is read in this draft.
    return [name, ref ? { ...described, allOf: [ref] } : { ...schemaOf(entry, [...path, name], refs), ...described }]
  })
  const required = entries.filter(([, entry]) => entry.type !== "optional").map(([name]) => name)
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
}

function limits({ pipe = [] }: Node): Schema {
  const limit: Schema = {}
  for (const { type, requirement } of pipe) {
    if (type === "non_empty") limit.minLength = 1
    if (type === "regex") limit.pattern = (requirement as RegExp).source
  }
  return limit
}
