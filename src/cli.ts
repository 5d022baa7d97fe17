#!/usr/bin/env node
import module from "node:module"

// Newer versions of Node keep compiled code between runs; the types are those of the oldest that we run on.
;(module as { enableCompileCache?: () => void }).enableCompileCache?.()
const { main } = await import("./commands/main.ts")
await main(process.argv.slice(2))
