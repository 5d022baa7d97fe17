// Checks fastlint's SARIF of whole projects: `node scripts/run.js scripts/check-sarif.ts DIR...`, after `npm run build`.
// Against the schema of the standard, and against what GitHub's code scanning accepts and shows:
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning

import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { gzipSync } from "node:zlib"
import AjvDraft04 from "ajv-draft-04"
import addFormats from "ajv-formats"
import type * as Sarif from "sarif"

const root = resolve(process.cwd())
const schema = JSON.parse(readFileSync(join(root, "test/report/sarif-schema-2.1.0.json"), "utf8"))
const ajv = new AjvDraft04.default({ strict: false, unicodeRegExp: false })
addFormats.default(ajv as never)
const validate = ajv.compile(schema)

const folders = process.argv.slice(2)
if (folders.length === 0) {
  console.error("usage: node scripts/run.js scripts/check-sarif.ts DIR...")
  process.exit(2)
}
const place = mkdtempSync(join(tmpdir(), "fastlint-sarif-"))
let failed = 0
for (const folder of folders) {
  const file = join(place, "out.sarif")
  const run = spawnSync(
    process.execPath,
    [join(root, "dist/cli.js"), "check", ".", "--config", 'preset="strict"', "--format", "sarif", "-o", file],
    {
      cwd: folder,
      encoding: "utf8",
    },
  )
  const problems = existsSync(file)
    ? problemsOf(readFileSync(file), folder)
    : [`no document; exit ${run.status}: ${run.stderr.slice(0, 300)}`]
  const count = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).runs[0].results.length as number) : 0
  console.log(`${folder}: exit ${run.status}, ${count} results, ${problems.length} problems`)
  for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`)
  failed += problems.length
  rmSync(file, { force: true })
}
rmSync(place, { recursive: true })
process.exitCode = failed > 0 ? 1 : 0

/** What is wrong with a document. */
function problemsOf(bytes: Buffer, folder: string): string[] {
  const log = JSON.parse(bytes.toString("utf8")) as Sarif.Log
  if (!validate(log)) return (validate.errors ?? []).map((error) => `schema: ${error.instancePath} ${error.message}`)
  const [run] = log.runs as [Sarif.Run]
  const rules = run.tool.driver.rules ?? []
  const results = run.results ?? []
  const problems: string[] = []
  const must = (holds: boolean, problem: string) => void (holds || problems.push(problem))

  must(bytes[0] !== 0xef, "begins with a byte order mark")
  must(gzipSync(bytes).length <= 10 * 1024 * 1024, "more than 10 MB when packed")
  must(log.runs.length === 1, "more than one run")
  must(results.length <= 25_000 && rules.length <= 25_000, "too many results or rules")
  must(run.tool.driver.name === "fastlint" && Boolean(run.tool.driver.semanticVersion), "no name or version")
  must(run.automationDetails?.id?.endsWith("/") === true, "the category does not end in a slash")
  must(run.columnKind === "unicodeCodePoints", "the columns are of another kind")
  must(new Set(rules.map(({ id }) => id)).size === rules.length, "two rules with one id")
  for (const rule of rules) for (const problem of ruleProblems(rule)) problems.push(`rule ${rule.id}: ${problem}`)
  for (const [i, result] of results.entries())
    for (const problem of resultProblems(result, rules, run, folder)) problems.push(`result ${i} (${result.ruleId}): ${problem}`)
  const prints = results.filter((one) => !one.suppressions).map((one) => JSON.stringify([one.ruleId, one.locations, one.message]))
  must(new Set(prints).size === prints.length, "one result twice")
  return problems
}

function* ruleProblems({
  name,
  shortDescription,
  fullDescription,
  help,
  properties,
  defaultConfiguration,
}: Sarif.ReportingDescriptor): Generator<string> {
  if ((name?.length ?? 0) > 255) yield "its name is too long"
  for (const [what, text] of Object.entries({ shortDescription, fullDescription })) {
    if (!text?.text) yield `no ${what}`
    if ((text?.text.length ?? 0) > 1024) yield `${what} is too long`
  }
  if (!help?.text || !help.markdown) yield "no help"
  if (help?.markdown?.includes("# expect")) yield "its example has marks of our tests"
  const { tags = [], precision, "security-severity": severity } = (properties ?? {}) as Record<string, any>
  if (tags.length > 20) yield "more than 20 tags"
  if (!["very-high", "high", "medium", "low"].includes(precision)) yield `precision ${precision}`
  if (!["note", "warning", "error"].includes(defaultConfiguration?.level ?? "")) yield "no level"
  if (severity !== undefined && !(typeof severity === "string" && Number(severity) > 0 && Number(severity) <= 10))
    yield `security-severity ${severity}`
  if (tags.includes("security") !== (severity !== undefined)) yield "a severity of security without the tag, or the tag alone"
}

function* resultProblems(result: Sarif.Result, rules: Sarif.ReportingDescriptor[], run: Sarif.Run, folder: string): Generator<string> {
  const { ruleId, ruleIndex, message, locations = [], relatedLocations = [], codeFlows = [], partialFingerprints = {} } = result
  if (ruleIndex === undefined || rules[ruleIndex]?.id !== ruleId) yield "its rule is not listed at its index"
  if (!message.text) yield "no message"
  if (locations.length !== 1) yield `${locations.length} locations`
  const steps = codeFlows.flatMap(({ threadFlows }) => threadFlows.flatMap((flow) => flow.locations.map(({ location }) => location)))
  if (relatedLocations.length > 1000 || steps.length > 10_000) yield "too many places"
  if (!/^[0-9a-f]+:\d+$/.test(partialFingerprints.primaryLocationLineHash ?? "") && result.ruleId !== "undecodable-file")
    yield "no line hash"
  if (!/^[0-9a-f]{16}$/.test(partialFingerprints["fastlint/v1"] ?? "")) yield "no fingerprint of our own"
  for (const location of [...locations, ...relatedLocations, ...steps]) {
    const { artifactLocation, region } = location?.physicalLocation ?? {}
    const uri = artifactLocation?.uri ?? ""
    if (!/^[A-Za-z0-9\-._~!$&'()*+,;=:@/%]+$/.test(uri) || /%(?![0-9A-F]{2})/.test(uri)) yield `\`${uri}\` is no URI`
    if (uri.startsWith("/") || uri.startsWith("./") || uri.startsWith("file:")) yield `\`${uri}\` is not relative to the repository`
    if (artifactLocation?.uriBaseId !== "%SRCROOT%") yield "no base"
    const base = run.originalUriBaseIds?.["%SRCROOT%"]?.uri ?? pathToFileURL(`${folder}/`).href
    if (!existsSync(fileURLToPath(new URL(uri, base)))) yield `${uri} is not there`
    if (!region?.startLine || !region.startColumn || !region.endColumn || region.endLine !== region.startLine)
      yield `a region that is not of one line in ${uri}`
    else if ((region.endColumn ?? 0) < (region.startColumn ?? 0)) yield "a region that ends before it begins"
  }
}
