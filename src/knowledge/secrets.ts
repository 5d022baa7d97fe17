/**
 * What a secret looks like by its value alone: the shapes in which providers issue keys, private keys, and URLs that
 * hold a password. Shapes follow the providers' own documentation of their key formats.
 */
import { isPlaceholder } from "./secret-words.ts"

/** Without `^` and `$`: a key stands between characters that no key is made of. */
const shapes: readonly (readonly [provider: string, shape: string])[] = [
  ["AWS access key", "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"],
  ["AWS Bedrock key", "ABSK[A-Za-z0-9+/]{100,}={0,2}"],
  ["GitHub token", "gh[pousr]_[A-Za-z0-9]{36}"],
  ["GitHub token", "github_pat_[A-Za-z0-9_]{82}"],
  ["GitLab token", "gl(?:pat|rt|dt|soat|oas|cbt|ptt)-[\\w-]{20,}"],
  ["Slack token", "xox[abeoprs]-(?:\\d+-)+[A-Za-z0-9-]{16,}"],
  ["Slack app token", "xapp-\\d-[A-Z0-9]+-\\d+-[a-z0-9]{32,}"],
  ["Slack webhook", "https://hooks\\.slack\\.com/(?:services|workflows)/T[A-Za-z0-9]+/[A-Za-z0-9]+/[A-Za-z0-9]{20,}"],
  ["Stripe live key", "[sr]k_live_[A-Za-z0-9]{16,}"],
  ["Stripe test key", "[sr]k_test_[A-Za-z0-9]{16,}"],
  ["OpenAI key", "sk-(?:(?:proj|svcacct|admin)-[\\w-]{20,}|[A-Za-z0-9]{20})T3BlbkFJ[\\w-]{20,}"],
  ["Anthropic key", "sk-ant-(?:api|admin)\\d\\d-[\\w-]{80,}"],
  ["Google key", "AIza[\\w-]{35}"],
  ["Google OAuth secret", "GOCSPX-[\\w-]{28}"],
  ["Hugging Face token", "hf_[A-Za-z]{34}"],
  ["SendGrid key", "SG\\.[\\w-]{22}\\.[\\w-]{43}"],
  ["Mailgun key", "key-[0-9a-f]{32}"],
  ["Mailchimp key", "[0-9a-f]{32}-us\\d{1,2}"],
  ["Brevo key", "xkeysib-[0-9a-f]{64}-\\w{16}"],
  ["Telegram bot token", "\\d{8,12}:A[\\w-]{34}"],
  ["Discord webhook", "https://(?:\\w+\\.)?discord(?:app)?\\.com/api/webhooks/\\d+/[\\w-]{60,}"],
  ["npm token", "npm_[A-Za-z0-9]{36}"],
  ["PyPI token", "pypi-AgEIcHlwaS5vcmc[\\w-]{50,}"],
  ["Docker token", "dckr_pat_[\\w-]{27,}"],
  ["DigitalOcean token", "do[opr]_v1_[a-f0-9]{64}"],
  ["Databricks token", "dapi[a-f0-9]{32}"],
  ["Terraform token", "[A-Za-z0-9]{14}\\.atlasv1\\.[\\w=-]{60,}"],
  ["Vault token", "hv[sb]\\.[\\w-]{24,}"],
  ["Shopify token", "shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"],
  ["Linear key", "lin_api_[A-Za-z0-9]{40}"],
  ["Notion token", "ntn_[A-Za-z0-9]{43,}"],
  ["Postman key", "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"],
  ["PlanetScale token", "pscale_(?:tkn|pw|oauth)_[\\w.=-]{32,}"],
  ["Grafana token", "gl(?:c|sa)_[A-Za-z0-9+/_=]{32,}"],
  ["New Relic key", "NRAK-[A-Z0-9]{27}"],
  ["Perplexity key", "pplx-[A-Za-z0-9]{40,}"],
  ["Groq key", "gsk_[A-Za-z0-9]{50,}"],
  ["Replicate token", "r8_[A-Za-z0-9]{37}"],
  ["Supabase key", "sb(?:p|_secret)_[\\w-]{30,}"],
  ["Atlassian token", "ATATT3[\\w=-]{100,}"],
  ["Azure storage key", "AccountKey=[A-Za-z0-9+/]{86}=="],
  ["private key", "-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----[^-]{64,}"],
]

const any = new RegExp(`(?<![\\w-])(?:${shapes.map(([, shape]) => `(${shape})`).join("|")})(?![A-Za-z0-9])`)

export interface Issued {
  /** What it is: "GitHub token". */
  what: string
  /** The key itself. Never to be shown. */
  key: string
}

/** No key of a provider is shorter. */
export const SHORTEST_KEY = 20

/** The key of a known provider, or the private key, within a text; undefined for none, and for keys of documentation. */
export function issuedKey(text: string): Issued | undefined {
  if (text.length < SHORTEST_KEY) return undefined
  const found = any.exec(text)
  if (!found) return undefined
  const [key] = found
  const at = found.slice(1).findIndex((group) => group !== undefined)
  const what = shapes[at]?.[0]
  return what === undefined || isOfDocumentation(key) ? undefined : { what, key }
}

/** `AKIAIOSFODNN7EXAMPLE`, `ghp_xxxxxxxx`, `sk_live_1234567890`. */
const isOfDocumentation = (key: string): boolean =>
  /EXAMPLE|example|your[-_]|placeholder|\.\.\.|(.)\1{5}|123456789|abcdefgh/i.test(key) || new Set(key.slice(-16)).size < 6

export interface PasswordInUrl {
  scheme: string
  password: string
  /** A machine on a developer's desk or in a compose file, rather than one that others reach. */
  isLocal: boolean
}

const URL =
  /\b(postgres(?:ql)?|mysql|mariadb|mssql|oracle|mongodb|rediss?|amqps?|kafka|clickhouse|cockroachdb|neo4j|bolt|ldaps?|smtps?|ftps?|sftp|https?)(?:\+\w+)?:\/\/([^\s:@/'"]*):([^\s@/'"]+)@([^\s/:?'",]+)/i

/** The password in a URL, where it is one that somebody chose: not a variable, not a word that stands for a password. */
export function passwordInUrl(text: string): PasswordInUrl | undefined {
  if (!text.includes("://")) return undefined
  const [, scheme = "", user = "", password = "", host = ""] = URL.exec(text) ?? []
  if (password.length < 4 || password === user || /[{}<>$%*[\]()]/.test(password + user) || isPlaceholder(password)) return undefined
  if (/^(?:foo|bar|user(?:name)?|example|my\w*|scott)$/i.test(user) && /^[a-z]+$/i.test(password)) return undefined
  if (/\bexample\.(?:com|org|net)$|^(?:host(?:name)?|server|your[-_.\w]*|my[-_]?host)$/i.test(host)) return undefined
  return { scheme: scheme.toLowerCase(), password, isLocal: !host.includes(".") || /^(?:127\.|0\.0\.0\.0|host\.docker)/.test(host) }
}
