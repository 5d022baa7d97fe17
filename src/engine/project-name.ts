import { readFileSync } from "node:fs"
import { join } from "node:path"
import { readToml } from "./toml.ts"

/** What a project calls itself in its `pyproject.toml`. Not the name of its folder, which differs from clone to clone. */
export function projectName(root: string): string | undefined {
  try {
    const { project, tool } = readToml(readFileSync(join(root, "pyproject.toml"), "utf8").replace(/^\uFEFF/, "")).value as {
      project?: { name?: unknown }
      tool?: { poetry?: { name?: unknown } }
    }
    const name = project?.name ?? tool?.poetry?.name
    return typeof name === "string" && name.trim() !== "" ? name.trim() : undefined
  } catch {
    return undefined
  }
}
