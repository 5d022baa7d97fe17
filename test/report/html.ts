/** A page as browsers read it: what is parsed, not what was written. */
import { type DefaultTreeAdapterTypes, parse } from "parse5"

type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element

export const readHtml = (text: string): { elements: Element[]; problems: string[] } => {
  const problems: string[] = []
  const document = parse(text, { onParseError: ({ code, startLine }) => problems.push(`${code} in line ${startLine}`) })
  return { elements: [...within(document)], problems }
}

function* within(node: Node): Generator<Element> {
  if ("tagName" in node) yield node
  if ("childNodes" in node) for (const child of node.childNodes) yield* within(child)
}

export const attribute = ({ attrs }: Element, name: string): string | undefined => attrs.find((one) => one.name === name)?.value

export const textOf = (node: Node): string =>
  "value" in node ? node.value : "childNodes" in node ? node.childNodes.map(textOf).join("") : ""
