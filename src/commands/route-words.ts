import type { RouteRow } from "#report"

/** A row without the modules that names come from: `list[Item]` for `list[app.schemas.Item]`. */
export const shortened = (row: RouteRow): RouteRow => ({
  ...row,
  auth: { ...row.auth, text: short(row.auth.text) },
  response: short(row.response),
})

const short = (text: string): string => (text.includes(" ") ? text : text.replace(/[\w.]+[.:](?=\w)/g, ""))
