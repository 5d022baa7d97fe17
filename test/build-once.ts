import { execFileSync } from "node:child_process"

/** Tests of the command line run what users run: the built package. It is built once, before the first test. */
export default function setup(): void {
  execFileSync(process.execPath, ["scripts/build.js"], { stdio: "inherit" })
}
