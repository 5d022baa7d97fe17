import { isNone, knownText, quote, rule, type Value } from "#rule"

export default rule({
  summary: "An app without a title or version",
  why: `
OpenAPI wants a title and a version. \`FastAPI(title="")\` and \`FastAPI(version="")\` raise an \`AssertionError\` unless the
schema is switched off with \`openapi_url=None\`.
`,
  help: "Give the text, or leave the argument out for the default",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/metadata/",
  equivalents: [],
  startup: true,
  exemptions: ["texts that are not known, or that a deployment may set", "apps whose `openapi_url` is or may be `None`"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI

        app = FastAPI(title="", version="1.0") # expect: without a \`title\`
      `,
      good: `
        from fastapi import FastAPI

        app = FastAPI(title="Shop", version="1.0")
      `,
    },
  ],

  *project({ apps }) {
    for (const { at, built, name } of apps) {
      const url = built.keywords.get("openapi_url")
      if (built.open || (url && !knownText(url))) continue
      for (const argument of ["title", "version"]) {
        if (!isEmpty(built.keywords.get(argument))) continue
        yield {
          at,
          message: `FastAPI raises an AssertionError here, because an app without a ${quote(argument)} has no OpenAPI schema`,
          ...(name !== undefined && { scope: name }),
          discriminator: argument,
        }
      }
    }
  },
})

const isEmpty = (value: Value | undefined): boolean =>
  value !== undefined && (isNone(value) || (value.is === "text" && !value.assumed && knownText(value) === ""))
