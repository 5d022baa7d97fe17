import iconv from "iconv-lite"
import { describe, expect, test } from "vitest"
import { decode } from "#python"

const bytes = (text: string, encoding = "utf8") => new Uint8Array(iconv.encode(text, encoding))

describe("texts", () => {
  test("UTF-8 is what Python expects", () => {
    expect(decode(bytes("é = '😀'\n"))).toEqual({ text: "é = '😀'\n", encoding: "utf-8", bom: false })
  })

  test("a byte order mark is no part of the text", () => {
    expect(decode(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes("x\n")]))).toEqual({ text: "x\n", encoding: "utf-8", bom: true })
  })

  test("line ends stay as they are", () => {
    expect(decode(bytes("a\r\nb\rc\n"))).toMatchObject({ text: "a\r\nb\rc\n" })
  })

  test("an empty file is a text", () => {
    expect(decode(new Uint8Array())).toMatchObject({ text: "" })
  })

  test.each([
    ["latin-1", "latin1", "é\u0085"],
    ["iso-8859-1", "latin1", "ÿ"],
    ["ISO_8859_1", "latin1", "ÿ"],
    ["iso-8859-15", "iso-8859-15", "€"],
    ["cp1252", "win1252", "€“"],
    ["windows-1251", "win1251", "Привет"],
    ["koi8-r", "koi8-r", "Привет"],
    ["gbk", "gbk", "中文"],
    ["gb2312", "gbk", "中文"],
    ["big5", "big5", "中文"],
    ["euc-jp", "eucjp", "日本"],
    ["euc_jp", "eucjp", "日本"],
    ["shift_jis", "shiftjis", "日本"],
    ["cp932", "shiftjis", "日本"],
    ["euc-kr", "euckr", "한국"],
    ["cp949", "euckr", "한국"],
    ["utf8", "utf8", "é"],
    ["utf-8-unix", "utf8", "é"],
  ])("`coding: %s` is read", (name, encoding, letters) => {
    const text = `# -*- coding: ${name} -*-\nx = '${letters}'\n`
    expect(decode(bytes(text, encoding))).toMatchObject({ text })
  })

  test("the declaration may stand in the second line, below a comment only", () => {
    const second = "#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\n'é'\n"
    expect(decode(bytes(second, "latin1"))).toMatchObject({ text: second, encoding: "latin-1" })
    expect(decode(bytes("import os\n# coding: latin-1\n'é'\n", "latin1"))).toHaveProperty("undecodable")
  })
})

test.each([
  ["binary", new Uint8Array([80, 75, 3, 4, 0, 0]), "it is binary: it holds a zero byte"],
  ["bad UTF-8", new Uint8Array([0x27, 0xe9, 0x27]), "it is not valid UTF-8"],
  ["UTF-16", bytes("x = 1\n", "utf16le"), "it is binary: it holds a zero byte"],
  ["an unknown encoding", bytes("# coding: klingon\n"), "it declares the encoding `klingon`, which is not known"],
  [
    "a mark and another encoding",
    new Uint8Array([0xef, 0xbb, 0xbf, ...bytes("# coding: latin-1\n")]),
    "it begins with a UTF-8 byte order mark but declares `latin-1`",
  ],
  ["ASCII with other bytes", bytes("# coding: ascii\n'é'\n"), "it declares ASCII and holds other bytes"],
])("%s is not decoded", (_, data, reason) => {
  expect(decode(data)).toEqual({ undecodable: reason })
})
