import { expect, test } from "vitest"
import { azure } from "../../src/report/azure.ts"
import { teamcity } from "../../src/report/teamcity.ts"
import { BLOCKING, finding, RULES, run, UNFILTERED } from "./sample.ts"
import { azureCommands, teamcityCommands } from "./servers.ts"

test("Azure: one issue per finding", () => {
  expect(azure(run()).split("\n")[0]).toBe(
    "##vso[task.logissue type=error;sourcepath=app/api/users.py;linenumber=19;columnnumber=15;code=async/blocking-call;]`requests.get` runs on the event loop of GET /users/{user_id}/profile (read_profile -> load -> fetch_json)",
  )
})

test("Azure: its ten of each type are the weightiest, and it knows no third type", () => {
  const [info, warning] = [finding({ level: "info", rule: "a/info" }), finding({ level: "warning", rule: "a/warning" })]
  const security = finding({ concern: "security", rule: "a/security" })
  const read = azureCommands(azure(run({ findings: [info, warning, BLOCKING, security] })))
  expect(read.map(({ properties }) => [properties.type, properties.code])).toEqual([
    ["error", "a/security"],
    ["error", "async/blocking-call"],
    ["warning", "a/warning"],
    ["warning", "a/info"],
  ])
  expect(azure(run({ findings: [] }))).toBe("")
})

test("Azure: what would end a part of a command arrives as it was", () => {
  const hostile = finding({ path: "a;b]c%3B.py", message: "100%; ] ##vso[task.complete]" })
  expect(azureCommands(azure(run({ findings: [hostile] })))).toMatchObject([
    { name: "task.logissue", properties: { sourcepath: "a;b]c%3B.py" }, data: "100%; ] #\\x23vso[task.complete]" },
  ])
})

test("TeamCity: each kind before its first use, then the findings", () => {
  const commands = teamcityCommands(teamcity(run({ findings: [BLOCKING, UNFILTERED, BLOCKING] })))
  expect(commands.map(({ name }) => name)).toEqual(["inspectionType", "inspectionType", "inspection", "inspection", "inspection"])
  expect(commands[0]!.properties).toEqual({
    id: "async/blocking-call",
    name: "A call that can wait runs on the event loop",
    description: BLOCKING.why,
    category: "fastlint",
  })
  expect(commands[2]!.properties).toEqual({
    typeId: "async/blocking-call",
    message: `${BLOCKING.message}
  1 app/api/users.py:19:15 read_profile calls \`ProfileService.load\`
  2 app/services/profile.py:3:16 load calls \`fetch_json\`
  3 app/services/http.py:5:12 fetch_json calls \`requests.get\`, which blocks
Await an async client, or call it with \`run_in_threadpool\``,
    file: "app/api/users.py",
    line: "19",
    SEVERITY: "ERROR",
  })
  expect(teamcity(run({ findings: [] }))).toBe("")
})

test("TeamCity: what its own escapes are made of arrives as it was, and nothing is longer than it takes", () => {
  const [found] = teamcityCommands(teamcity(run({ findings: [finding({ path: "it's [a|b].py", message: "m", help: "" })] }))).slice(1)
  expect(found!.properties).toMatchObject({ file: "it's [a|b].py", message: "m" })
  const rules = [{ ...RULES[0]!, summary: "s".repeat(300) }]
  const [kind, long] = teamcityCommands(teamcity(run({ rules, findings: [finding({ message: `${"m".repeat(3999)}😀` })] })))
  expect(kind!.properties.name).toHaveLength(255)
  expect(long!.properties.message).toBe("m".repeat(3999))
})
