import { type Call, type Expr, isTextConstant, lastName, type Node, type PyFile, quote, rule } from "#rule"

export default rule({
  summary: "A connection that accepts any certificate",
  why: `
Without the check of its certificate, TLS still encrypts, but to whoever answers: anyone on the way can pose as the other
side, read what is sent (keys and tokens among it) and change what comes back.
`,
  help: "Leave the check on; for an own authority give its certificate (`verify=ssl.create_default_context(cafile=...)`)",
  concern: "security",
  level: "warning",
  docs: "https://www.python-httpx.org/advanced/ssl/",
  equivalents: ["S501", "B501", "S4830", "S5527"],
  cwe: ["CWE-295"],
  exemptions: [
    "a setting decides (`verify=settings.verify_tls`, `if ignore_cert_errors:`)",
    "requests to this machine",
    "tests and scripts",
  ],
  files: { roles: ["app"], words: ["ssl", "verify", "verify_ssl", "verify_certs", "check_hostname"] },
  examples: [
    {
      bad: `
        import ssl
        import httpx

        async def fetch(url: str) -> str:
            async with httpx.AsyncClient(verify=False) as client: # expect: \`verify=False\`
                return (await client.get(url)).text

        context = ssl.create_default_context()
        context.verify_mode = ssl.CERT_NONE # expect: \`ssl.CERT_NONE\`
      `,
      good: `
        import ssl
        import httpx

        context = ssl.create_default_context(cafile="own-authority.pem")

        async def fetch(url: str) -> str:
            async with httpx.AsyncClient(verify=context) as client:
                return (await client.get(url)).text

        def is_alive() -> bool:
            return httpx.get("https://localhost:9200", verify=False).is_success
      `,
    },
  ],

  *file(file) {
    for (const node of file.all("Call", "Assign")) {
      const found = node.kind === "Call" ? inCall(file, node) : inAssignment(file, node)
      if (!found || isSwitched(file, node)) continue
      yield {
        at: file.at(found.node),
        message: `${quote(found.said)} lets anyone on the way pose as the other side`,
        discriminator: found.said,
      }
    }
  },
})

interface Found {
  node: Node
  said: string
}

const CLIENT = /^(?:httpx|requests|aiohttp|httpcore|urllib3|websockets|elasticsearch|opensearchpy|hvac|ldap3)\b/
const VERB = /^(?:get|post|put|patch|delete|head|options|request|send|stream|ws_connect|Client|AsyncClient|Session)$/

function inCall(file: PyFile, call: Call): Found | undefined {
  const called = file.qualified(call.func)
  if (called === "ssl._create_unverified_context") return { node: call.func, said: called }
  const switched = call.keywords.find(
    ({ arg, value }) => /^(?:verify|verify_ssl|ssl|verify_certs|check_hostname)$/.test(arg ?? "") && isFalse(value),
  )
  if (!switched || toThisMachine(call) || isNamedAfterThisMachine(file, call)) return undefined
  const isClient = called !== undefined ? CLIENT.test(called) : VERB.test(lastName(call.func)) && mentionsClient(file)
  return isClient ? { node: switched, said: `${switched.arg}=False` } : undefined
}

const mentionsClient = (file: PyFile): boolean => /^\s*(?:import|from)\s+(?:httpx|requests|aiohttp)\b/m.test(file.text)

function inAssignment(file: PyFile, { targets, value }: Extract<Node, { kind: "Assign" }>): Found | undefined {
  const [target] = targets
  if (target?.kind !== "Attribute") return undefined
  if (target.attr === "verify_mode" && file.qualified(value) === "ssl.CERT_NONE") return { node: value, said: "ssl.CERT_NONE" }
  if (target.attr === "verify" && isFalse(value) && /session|client/i.test(lastName(target.value)) && mentionsClient(file))
    return { node: value, said: "verify = False" }
  return undefined
}

/** `if ignore_cert_errors:`, `if not verify:`, `context if verify else unverified`, and a client that is called insecure beside another. */
function isSwitched(file: PyFile, node: Node): boolean {
  for (const around of file.around(node)) {
    if (around.kind === "FunctionDef" || around.kind === "AsyncFunctionDef") return false
    if (around.kind === "Assign" && around.targets.some((target) => /insecure|unverified|no_(verify|ssl|tls)/i.test(lastName(target))))
      return true
    if (around.kind !== "If" && around.kind !== "IfExp") continue
    const test = around.test.kind === "UnaryOp" ? around.test.operand : around.test
    if (/verif|cert|ssl|tls|insecure/i.test(test.kind === "Name" || test.kind === "Attribute" ? lastName(test) : "")) return true
  }
  return false
}

const isFalse = (value: Expr): boolean => value.kind === "Constant" && value.type === "bool" && value.value === false

/** `url = "https://localhost:4444/servers"`, given by its name. */
function isNamedAfterThisMachine(file: PyFile, { args, start }: Call): boolean {
  const [url] = args
  if (url?.kind !== "Name") return false
  const before = file.text.slice(0, start)
  const set = before.lastIndexOf(`${url.id} = `)
  return set >= 0 && /^\w+ = f?["'](?:https?|wss?):\/\/(?:localhost|127\.|0\.0\.0\.0)/.test(before.slice(set))
}

const toThisMachine = ({ args, keywords }: Call): boolean =>
  [...args, ...keywords.map(({ value }) => value)].some(
    (value) =>
      /^(?:https?|wss?):\/\/(?:localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(isTextConstant(value) ? value.value : "") ||
      (value.kind === "JoinedStr" && isTextConstant(value.values[0]) && /^https?:\/\/(?:localhost|127\.)/.test(value.values[0].value)),
  )
