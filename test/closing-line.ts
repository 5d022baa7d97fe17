import type { Reporter, TestModule } from "vitest/node"

/** Closes a run with one plain line, `N passed, N failed`, which any CI can read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      let tests = 0
      for (const test of module.children.allTests()) {
        tests++
        const { state } = test.result()
        if (state === "passed" || state === "failed" || state === "skipped") count[state]++
      }
      // A file that could not even be read holds no tests, and is a failure all the same.
      if (module.state() === "failed" && (tests === 0 || module.errors().length > 0)) count.failed++
    }
    console.log(`\n${count.passed} passed, ${count.failed} failed${count.skipped > 0 ? `, ${count.skipped} skipped` : ""}`)
  }
}
