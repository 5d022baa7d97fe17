/** `npm run index-rules`: writes `rules/index.ts` anew. */
import { writeFileSync } from "node:fs"
import { idsUnder, indexText } from "./rule-index.ts"

writeFileSync("rules/index.ts", indexText(idsUnder("rules")))
