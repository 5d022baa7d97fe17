import { type Declaration, declarations, type Finding, isScalar, type Project, placeOf, quote, rule, typeOf } from "#rule"

export default rule({
  summary: "A path parameter of a type that no piece of a path can hold",
  why: `
One piece of a URL is one text. A parameter that the path names can be a number, a text, a date, an enum; a list, a dict, a
model or a file cannot be read from it. FastAPI raises \`AssertionError: Path params must be of one of the supported types\`
where the route is added.
`,
  help: "Take a scalar from the path and build the rest from it, or give the parameter a name of its own",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/path-params/",
  equivalents: [],
  startup: true,
  exemptions: ["types that are not known", "names that only the prefix of an include brings, where FastAPI 0.137 and later still starts"],
  examples: [
    {
      bad: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        @app.put("/items/{item}")
        def update_item(item: Item): # expect: \`item\` stands in the path, and no path holds \`main.Item\`
            return item
      `,
      good: `
        from fastapi import FastAPI
        from pydantic import BaseModel

        app = FastAPI()

        class Item(BaseModel):
            name: str

        @app.put("/items/{item_id}")
        def update_item(item_id: int, item: Item):
            return item
      `,
    },
  ],

  *project(project) {
    for (const declaration of declarations(project)) {
      if (isChecked(declaration, project) && declaration.type && isScalar(project, declaration.type) === false)
        yield found(declaration, project)
    }
  },
})

/** Is it read from the path, as FastAPI finds out while the application is built? */
function isChecked({ inPath, inAnnotated, asDefault, hidden }: Declaration, { versions }: Project): boolean {
  if (hidden || (inPath !== "own" && !(inPath === "prefix" && !versions.atLeast("fastapi", "0.137.0")))) return false
  const marker = asDefault ?? inAnnotated.at(-1)
  return !marker || placeOf(marker) === "path"
}

function found({ name, at, declaredBy, type, route }: Declaration, project: Project): Finding {
  return {
    at,
    message: `${quote(name)} stands in the path, and no path holds ${quote(typeOf(project, type).text)}: an AssertionError when the module is imported`,
    routes: [route],
    scope: declaredBy.id,
    discriminator: name,
  }
}
