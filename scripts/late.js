import { readFile } from "node:fs/promises"

/**
 * Makes what packages build as they are loaded, and what most runs never use, be built when it is first used. The
 * set of all emoji and the segmenter of `string-width` and `wrap-ansi` took a tenth of the time that a small run takes.
 */
export const late = {
  name: "late",
  setup(build) {
    build.onLoad({ filter: /node_modules\/(string-width|wrap-ansi)\/index\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8")
      for (const [name, made] of [
        ["segmenter", "new Intl.Segmenter()"],
        ["rgiEmojiRegex", "/^\\p{RGI_Emoji}$/v"],
      ]) {
        const before = `const ${name} = ${made};`
        if (!contents.includes(before)) continue
        contents = contents.replace(before, `let made_${name};`).replaceAll(`${name}.`, `(made_${name} ??= ${made}).`)
      }
      return { contents, loader: "js" }
    })
  },
}
