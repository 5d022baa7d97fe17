/** Projects that grow: features of one kind, each with routes, a service, models and a test, as many as fill so many lines. */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

/** Writes a project of about so many lines; gives back how many there are. */
export function generate(folder: string, lines: number): number {
  const files = new Map<string, string>([
    ["pyproject.toml", '[project]\nname = "grown"\nversion = "1"\ndependencies = ["fastapi", "sqlalchemy", "pydantic"]\n'],
    ["app/__init__.py", ""],
    ["app/database.py", DATABASE],
    ["app/deps.py", DEPENDENCIES],
  ])
  let count = linesIn(files)
  const names: string[] = []
  while (count < lines) {
    const name = `feature${names.length}`
    names.push(name)
    const feature = featureFiles(name, names.length)
    for (const [path, text] of feature) files.set(path, text)
    count += linesIn(feature) + 2
  }
  const imports = names.map((name) => `from app.${name}.routes import router as ${name}_router`)
  const includes = names.map((name) => `app.include_router(${name}_router, prefix="/v1")`)
  files.set("app/main.py", ["from fastapi import FastAPI", ...imports, "", 'app = FastAPI(title="grown")', ...includes, ""].join("\n"))
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return linesIn(files)
}

const linesIn = (files: Iterable<[string, string]>): number =>
  [...files].filter(([path]) => path.endsWith(".py")).reduce((sum, [, text]) => sum + text.split("\n").length - 1, 0)

const DATABASE = `from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    pass


def get_db() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session
`

const DEPENDENCIES = `from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.orm import Session

from app.database import get_db

bearer = OAuth2PasswordBearer(tokenUrl="token")


def get_current_user(token: Annotated[str, Depends(bearer)]) -> str:
    if not token:
        raise HTTPException(status_code=401)
    return token


CurrentUser = Annotated[str, Depends(get_current_user)]
Database = Annotated[Session, Depends(get_db)]
`

function featureFiles(name: string, nth: number): [string, string][] {
  const thing = `Thing${nth}`
  const fields = ["title", "notes", "owner", "state", "colour"]
  const verbs = ["archive", "publish", "rename", "share", "copy", "lock"]
  return [
    [`app/${name}/__init__.py`, ""],
    [
      `app/${name}/models.py`,
      `from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base


class ${thing}(Base):
    __tablename__ = "${name}"

    id: Mapped[int] = mapped_column(primary_key=True)
${fields.map((field) => `    ${field}: Mapped[str] = mapped_column(String(200))`).join("\n")}
    parts: Mapped[list["${thing}Part"]] = relationship(back_populates="whole")


class ${thing}Part(Base):
    __tablename__ = "${name}_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    whole_id: Mapped[int] = mapped_column(ForeignKey("${name}.id"), index=True)
    whole: Mapped[${thing}] = relationship(back_populates="parts")
`,
    ],
    [
      `app/${name}/schemas.py`,
      `from pydantic import BaseModel, Field


class ${thing}In(BaseModel):
${fields.map((field) => `    ${field}: str = Field(min_length=1, max_length=200)`).join("\n")}


class ${thing}Out(${thing}In):
    id: int
`,
    ],
    [
      `app/${name}/service.py`,
      `import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.${name}.models import ${thing}
from app.${name}.schemas import ${thing}In


def find(db: Session, thing_id: int) -> ${thing} | None:
    return db.scalars(select(${thing}).where(${thing}.id == thing_id)).first()


def find_all(db: Session, limit: int) -> list[${thing}]:
    return list(db.scalars(select(${thing}).limit(limit)))


def create(db: Session, given: ${thing}In) -> ${thing}:
    thing = ${thing}(**given.model_dump())
    db.add(thing)
    db.commit()
    db.refresh(thing)
    return thing


${verbs
  .map(
    (verb) => `def ${verb}(db: Session, thing_id: int, by: str) -> ${thing} | None:
    thing = find(db, thing_id)
    if thing is None:
        return None
    if thing.owner != by:
        raise PermissionError(f"{by} may not ${verb} {thing.title}")
    for part in thing.parts:
        if part.id % 2 == 0:
            part.whole_id = thing.id
    thing.state = "${verb}"
    db.commit()
    return thing
`,
  )
  .join("\n\n")}

def wait() -> None:
    time.sleep(1)
`,
    ],
    [
      `app/${name}/routes.py`,
      `from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from app.deps import CurrentUser, Database
from app.${name} import service
from app.${name}.schemas import ${thing}In, ${thing}Out

router = APIRouter(prefix="/${name}", tags=["${name}"])


@router.get("", response_model=list[${thing}Out])
def read_all(db: Database, user: CurrentUser, limit: Annotated[int, Query(le=100)] = 20):
    return service.find_all(db, limit)


@router.post("", response_model=${thing}Out, status_code=201)
def create(given: ${thing}In, db: Database, user: CurrentUser):
    return service.create(db, given)


@router.get("/slow")
async def slow(user: CurrentUser) -> dict[str, str]:
    service.wait()
    return {"state": "late"}


${verbs
  .map(
    (verb) => `@router.post("/{thing_id}/${verb}", response_model=${thing}Out)
def ${verb}(thing_id: int, db: Database, user: CurrentUser):
    try:
        thing = service.${verb}(db, thing_id, user)
    except PermissionError as error:
        raise HTTPException(status_code=403, detail="not yours") from error
    if thing is None:
        raise HTTPException(status_code=404, detail="no such thing")
    return thing
`,
  )
  .join("\n\n")}`,
    ],
    [
      `tests/test_${name}.py`,
      `from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


${verbs
  .map(
    (verb) => `def test_${verb}() -> None:
    response = client.post("/v1/${name}/1/${verb}", headers={"Authorization": "Bearer me"})
    assert response.status_code == 200
    assert response.json()["state"] == "${verb}"
`,
  )
  .join("\n\n")}`,
    ],
  ]
}
