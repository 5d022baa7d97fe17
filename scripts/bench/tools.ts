/** The linters beside which fastlint is measured, each in a virtual environment of the benchmark's own. */
import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"

export interface Tool {
  name: string
  version: string
  /** What it is asked to do. */
  command: string[]
}

const PYTHON_TOOLS = ["ruff", "bandit", "flake8", "flake8-async", "pylint"]

/** Installs what is not there yet, and says how each tool is called. Their own configuration of a project is not read. */
export function tools(home: string, cores: number, empty: string): Tool[] {
  const bin = join(home, "venv", "bin")
  if (!existsSync(join(bin, "pip"))) execFileSync("python3", ["-m", "venv", join(home, "venv")])
  execFileSync(join(bin, "pip"), ["install", "--quiet", "--disable-pip-version-check", ...PYTHON_TOOLS], { stdio: "inherit" })
  if (!existsSync(join(home, "node_modules", "pyright")))
    execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", home, "pyright"], { stdio: "inherit" })

  const listed = JSON.parse(
    execFileSync(join(bin, "pip"), ["list", "--format", "json", "--disable-pip-version-check"], { encoding: "utf8" }),
  ) as { name: string; version: string }[]
  const version = (name: string) => listed.find((one) => one.name.toLowerCase() === name)?.version ?? "?"
  const pyright = join(home, "node_modules", "pyright")
  const { version: pyrightVersion } = JSON.parse(
    execFileSync("node", ["-p", `JSON.stringify(require("${pyright}/package.json"))`], { encoding: "utf8" }),
  )
  const python = (name: string, ...args: string[]): string[] => [join(bin, name), ...args]
  return [
    {
      name: "ruff (FAST, ASYNC, S)",
      version: version("ruff"),
      command: python("ruff", "check", "--isolated", "--no-cache", "--quiet", "--exit-zero", "--select", "FAST,ASYNC,S", "."),
    },
    { name: "bandit", version: version("bandit"), command: python("bandit", "--quiet", "--exit-zero", "--recursive", ".") },
    {
      name: "flake8 with flake8-async",
      version: `${version("flake8")}, ${version("flake8-async")}`,
      command: python("flake8", "--isolated", "--exit-zero", "--jobs", `${cores}`, "."),
    },
    {
      name: "pylint",
      version: version("pylint"),
      command: python("pylint", "--rcfile", empty, "--exit-zero", "--recursive", "y", "--jobs", `${cores}`, "."),
    },
    { name: "pyright", version: pyrightVersion, command: ["node", join(pyright, "index.js"), "--pythonpath", join(bin, "python"), "."] },
  ]
}

/** Why a tool that one might look for is not there. */
export const LEFT_OUT = "semgrep brings no rules with it and fetches them from a server, so without a network there is nothing to measure."
