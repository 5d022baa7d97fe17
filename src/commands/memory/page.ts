import type { CheckedProject } from "#engine"
import { authentication, dependencies } from "./access.ts"
import { application, routers } from "./application.ts"
import { conventions } from "./conventions.ts"
import { Facts, type Topic } from "./facts.ts"
import { performance, security } from "./measures.ts"
import { models } from "./models.ts"

/** As long as a reader, or an agent's context, takes it in. */
export const MOST_LINES = 200

const TOPICS: [title: string, topic: Topic][] = [
  ["The application", application],
  ["Routers", routers],
  ["Authentication", authentication],
  ["Dependency injection", dependencies],
  ["Models and relationships", models],
  ["Conventions of the API", conventions],
  ["Performance", performance],
  ["Security", security],
]

/** What a new member of the team should know of a project: a page of Markdown, the same for the same code. */
export function memoryPage(project: CheckedProject, name: string): string {
  const facts = new Facts(project)
  const lines = [
    `# What to know about ${name.replace(/\s+/g, " ")}`,
    "",
    "Written by `fastlint memory` from the code, without running it; do not edit, run it again. What could not be read for",
    "sure is left out.",
    ...TOPICS.flatMap(([title, topic]) => {
      const said = topic(facts)
      return said.length > 0 ? ["", `## ${title}`, "", ...said] : []
    }),
  ]
  const whole = lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 2), "", "The rest did not fit."]
  return `${whole.join("\n")}\n`
}
