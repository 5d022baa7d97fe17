/** What the page does where scripts run: filters, a theme, and light on what belongs together. */

export const SCRIPT = String.raw`
"use strict"
const all = (selector, within = document) => [...within.querySelectorAll(selector)]

const theme = document.getElementById("theme")
const root = document.documentElement
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
const nameTheme = () => { theme.textContent = isDark() ? "Light" : "Dark" }
theme.hidden = false
theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme() })
nameTheme()

for (const form of all("form.filters")) {
  form.hidden = false
  const rows = all("table.routes tbody tr")
  const apply = () => {
    const { text, method, auth, tested, problems } = form.elements
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean)
    let shown = 0
    for (const row of rows) {
      const said = row.textContent.toLowerCase()
      row.hidden = !(
        words.every((word) => said.includes(word)) &&
        (!method.value || row.dataset.method === method.value) &&
        (!auth.value || row.dataset.auth === auth.value) &&
        (!tested.value || row.dataset.tested === tested.value) &&
        (!problems.checked || row.dataset.problems !== "0")
      )
      if (!row.hidden) shown++
    }
    form.querySelector("output").textContent =
      (shown === rows.length ? "" : shown + " of ") + rows.length + (rows.length === 1 ? " row" : " rows")
  }
  form.addEventListener("input", apply)
  form.addEventListener("submit", (event) => event.preventDefault())
  apply()
}

const open = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true
  if (target) target.scrollIntoView({ block: "start" })
}
addEventListener("hashchange", open)
open()

let closed = []
addEventListener("beforeprint", () => { closed = all("details:not([open])"); for (const one of closed) one.open = true })
addEventListener("afterprint", () => { for (const one of closed) one.open = false })

for (const graph of all("svg.graph")) {
  const paths = all("path", graph)
  const reach = (start, from, to) => {
    const seen = new Set([start])
    for (const node of seen) for (const path of paths) if (path.dataset[from] === node) seen.add(path.dataset[to])
    return seen
  }
  for (const node of all(".node", graph)) {
    node.addEventListener("mouseenter", () => {
      const below = reach(node.dataset.node, "from", "to")
      const above = reach(node.dataset.node, "to", "from")
      const both = (one) => below.has(one) || above.has(one)
      graph.classList.add("lit")
      for (const one of all(".node", graph)) one.classList.toggle("on", both(one.dataset.node))
      for (const path of paths) {
        const { from, to } = path.dataset
        path.classList.toggle("on", (below.has(from) && below.has(to)) || (above.has(from) && above.has(to)))
      }
    })
    node.addEventListener("mouseleave", () => {
      graph.classList.remove("lit")
      for (const one of all(".on", graph)) one.classList.remove("on")
    })
  }
}
`

/** By this the page's own policy knows the script: whatever else would run is refused. */
export const SCRIPT_HASH = "sha256-OX6YFjT2I7Tf5dGmeXYvFls+iYBljB4m+w3wminJYnU="
