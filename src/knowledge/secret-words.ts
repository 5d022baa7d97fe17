/** Names that hold secrets, and words that stand where a secret will stand later. */
import { remembered } from "./remembered.ts"

/** `signing`: with it anybody writes tokens and cookies. `password` and `key` open something. */
export type SecretKind = "signing" | "password" | "key"

const list = (text: string) => text.split(",").map((phrase) => phrase.trim())

/** A name is compared by its last words, so `secret_key_length`, `password_field` and `token_url` are none. */
const signing = list(
  "secret key, jwt secret, jwt key, signing key, signing secret, encryption key, session secret, session key, cookie secret, token secret, fernet key, hmac key, hmac secret, encryption secret",
)
const passwords = list("password, passwd, passphrase, pwd, db pass, database pass, smtp pass, mail pass, redis pass, admin pass, user pass")
const keys = list(
  "api key, apikey, api token, api secret, access key, access secret, auth token, auth key, access token, refresh token, bearer token, bot token, client secret, consumer secret, webhook secret, app secret, secret access key, service key, account key, private key, token, master key, admin key",
)

/** Before those words, they say that the name holds something else. */
const other =
  "public, primary, foreign, partition, sort, cache, csrf, xsrf, hashed, hash, encrypted, dummy, fake, mock, test, example, sample, placeholder, invalid, wrong, redacted, masked, mask, missing, no, without, forgot, reset, max, min, eos, bos, pad, unk, sep, cls, stop, special, end, start, next, page, sync, continuation, cancellation, header, error, msg, message, input, output, format, label, locale, design, image, think, thought, vocab, tokenizer"
const others = new Set(list(other))

/** What the last word of every phrase above holds: nearly all names are told by it to be names of other things. */
const HINT = /key|secret|pass|pwd|token/i

/** What kind of secret a name holds by its last words; undefined for names of other things. */
export const secretKind = remembered((name): SecretKind | undefined => {
  if (!HINT.test(name)) return undefined
  const words = wordsOf(name).filter((word) => word !== "default" && word !== "value" && !/^\d+$/.test(word))
  if (words.some((word) => others.has(word))) return undefined
  const text = ` ${words.join(" ")}`
  const ends = (phrases: string[]) => phrases.some((phrase) => text.endsWith(` ${phrase}`))
  if (ends(["client secret", "app secret", "webhook secret", "consumer secret", "api secret", "access secret", "aws secret"])) return "key"
  if (/ aws secret (?:access )?key$/.test(text)) return "key"
  if (ends(signing)) return "signing"
  // Alone it may be a flag, or the name of a secret; somebody's own `files_download_secret` signs.
  if (words.at(-1) === "secret") return words.length > 1 ? "signing" : "key"
  return ends(passwords) ? "password" : ends(keys) ? "key" : undefined
})

const standIns = new Set(
  list(
    "change me, changeme, change this, changethis, change it, changeit, change in production, replace, replace me, todo, tbd, none, null, na, empty, default, foo, bar, baz, foobar, secret, secrets, password, passwd, pass, passw0rd, password1, password12, password123, password1234, password12345, admin, admin123, root, user, username, postgres, mysql, mongo, redis, rabbitmq, guest, hunter2, qwerty, insecure, notasecret, redacted, masked, hidden, string, str, test, testing, tests, testpass, test123, token, key, apikey, api key, bearer, local, dev, development, staging, prod, production, demo, minio, minioadmin, letmein, welcome, supersecret, mysecret, mypassword, secretkey, mysecretkey",
  ),
)

const STAND_IN =
  /change[-_ ]?(?:me|this|it|in)|your[-_ ]|^(?:your|my)[a-z]*[-_]|example|sample|dummy|fake|mock|placeholder|replace|insert|put[-_]|to[-_]?do|redacted|masked|not[-_]?a[-_]|not[-_]?real|insecure|^test[-_\d]?|[-_]test$|^xx+|xxx|\*{3}|\.{3}|…|^(.)\1+$|^(?:0?123456?7?8?9?0?)|^abc(?:def|123)|^dev[-_]|[-_]dev$|super[-_ ]?secret|do[-_ ]?not|<|>|\{|\}|^\$|^%|^\[/i

/** Is this a text that stands where somebody is to put a secret, or a word that everybody tries first? */
export const isPlaceholder = (text: string): boolean =>
  text === "" || standIns.has(wordsOf(text).join(" ")) || standIns.has(text.toLowerCase()) || STAND_IN.test(text)

/** Could only a machine have made this up? By length, kinds of characters and Shannon entropy per character. */
export function looksRandom(text: string): boolean {
  if (!/^[\w+/=.~!@#^&*,;:?-]{16,}$/.test(text) || isPlaceholder(text) || isPublished(text)) return false
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return true
  const digits = text.replace(/\D/g, "").length
  if (digits === text.length) return false
  if (/^[0-9a-f]+$/i.test(text)) return text.length >= 24 && entropy(text) >= 3 && digits > 3
  // Words joined by signs, a version now and then: an identifier.
  if (
    /^[A-Za-z]+\d{0,3}(?:[-_.:/][A-Za-z0-9]{1,12})*$/.test(text) &&
    text.split(/[-_.:/]/).every((part) => part.length < 4 || /^(?:[A-Za-z]?[a-z]*|[A-Z]*)\d{0,4}$/.test(part))
  )
    return false
  // `APIKeyForLocalDeployment`: words, where a machine's letters change their case at every turn.
  if (digits === 0 && /^[A-Za-z]+$/.test(text) && text.length / text.split(/(?<=[a-z])(?=[A-Z])/).length >= 5) return false
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text)
  return (digits >= 2 || (isMixed && text.length >= 24)) && entropy(text) >= (text.length >= 24 ? 3.5 : 3.2)
}

/** Keys that go out to every browser: PostHog, Stripe's and Mapbox's public ones, Sentry's address. */
const isPublished = (text: string): boolean => /^(?:phc_|pk_(?:live|test)_|pk\.ey|G-|UA-|GTM-)|^https:\/\/\w+@[\w.]*sentry\./.test(text)

/** Would a person type this as a password: eight characters or more, with letters and digits or signs, and no separators of names? */
export const looksChosen = (text: string): boolean =>
  /^\S{8,64}$/.test(text) &&
  /[A-Za-z]/.test(text) &&
  /[\d!@#$%^&*?+]/.test(text) &&
  !/^[A-Za-z]+(?:[-_.:/][A-Za-z0-9]+)*$/.test(text) &&
  !/:\/\/|^[./\\~]|[(){}<>|]/.test(text) &&
  !isPlaceholder(text)

/** Bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** `dbPassword`, `DB_PASSWORD` and `db-password` alike are `db password`. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
