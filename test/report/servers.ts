/** How build servers read what a step prints, after their own sources: whatever they would obey is a command. */

export interface Command {
  name: string
  properties: Record<string, string>
  data: string
}

/** GitHub's runner: `::name k=v,k=v::data` at the start of a line, else `##[name k=v;k=v]data` anywhere in it. */
export function githubCommands(text: string): Command[] {
  const commands: Command[] = []
  let stopped: string | undefined
  for (const line of text.split(/\r\n|\r|\n/)) {
    const command = githubCommand(line)
    if (stopped !== undefined) {
      if (command?.name === stopped) stopped = undefined
    } else if (command?.name === "stop-commands") stopped = command.data
    else if (command) commands.push(command)
  }
  return commands
}

function githubCommand(line: string): Command | undefined {
  const modern = /^\s*::(?<name>[^\s:]+)(?: (?<list>.*?))?::(?<data>.*)$/su.exec(line)?.groups
  if (modern) return { name: modern.name!, properties: listed(modern.list ?? "", ",", unescaped), data: unescaped(modern.data!) }
  const old = /##\[(?<name>[^\s\]]+)(?: (?<list>[^\]]*))?\](?<data>.*)$/su.exec(line)?.groups
  return old && { name: old.name!, properties: listed(old.list ?? "", ";", String), data: old.data! }

  function unescaped(value: string): string {
    return value.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%25", "%")
  }
}

/** Azure's agent: the first `##vso[area.event k=v;k=v]data` anywhere in a line. */
export function azureCommands(text: string): Command[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const found = /##vso\[(?<name>[^\s\]]*)(?: (?<list>[^\]]*))?\](?<data>.*)$/su.exec(line)?.groups
    return found ? [{ name: found.name!, properties: listed(found.list ?? "", ";", unescaped), data: unescaped(found.data!) }] : []
  })

  function unescaped(value: string): string {
    return value.replaceAll("%3B", ";").replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%5D", "]").replaceAll("%AZP25", "%")
  }
}

/** TeamCity: `##teamcity[name k='v' k='v']`, where `|` escapes; what does not parse is a command that failed, and counts as one. */
export function teamcityCommands(text: string): Command[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) =>
    [...line.matchAll(/##teamcity\[(?<name>\w*)(?<list>(?: \w+='(?:[^'|[\]]|\|['nr|[\]])*')*)(?<end>\]?)/gu)].map(({ groups }) => {
      const pairs = [...groups!.list!.matchAll(/(\w+)='((?:[^'|]|\|.)*)'/gsu)].map(([, key, value]) => [key!, unescaped(value!)])
      return { name: groups!.end === "]" ? groups!.name! : "broken", properties: Object.fromEntries(pairs), data: "" }
    }),
  )

  function unescaped(value: string): string {
    return value.replace(/\|(.)/gsu, (_, character: string) => ({ n: "\n", r: "\r" })[character] ?? character)
  }
}

function listed(list: string, between: string, plain: (value: string) => string): Record<string, string> {
  const pairs = list.split(between).flatMap((pair) => {
    const at = pair.indexOf("=")
    return at < 1 ? [] : [[pair.slice(0, at).trim(), plain(pair.slice(at + 1))]]
  })
  return Object.fromEntries(pairs)
}
