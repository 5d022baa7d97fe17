/** JUnit XML as libxml2 reads it: strictly, and against `junit.xsd`. */
import { readFileSync } from "node:fs"
import { XmlDocument, type XmlElement, XsdValidator } from "libxml2-wasm"

const schema = XsdValidator.fromDoc(XmlDocument.fromString(readFileSync(new URL("./junit.xsd", import.meta.url), "utf8")))

export interface Case {
  suite: string
  attributes: Record<string, string>
  outcome?: { kind: string; message: string; type: string; text: string }
}

export interface Junit {
  attributes: Record<string, string>
  suites: Record<string, string>[]
  cases: Case[]
}

/** The whole document; throws where it is not XML, or not what the schema allows. */
export function readJunit(text: string): Junit {
  const document = XmlDocument.fromString(text)
  try {
    schema.validate(document)
    const elements = (path: string) => document.find(path) as XmlElement[]
    return {
      attributes: attributesOf(document.root),
      suites: elements("/testsuites/testsuite").map(attributesOf),
      cases: elements("/testsuites/testsuite/testcase").map((element) => {
        const [outcome] = element.find("*") as XmlElement[]
        const { message = "", type = "" } = outcome ? attributesOf(outcome) : {}
        return {
          suite: attributesOf(element.parent as XmlElement).name!,
          attributes: attributesOf(element),
          ...(outcome ? { outcome: { kind: outcome.name, message, type, text: outcome.content } } : {}),
        }
      }),
    }
  } finally {
    document.dispose()
  }
}

const attributesOf = (element: XmlElement): Record<string, string> =>
  Object.fromEntries(element.attrs.map((attribute) => [attribute.name, attribute.value]))
