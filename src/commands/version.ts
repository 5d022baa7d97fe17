import { VERSION } from "#version"

export function version({ json }: { json?: boolean }): void {
  const facts = { fastlint: VERSION, node: process.version, platform: `${process.platform} ${process.arch}` }
  process.stdout.write(json ? `${JSON.stringify(facts, null, 2)}\n` : `fastlint ${VERSION}\n`)
}
