/** A page as a person sees it: opened in Chromium, at the widths of a desk and of a phone. */
import { execFile } from "node:child_process"
import { accessSync, constants, readFileSync, rmSync, writeFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"

/** The browser of this machine, if it has one: `CHROME_PATH`, or what is called so on the path. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter)
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
  const candidates = [process.env.CHROME_PATH ?? "", ...folders.flatMap((folder) => names.map((name) => join(folder, name)))]
  return candidates.find((path) => path !== "" && isExecutable(path))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface Seen {
  /** What the console says: errors of scripts, of the policy, of files that are missing. */
  console: string[]
  views: View[]
  /** A picture of the whole, as PNG. */
  picture: Buffer
}

export interface View {
  width: number
  /** How far the page reaches to the right. */
  reach: number
  /** Ids of the sections that take room on the screen. */
  visible: string[]
  /** Rows of the matrix that remain after a filter was used. */
  filtered: number
  /** A button of the script is there: the script ran. */
  scripted: boolean
}

const WIDTHS = [1280, 390]

/** Opens a page and measures it. A page may not measure itself, as its policy runs nothing but its own script: another one does. */
export async function see(chromium: string, page: string, filter: string): Promise<Seen> {
  const folder = dirname(page)
  const measure = join(folder, "measure.html")
  const picture = join(folder, "picture.png")
  writeFileSync(measure, measuring(page, filter))
  try {
    const { stdout, stderr } = await open(chromium, folder, ["--virtual-time-budget=4000", "--dump-dom", `file://${measure}`])
    const views = /<pre id="seen">(.*)<\/pre>/.exec(stdout)?.[1]
    if (views === undefined) throw new Error(`the page was not measured:\n${stderr}`)
    await open(chromium, folder, ["--window-size=1280,1800", `--screenshot=${picture}`, `file://${page}`])
    const console = stderr.split("\n").filter((line) => line.includes(":CONSOLE"))
    return {
      console,
      views: JSON.parse(views.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">")),
      picture: readFileSync(picture),
    }
  } finally {
    rmSync(measure, { force: true })
  }
}

function open(chromium: string, folder: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  const flags = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--enable-logging=stderr",
    "--allow-file-access-from-files",
  ]
  return new Promise((resolve, reject) => {
    execFile(
      chromium,
      [...flags, `--user-data-dir=${join(folder, "profile")}`, ...args],
      { timeout: 90_000, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => (error ? reject(error) : resolve({ stdout, stderr })),
    )
  })
}

const measuring = (page: string, filter: string): string => `<!doctype html>
${WIDTHS.map((width) => `<iframe width="${width}" height="900" style="border:0" src="file://${page}"></iframe>`).join("")}
<script>
const look = (frame) => {
  const page = frame.contentDocument
  const search = page.querySelector("input[type=search]")
  const visible = [...page.querySelectorAll("section")].filter((one) => one.getBoundingClientRect().height > 40).map((one) => one.id)
  search.value = ${JSON.stringify(filter)}
  search.dispatchEvent(new frame.contentWindow.Event("input", { bubbles: true }))
  for (const one of page.querySelectorAll("details")) one.open = true
  return {
    width: Number(frame.width),
    reach: page.documentElement.scrollWidth,
    visible,
    filtered: page.querySelectorAll("table.routes tbody tr:not([hidden])").length,
    scripted: !page.getElementById("theme").hidden,
  }
}
addEventListener("load", () => setTimeout(() => {
  const seen = document.createElement("pre")
  seen.id = "seen"
  seen.textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(look))
  document.body.append(seen)
}, 300))
</script>`
