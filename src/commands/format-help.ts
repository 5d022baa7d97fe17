import type { Format } from "#report"

/** Every format in a few words, for `--help`. Types only: the renderers themselves are loaded when something is printed. */
export const FORMAT_HELP = {
  full: "frames, traces, what to do (the default)",
  concise: "one line each: path:line:column: level: message [rule]",
  agent: "one line each, with the way and the fix, for coding agents",
  json: "everything, for scripts",
  jsonl: "one finding per line, as JSON",
  sarif: "GitHub code scanning and other readers of SARIF",
  github: "annotations of GitHub Actions; printed beside `full` there by itself",
  gitlab: "GitLab's Code Quality report",
  junit: "JUnit XML: a suite for each file, a failed test for each finding",
  "junit-checklist": "JUnit XML: a suite for each item of the checklist, a test for each route",
  rdjson: "reviewdog",
  azure: "Azure Pipelines; printed beside `full` there by itself",
  teamcity: "TeamCity's inspections; printed beside `full` there by itself",
} satisfies Record<Format, string>
