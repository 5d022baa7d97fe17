/**
 * Build servers read what a step prints and obey some of it: GitHub `::command::` at the start of a line and its old
 * `##[command]` anywhere, Azure `##vso[...]` anywhere, TeamCity `##teamcity[...]`. Names and source code come from
 * strangers, so whatever is printed passes through here. Data formats keep their meaning: only the spelling changes.
 */

const ANYWHERE = /##(?=\[|vso\[|teamcity\[)/g
/** Leading blanks do not keep GitHub from reading a command. */
const AT_START = /^([^\S\n]*):(?=:)/gm

/** Text for people, of one line or many; it stays readable. */
export function disarmed(text: string): string {
  return text.replace(ANYWHERE, "#\\x23").replace(AT_START, "$1\\x3a")
}

/** A JSON document that parses to the same value. */
export function disarmedJson(json: string): string {
  return json.replace(ANYWHERE, "#\\u0023")
}

/** An XML document that parses to the same tree. */
export function disarmedXml(xml: string): string {
  return xml.replace(ANYWHERE, "#&#35;").replace(AT_START, "$1&#58;")
}
