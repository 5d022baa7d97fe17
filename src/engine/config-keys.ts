/** What every key of the configuration is for: the words of the JSON schema and of `config init`. */

import { FAIL_ON, PRESETS, RESPECT_NOQA } from "./config-schema.ts"
import { EDITIONS } from "./editions.ts"

export interface KeyHelp {
  says: string
  /** As TOML writes it: an example worth starting from, or the default. */
  example: string
  /** The words to choose from. */
  words?: readonly string[]
}

/** In the order in which people decide. `auth.public` is `public` in the table `auth`. */
export const KEY_HELP: Record<string, KeyHelp> = {
  edition: { says: "The set of rules and defaults; a newer version of fastlint adds none to it", example: '"2027"', words: EDITIONS },
  "required-version": { says: "The versions of fastlint that this project works with", example: '">=0.1"' },
  extend: { says: "Another configuration file, whose keys this one overrides", example: '"../fastlint.toml"' },
  preset: { says: "The rules to begin with", example: '"recommended"', words: PRESETS },
  apps: { says: "The applications that are served; every one that is found, where none is named", example: '["app.main:app"]' },
  src: { says: "Folders that imports start from", example: '["."]' },
  "target-python": { says: "The Python that runs it; `requires-python` of the project says so, too", example: '"3.12"' },
  include: { says: "The files to read", example: '["**/*.py", "**/*.pyi"]' },
  "extend-exclude": { says: "Files not to read, besides those that git ignores", example: '["migrations/**"]' },
  "force-exclude": { says: "Exclude also what the command line names", example: "true" },
  "fail-on": { says: "The lowest level that fails the run", example: '"error"', words: FAIL_ON },
  "respect-noqa": {
    says: "Which `# noqa` comments silence a rule that says the same: those with its code, all, or none",
    example: '"codes"',
    words: RESPECT_NOQA,
  },
  "require-reason": { says: "A comment that silences a finding says why", example: "true" },
  "output-format": { says: "How to print where no flag says", example: '"full"' },
  "cache-dir": { says: "Where to keep what was read of each file, to be faster the next time", example: '".fastlint_cache"' },
  baseline: { says: "The file of known problems", example: '"fastlint-baseline.json"' },
  select: { says: "The rules or sections to check, instead of the preset", example: '["async", "auth"]' },
  "extend-select": { says: "Rules or sections to check besides", example: '["testing"]' },
  ignore: { says: "Rules or sections not to check", example: '["testing/endpoint-without-test"]' },
  rules: { says: "The level of each rule, or a table with its level and options", example: '"async/blocking-call" = "error"' },
  "per-file-ignores": { says: "Rules not to check in some files", example: '"app/legacy/**" = ["validation/*"]' },
  overrides: { says: "Levels of rules in some files", example: '[{ files = ["app/internal/**"], rules = { "auth/*" = "off" } }]' },
  auth: { says: "What fastlint cannot know of who may call what; `fastlint questions` asks for it", example: "" },
  "auth.dependencies": { says: "Dependencies that check who is calling", example: '["app.deps.verify_link"]' },
  "auth.not-auth": { says: "Dependencies that look as if they did, and do not", example: '["app.deps.get_db"]' },
  "auth.public": { says: "Routes that are open to everybody on purpose", example: '["GET /health", "app.api.webhooks.*"]' },
  tests: { says: "How the project is tested", example: "" },
  "tests.paths": { says: "Where tests are, where names do not show it", example: '["tests"]' },
}
