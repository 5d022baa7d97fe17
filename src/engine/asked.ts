import { existsSync } from "node:fs"
import { join, relative } from "node:path"
import { type Answer, byWeight, publicQuestions, type Question, type Route, testedBy } from "#fastapi"
import { nearest } from "#lint"
import { Lines } from "#python"
import type { AskedQuestion, Notification } from "#report"
import type { Analysis } from "./analyse.ts"
import type { CheckedProject } from "./run.ts"
import type { Settings } from "./settings.ts"

/** The rule whose unsure findings are asked about: an open route may be open on purpose. */
const OPEN_ROUTE = "auth/unprotected-mutating-route"

/** All questions of a run, what decides most first, numbered. */
export function askedOf(projects: readonly CheckedProject[]): AskedQuestion[] {
  return projects
    .flatMap((project) =>
      [...project.analysis.project.questions, ...openRoutes(project.analysis)].map((question) => ({ question, project })),
    )
    .sort((a, b) => byWeight(a.question, b.question))
    .map(({ question, project }, i) => asked(`Q${i + 1}`, question, project))
}

function openRoutes({ findings, project }: Analysis): Question[] {
  const unsure = findings.filter(({ verdict: { rule, level, discriminator } }) => {
    return rule === OPEN_ROUTE && discriminator === "open" && level !== undefined && level !== "error"
  })
  return publicQuestions(
    unsure.flatMap(({ verdict }) => verdict.routes ?? []),
    (route) => testedBy(project, route),
  )
}

function asked(id: string, question: Question, { root, settings, analysis, reporter, shown }: CheckedProject): AskedQuestion {
  const { path, base } = answersIn(root, settings)
  const lineOf = (at: Question["at"]) => {
    const lines = new Lines(analysis.records.get(at.path)?.text ?? "")
    return lines.line(reporter.line(at))
  }
  return {
    id,
    kind: question.kind,
    asks: question.asks,
    at: reporter.locate(question.at),
    evidence: question.lines.map((at) => ({ ...reporter.locate(at), text: lineOf(at) })),
    for: question.for,
    against: question.against,
    routes: [...new Set(question.decides.flatMap(namesOf))],
    decides: question.decides.length,
    answers: question.answers.map(({ says, key, values }: Answer) => ({
      says,
      table: key === "apps" ? base : [...base, "auth"],
      key,
      values,
    })),
    file: shown(path),
  }
}

const namesOf = ({ kind, methods, path }: Route): string[] => {
  if (!path.known) return []
  return kind === "websocket" ? [`WEBSOCKET ${path.value}`] : methods.known ? methods.value.map((method) => `${method} ${path.value}`) : []
}

/** Where answers belong, from the root: the configuration that was read, else the project's `pyproject.toml`, else a `fastlint.toml` of its own. */
function answersIn(root: string, { file }: Settings): { path: string; base: string[] } {
  const path = file ?? join(root, existsSync(join(root, "pyproject.toml")) ? "pyproject.toml" : "fastlint.toml")
  return { path: relative(root, path), base: path.endsWith("pyproject.toml") ? ["tool", "fastlint"] : [] }
}

/** Warnings for answers that match nothing: a typo must not pass for an answer. Only said of a project that was read whole. */
export function deadAnswerWarnings({ project, records }: Analysis, settings: Settings): Notification[] {
  if ([...records.values()].some(({ facts }) => !facts || facts.problems.length > 0)) return []
  return project.deadAnswers.map(({ key, entry, candidates }) => {
    const last = entry.split(".").at(-1)
    const alike = candidates.filter((candidate) => !candidate.includes(" ") && candidate.split(".").at(-1) === last)
    const guess = nearest(entry, alike) ?? alike[0] ?? nearest(entry, candidates)
    const [, path, line] = /^(.*):(\d+)$/.exec(settings.origins.get(`auth.${key}`) ?? "") ?? []
    return {
      level: "warning",
      kind: "configuration",
      message: `\`${entry}\` in auth.${key} matches nothing${guess ? `: did you mean \`${guess}\`?` : ""}`,
      ...(path === undefined ? {} : { path, line: Number(line) }),
    }
  })
}
