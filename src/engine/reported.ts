import type { Finding, Note } from "#lint"
import type { Place } from "#python"
import { Lines } from "#python"
import type { Located, Position, Reported, Suppressed } from "#report"
import type { Analysis, Settled } from "./analyse.ts"
import type { Selectable } from "./selectors.ts"

/** Turns settled findings into what reports print: lines and columns, shown paths, the rule's own words. */
export class Reporter {
  private readonly lines = new Map<string, Lines>()
  private readonly analysis: Analysis
  private readonly known: Map<string, Selectable>
  private readonly shown: (path: string) => string

  /** `shown` turns a path of the project into the path that users read. */
  constructor(analysis: Analysis, known: readonly Selectable[], shown: (path: string) => string) {
    this.analysis = analysis
    this.known = new Map(known.map((rule) => [rule.id, rule]))
    this.shown = shown
  }

  report({ verdict, level, fingerprint, suppressed }: Settled): Reported {
    const rule = this.known.get(verdict.rule)
    return {
      ...this.locate(verdict.at),
      id: fingerprint,
      rule: verdict.rule,
      level,
      concern: rule?.concern ?? "correctness",
      message: verdict.message,
      routes: routeNames(verdict),
      trace: (verdict.trace ?? []).map(({ at, message, symbol }) => ({
        ...this.locate(at),
        message,
        ...(symbol === undefined ? {} : { symbol }),
      })),
      related: (verdict.related ?? []).map(({ at, message }) => ({ ...this.locate(at), message })),
      ...(verdict.notes && { notes: verdict.notes.map((note) => this.note(note)) }),
      why: rule?.why ?? "",
      help: verdict.help ?? rule?.help ?? "",
      docs: rule?.docs ?? "",
      cwe: rule?.cwe ?? [],
      equivalents: rule?.equivalents ?? [],
      fingerprint: fingerprint.replace(/~\d+$/, ""),
      ...(verdict.scope ? { scope: verdict.scope } : {}),
      ...(verdict.fix
        ? {
            fix: {
              title: verdict.fix.title,
              safety: verdict.fix.safety,
              edits: verdict.fix.edits.map((edit) => ({ ...this.locate(edit), text: edit.text })),
            },
          }
        : {}),
      ...(suppressed ? { suppressed: this.suppression(suppressed) } : {}),
    }
  }

  locate(at: Place): Located {
    return { path: this.shown(at.path), range: { start: this.position(at.path, at.start), end: this.position(at.path, at.end) } }
  }

  private note({ name, text, at }: Note): { name: string; text: string } {
    return { name, text: at ? `${text} (${this.shown(at.path)}:${this.line(at)})` : text }
  }

  line(at: Place): number {
    return this.position(at.path, at.start).line
  }

  private position(path: string, offset: number): Position {
    const { line, column, utf16 } = this.linesOf(path).position(offset)
    return { line, column, utf16Column: utf16 }
  }

  private linesOf(path: string): Lines {
    let lines = this.lines.get(path)
    if (!lines) {
      lines = new Lines(this.analysis.records.get(path)?.text ?? "")
      this.lines.set(path, lines)
    }
    return lines
  }

  private suppression({ by }: NonNullable<Settled["suppressed"]>): Suppressed {
    return {
      by: by.tool === "fastlint" ? "comment" : "noqa",
      ...(by.reason === undefined ? {} : { reason: by.reason }),
      at: { path: this.shown(by.path), line: this.line(by) },
    }
  }
}

/** `GET /users/{id}` for every route a finding concerns, as far as they are known. */
const routeNames = ({ routes = [] }: Finding): string[] => [
  ...new Set(
    routes.flatMap((route) => {
      if (!route.path.known) return []
      const methods = route.kind === "websocket" ? ["WEBSOCKET"] : route.methods.known ? route.methods.value : []
      return methods.map((method) => `${method} ${route.path.known ? route.path.value : ""}`)
    }),
  ),
]
