import { type FileNotes, hasPydantic2, isModel, quote, rule, supportsBothPydantics, type Value } from "#rule"

export default rule({
  summary: "A model with both `Config` and `model_config`",
  why: `
Pydantic 2 reads one or the other. A model that defines \`class Config\` beside \`model_config\` raises a \`PydanticUserError\` when the
class is made, and the application does not start.
`,
  help: "Move what `Config` says into `model_config`",
  concern: "correctness",
  level: "error",
  docs: "https://docs.pydantic.dev/latest/errors/usage_errors/#config-both",
  equivalents: [],
  startup: true,
  exemptions: ["the project pins Pydantic 1, or a FastAPI that needs it (older than 0.100)", "files that support both versions"],
  examples: [
    {
      bad: `
        from pydantic import BaseModel, ConfigDict

        class Item(BaseModel):
            model_config = ConfigDict(extra="forbid")
            name: str

            class Config: # expect: \`class Config\` of \`Item\` stands beside \`model_config\`
                from_attributes = True
      `,
      good: `
        from pydantic import BaseModel, ConfigDict

        class Item(BaseModel):
            model_config = ConfigDict(extra="forbid", from_attributes=True)
            name: str
      `,
    },
  ],

  notes: (file) => supportsBothPydantics(file) || undefined,

  *project(project, _, notes: FileNotes<boolean>[]) {
    if (!hasPydantic2(project.versions)) return
    const undecided = new Set(notes.map(({ path }) => path))
    for (const cls of project.classes) {
      const config = cls.body.own("Config")
      const both = config?.is === "class" && config.qualname === `${cls.qualname}.Config` && says(cls.body.own("model_config"))
      if (!both || undecided.has(cls.module) || isModel(project, cls) !== true) continue
      yield {
        at: { path: config.module, ...config.def.name_span },
        message: `${quote("class Config")} of ${quote(cls.def.name)} stands beside ${quote("model_config")}: Pydantic raises a PydanticUserError when the class is made`,
        scope: config.qualname,
      }
    }
  },
})

/** An empty `model_config` counts for none. */
const says = (config: Value | undefined): boolean =>
  config?.is === "mapping"
    ? config.entries.length > 0
    : config?.is === "external" && config.built !== undefined && config.built.keywords.size > 0
