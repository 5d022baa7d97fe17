/** What the bytes of a Python file say, or why they say nothing. */
export type Decoded = { text: string; encoding: string; bom: boolean } | { undecodable: string }

/** A cookie in the first two lines, the first of which must be blank or a comment (PEP 263). */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/
const BLANK = /^[ \t\f]*(?:#.*)?$/

/**
 * Python's name of an encoding, as the web's encoding standard knows it. The standard reads `latin-1` and `ascii` as
 * windows-1252, which differs from Python in 0x80-0x9f only; `latin-1` is decoded by hand, and ASCII is checked.
 */
const ALIASES: Record<string, string> = {
  utf8: "utf-8",
  u8: "utf-8",
  utf: "utf-8",
  "utf-8-sig": "utf-8",
  cp65001: "utf-8",
  latin1: "latin-1",
  latin: "latin-1",
  l1: "latin-1",
  "iso-8859-1": "latin-1",
  "iso8859-1": "latin-1",
  "iso-latin-1": "latin-1",
  "8859": "latin-1",
  cp819: "latin-1",
  "us-ascii": "ascii",
  "646": "ascii",
  latin9: "iso-8859-15",
  "latin-9": "iso-8859-15",
  "iso8859-15": "iso-8859-15",
  latin2: "iso-8859-2",
  "latin-2": "iso-8859-2",
  cp1250: "windows-1250",
  cp1251: "windows-1251",
  cp1252: "windows-1252",
  cp1253: "windows-1253",
  cp1254: "windows-1254",
  cp1255: "windows-1255",
  cp1256: "windows-1256",
  cp1257: "windows-1257",
  cp1258: "windows-1258",
  cp866: "ibm866",
  cp936: "gbk",
  "936": "gbk",
  gb2312: "gbk",
  "euc-cn": "gbk",
  cp950: "big5",
  cp949: "euc-kr",
  uhc: "euc-kr",
  "ks-c-5601": "euc-kr",
  eucjp: "euc-jp",
  ujis: "euc-jp",
  "u-jis": "euc-jp",
  cp932: "shift_jis",
  ms932: "shift_jis",
  sjis: "shift_jis",
  "shift-jis": "shift_jis",
  "s-jis": "shift_jis",
  csshiftjis: "shift_jis",
  "iso2022-jp": "iso-2022-jp",
  "koi8-r": "koi8-r",
  "koi8-u": "koi8-u",
  "mac-roman": "macintosh",
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Reads the bytes as Python does: a byte order mark, else the cookie, else UTF-8. Line ends stay as they are. */
export function decode(bytes: Uint8Array): Decoded {
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const body = bom ? bytes.subarray(3) : bytes
  if (body.includes(0)) return { undecodable: "it is binary: it holds a zero byte" }
  const cookie = cookieOf(body)
  const encoding = cookie === undefined ? "utf-8" : normal(cookie)
  if (bom && encoding !== "utf-8") return { undecodable: `it begins with a UTF-8 byte order mark but declares \`${cookie}\`` }
  if (encoding === "latin-1") return { text: latin1(body), encoding, bom }
  if (encoding === "ascii" && body.some((byte) => byte > 127)) return { undecodable: "it declares ASCII and holds other bytes" }
  // Node's own decoder of this encoding gives control characters for these bytes (https://github.com/nodejs/node/issues/56542).
  if (encoding === "windows-1252") return { text: latin1(body).replace(/[\x80-\x9f]/g, windows1252), encoding, bom }
  let decoder = UTF_8
  try {
    if (encoding !== "utf-8") decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  } catch {
    return { undecodable: `it declares the encoding \`${cookie}\`, which is not known` }
  }
  try {
    return { text: decoder.decode(body), encoding, bom }
  } catch {
    return { undecodable: `it is not valid ${encoding === "utf-8" ? "UTF-8" : encoding}` }
  }
}

function cookieOf(bytes: Uint8Array): string | undefined {
  const [one = "", two = ""] = latin1(bytes.subarray(0, endOfTwoLines(bytes))).split(/\r\n|\r|\n/)
  return COOKIE.exec(one)?.[1] ?? (BLANK.test(one) ? COOKIE.exec(two)?.[1] : undefined)
}

/** Most files begin with two short lines, and this is asked of every file on every run. */
function endOfTwoLines(bytes: Uint8Array): number {
  let lines = 0
  let at = 0
  for (; at < bytes.length && at < 1000; at++) {
    const isEnd = bytes[at] === 0x0a || (bytes[at] === 0x0d && bytes[at + 1] !== 0x0a)
    if (isEnd && ++lines === 2) break
  }
  return at
}

function normal(cookie: string): string {
  const name = cookie.toLowerCase().replaceAll("_", "-")
  if (/^utf-8(-|$)/.test(name)) return "utf-8"
  if (/^(latin-1|iso-8859-1|iso-latin-1)(-|$)/.test(name)) return "latin-1"
  return ALIASES[name] ?? name
}

function latin1(bytes: Uint8Array): string {
  let text = ""
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

/** What 0x80 to 0x9f are in windows-1252. The five bytes that it leaves out stay as they are, as on the web. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"
const windows1252 = (character: string): string => WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character
