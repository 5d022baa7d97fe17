import { type Declaration, declarations, isDepends, isSpecial, type Project, quote, rule, type UnfitType, unfitPart } from "#rule"

export default rule({
  summary: "A parameter of a type that Pydantic does not know",
  why: `
FastAPI makes a Pydantic field of every parameter that it reads from the request. For a class that is no model, a database
session, a logger or \`Request | None\` there is no field: \`FastAPIError: Invalid args for response field\`, and the application does
not start. Most often a \`Depends\` is missing.
`,
  help: "Inject it with `Depends(...)`, or make the type a model",
  concern: "correctness",
  level: "error",
  docs: "https://fastapi.tiangolo.com/tutorial/dependencies/",
  equivalents: [],
  startup: true,
  exemptions: [
    "classes with a base, a decorator or a metaclass that is not known",
    "types with validators or other metadata in `Annotated`, which may bring a schema",
    "names that are imported for type checkers only",
  ],
  examples: [
    {
      bad: `
        from fastapi import FastAPI, Request
        from sqlalchemy.orm import Session

        app = FastAPI()

        class Mailer:
            def send(self, text: str): ...

        @app.post("/items")
        def create_item(
            db: Session, # expect: \`db\` is a \`sqlalchemy.orm.Session\`, of which Pydantic makes no field
            mailer: Mailer, # expect: \`mailer\` is a \`main.Mailer\`
            request: Request | None = None, # expect: starlette.requests.Request
        ):
            return {}
      `,
      good: `
        from fastapi import Depends, FastAPI, Request
        from pydantic import BaseModel
        from sqlalchemy.orm import Session

        app = FastAPI()

        class Mailer:
            def send(self, text: str): ...

        class Item(BaseModel):
            name: str

        def get_db(): ...

        @app.post("/items")
        def create_item(item: Item, request: Request, db: Session = Depends(get_db), mailer: Mailer = Depends()):
            return item
      `,
    },
  ],

  *project(project) {
    for (const declaration of declarations(project)) {
      const part = unfit(declaration, project)
      if (!part) continue
      const { name, at, declaredBy, route, annotation } = declaration
      const is = part.value === annotation ? "is" : "holds"
      yield {
        at,
        message:
          part.is === "no type"
            ? `The annotation of ${quote(name)} is no type but ${part.text}: an error when the module is imported`
            : `${quote(name)} ${is} a ${quote(part.text)}, of which Pydantic makes no field: a FastAPIError when the module is imported`,
        routes: [route],
        scope: declaredBy.id,
        discriminator: name,
      }
    }
  },
})

function unfit({ annotation, type, inAnnotated, asDefault, hidden, declaredBy }: Declaration, project: Project): UnfitType | undefined {
  if (!annotation || !type || hidden || [...inAnnotated, ...(asDefault ? [asDefault] : [])].some(isDepends)) return undefined
  if (isSpecial(project, type) !== false && type.is !== "generic") return undefined
  const part = unfitPart(project, annotation)
  return part && isBound(part, declaredBy.path, project) ? part : undefined
}

/** Is the name there when the application runs? What is imported for type checkers only is another fault. */
function isBound({ value }: UnfitType, path: string, { modules }: Project): boolean {
  return !modules.get(path)?.mentions.includes("TYPE_CHECKING") || (value.is === "class" && value.module === path)
}
