/** Routers and what they ask for, as a drawing: apps at the left, what everything leans on at the right. */
import { count } from "../layout.ts"
import { type Html, html } from "./html.ts"

export interface GraphNode {
  id: string
  kind: "app" | "router" | "dependency"
  name: string
  /** `/api/v1/users, 6 routes`. */
  detail: string
  place: string
  /** It asks who is calling. */
  authenticates?: boolean
}

export interface GraphEdge {
  from: string
  to: string
  /** How many routes go this way. */
  routes: number
}

export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
  /** Dependencies that are left out because fewer routes ask for them. */
  left: number
}

const BOX = { width: 180, height: 36 }
const GAP = { column: 58, row: 10 }
const MARGIN = 8
/** How often the columns are put in order by what they are joined to. */
const SWEEPS = 6
/** Columns of more rows than fit on a screen all begin at the top. */
const TALL = 18
/** A drawing up to this wide is made to fit the page. */
const FITS = 1420
/** About what fits into a box. */
const LETTERS = { name: 21, detail: 30 }

interface Placed extends GraphNode {
  x: number
  y: number
}

export function graphSvg(graph: Graph): Html {
  const placed = placeNodes(graph)
  const at = new Map(placed.map((node) => [node.id, node]))
  const width = Math.max(0, ...placed.map(({ x }) => x)) + BOX.width + MARGIN
  const height = Math.max(0, ...placed.map(({ y }) => y)) + BOX.height + MARGIN
  const edges = graph.edges.map((edge) => edgePath(edge, at.get(edge.from)!, at.get(edge.to)!, graph))
  return html`<svg class="graph ${width <= FITS && "fit"}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="Routers and dependencies"><g class="edges">${edges}</g>${placed.map((node) => nodeBox(node, graph))}</svg>`
}

/** Keys of the nodes that the script finds; names of strangers stay out of attributes. */
const keyOf = (graph: Graph, id: string): number => graph.nodes.findIndex((node) => node.id === id)

function edgePath(edge: GraphEdge, from: Placed, to: Placed, graph: Graph): Html {
  const [x1, y1, x2, y2] = [from.x + BOX.width, from.y + BOX.height / 2, to.x, to.y + BOX.height / 2]
  const bend = Math.max(30, Math.abs(x2 - x1) / 2)
  const width = Math.min(3.5, 1 + Math.log2(Math.max(1, edge.routes)) / 3).toFixed(1)
  const kind = to.kind === "dependency" ? "asks" : "includes"
  const title = `${from.name} ${kind === "asks" ? "asks for" : "includes"} ${to.name}${edge.routes > 0 ? `: ${count(edge.routes, "route")}` : ""}`
  return html`<path class="${kind}" data-from="${keyOf(graph, edge.from)}" data-to="${keyOf(graph, edge.to)}" stroke-width="${width}" d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"><title>${title}</title></path>`
}

function nodeBox(node: Placed, graph: Graph): Html {
  const kind = node.authenticates ? "dependency auth" : node.kind
  return html`<g class="node ${kind}" data-node="${keyOf(graph, node.id)}" transform="translate(${node.x} ${node.y})"><title>${node.name}
${node.detail}
${node.place}</title><rect width="${BOX.width}" height="${BOX.height}" rx="7"/><text class="name" x="11" y="15">${cutTo(node.name, LETTERS.name)}</text><text class="detail" x="11" y="28">${cutTo(node.detail, LETTERS.detail)}</text></g>`
}

function cutTo(text: string, most: number): string {
  const letters = [...text]
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`
}

// ---------------------------------------------------------------------------- layout

/** Columns by the longest way from an app; in each, nodes near to what they are joined to, so that few lines cross. */
function placeNodes({ nodes, edges }: Graph): Placed[] {
  const columns = columnsOf(nodes, edges)
  const rows = new Map(columns.flatMap((column) => column.map((node, i) => [node.id, i] as const)))
  const neighbours = (id: string, side: "from" | "to") =>
    edges.filter((edge) => edge[side === "from" ? "to" : "from"] === id).map((edge) => rows.get(edge[side]) ?? 0)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const forwards = sweep % 2 === 0
    for (const column of forwards ? columns : columns.toReversed()) {
      const weights = new Map(column.map((node, i) => [node, mean(neighbours(node.id, forwards ? "from" : "to")) ?? i]))
      column.sort((a, b) => weights.get(a)! - weights.get(b)!)
      for (const [i, node] of column.entries()) rows.set(node.id, i)
    }
  }
  const tallest = Math.max(0, ...columns.map(({ length }) => length))
  const step = BOX.height + GAP.row
  return columns.flatMap((column, i) => {
    const top = MARGIN + (tallest > TALL ? 0 : ((tallest - column.length) * step) / 2)
    return column.map((node, row) => ({ ...node, x: MARGIN + i * (BOX.width + GAP.column), y: Math.round(top + row * step) }))
  })
}

const mean = (numbers: number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((sum, one) => sum + one, 0) / numbers.length

/** Dependencies begin right of all routers. A cycle ends where it began. */
function columnsOf(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): GraphNode[][] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const above = new Map<string, GraphNode[]>()
  for (const { from, to } of edges) {
    const [upper, lower] = [byId.get(from), byId.get(to)]
    if (upper && lower && (upper.kind === "dependency") === (lower.kind === "dependency")) above.set(to, [...(above.get(to) ?? []), upper])
  }
  const depths = new Map<string, number>()
  const depthOf = ({ id }: GraphNode): number => {
    const known = depths.get(id)
    if (known !== undefined) return known
    depths.set(id, 0)
    const depth = Math.max(0, ...(above.get(id) ?? []).map((one) => depthOf(one) + 1))
    depths.set(id, depth)
    return depth
  }
  const routers = nodes.filter(({ kind }) => kind !== "dependency")
  const first = Math.max(-1, ...routers.map((node) => depthOf(node))) + 1
  const columns: GraphNode[][] = []
  for (const node of nodes) {
    const column = depthOf(node) + (node.kind === "dependency" ? first : 0)
    columns[column] = [...(columns[column] ?? []), node]
  }
  return columns.filter(Boolean)
}
