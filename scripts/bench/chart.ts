/** Bars on a logarithmic scale, as SVG that reads on light and dark pages. */
export function chart(title: string, bars: { name: string; seconds: number; isOurs: boolean }[]): string {
  const [width, left, row, top] = [720, 210, 26, 48]
  const height = top + bars.length * row + 30
  const least = 10 ** Math.floor(Math.log10(Math.min(...bars.map((bar) => bar.seconds))))
  const most = 10 ** Math.ceil(Math.log10(Math.max(...bars.map((bar) => bar.seconds))))
  const x = (seconds: number) => left + (Math.log10(seconds / least) / Math.log10(most / least)) * (width - left - 70)
  const ticks: number[] = []
  for (let tick = least; tick <= most * 1.001; tick *= 10) ticks.push(tick)
  const text = (at: number, y: number, anchor: string, says: string) =>
    `<text x="${at.toFixed(0)}" y="${y}" text-anchor="${anchor}">${says}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    "<style>text{font:13px system-ui,sans-serif;fill:#57606a}.t{font-weight:600}.o{fill:#0969da}.b{fill:#9aa4ae}line{stroke:#8b949e;stroke-opacity:.35}",
    "@media(prefers-color-scheme:dark){text{fill:#9da7b1}.o{fill:#58a6ff}.b{fill:#6e7681}}</style>",
    `<text class="t" x="0" y="20">${title}</text>`,
    ...ticks.map((tick) => `<line x1="${x(tick).toFixed(0)}" x2="${x(tick).toFixed(0)}" y1="${top - 8}" y2="${height - 24}"/>`),
    ...ticks.map((tick) => text(x(tick), height - 8, "middle", `${Number(tick.toPrecision(3))} s`)),
    ...bars.flatMap(({ name, seconds, isOurs }, nth) => {
      const y = top + nth * row
      return [
        text(left - 8, y + 13, "end", name),
        `<rect class="${isOurs ? "o" : "b"}" x="${left}" y="${y}" width="${Math.max(1, x(seconds) - left).toFixed(0)}" height="${row - 8}" rx="2"/>`,
        text(x(seconds) + 6, y + 13, "start", `${seconds.toFixed(2)} s`),
      ]
    }),
    "</svg>",
    "",
  ].join("\n")
}
