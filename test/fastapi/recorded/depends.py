import functools, contextlib, dataclasses
from typing import Any, Optional, Union, List, Dict, Mapping, Sequence, Iterable, Iterator, AsyncGenerator, Literal, TypeVar, Generic, NamedTuple, NewType, Annotated, Callable
from fastapi import FastAPI, APIRouter, Query, Path, Header, Cookie, Body, Form, File, Depends, Security, Request, Response, WebSocket, UploadFile, BackgroundTasks, status
from fastapi.security import OAuth2PasswordBearer, HTTPBearer, APIKeyHeader, OAuth2PasswordRequestForm, OAuth2PasswordRequestFormStrict, SecurityScopes
from pydantic import BaseModel, Field
oauth = OAuth2PasswordBearer(tokenUrl="t", scopes={"a": "b"})
bearer = HTTPBearer(auto_error=False)
class MyBearer(HTTPBearer):
    async def __call__(self, request: Request, x: int = 3):
        return await super().__call__(request)
class MyKey(APIKeyHeader): pass
class Raw(HTTPBearer):
    pass
def global_dep(g: str = Header()): ...
def inc_dep(tenant: int): ...
app = FastAPI(dependencies=[Depends(global_dep)])
router = APIRouter(prefix="/r/{tenant}", dependencies=[Depends(inc_dep)])
def db():
    yield 1
async def user(token: Annotated[str, Depends(oauth)], d=Depends(db)): ...
def admin(scopes: SecurityScopes, u: Annotated[str, Security(user, scopes=["me"])], d=Depends(db)): ...
class Pag:
    def __init__(self, skip: int = 0, limit: int = Query(10, le=50), d=Depends(db)): ...
class Checker:
    def __init__(self, role): self.role = role
    def __call__(self, u=Depends(user), extra: str = ""): ...
    def method(self, w: int): ...
    @classmethod
    def cm(cls, v: int): ...
    @staticmethod
    def sm(v2: int): ...
checker = Checker("a")
def make(role: str):
    def inner(u=Depends(user), r: str = role): ...
    return inner
def require(role):
    return Depends(make(role))
def deco(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs): return fn(*args, **kwargs)
    return wrapper
def deco2(fn):
    def wrapper(*args, **kwargs): return fn(*args, **kwargs)
    return wrapper
@deco
def wrapped(q1: int, d=Depends(db)): ...
def two(a: int, b: int, c: int = 3): ...
class Filt(BaseModel):
    name: str
    tags: list[str] = []
    n: int = Field(3, alias="N")
class Filt2(Filt):
    other: Optional[str] = Field(None, le=3)
@dataclasses.dataclass
class DF:
    a: int
    b: str = "x"
AUTH = Depends(user)
DEPS = [Depends(db), AUTH]
PagDep = Annotated[Pag, Depends()]
class Empty: ...
class Child(Pag): ...
@app.get("/1")
def r1(a=Depends(admin), b: Pag = Depends(), c: PagDep = None, d: Annotated[Checker, Depends(checker)] = None, e=Depends(checker.method), f=Depends(Checker.cm), g=Depends(Checker.sm), h=Depends(make("x")), i=require("z")): ...
@app.get("/2", dependencies=DEPS)
def r2(w=Depends(wrapped), p=Depends(functools.partial(two, 1)), p2=Depends(functools.partial(two, c=2)), l=Depends(lambda lq: lq), u: Filt = Depends(), u2: Filt2 = Depends(), df: DF = Depends()): ...
@app.post("/3", dependencies=[Security(user, scopes=["x"]), Depends(user, use_cache=False)])
def r3(f: OAuth2PasswordRequestForm = Depends(), m=Depends(MyBearer()), k=Depends(MyKey(name="x")), raw=Depends(Raw()), e: Empty = Depends(), ch: Child = Depends(Child)): ...
@app.get("/4")
@deco
def r4(q1: int, d=Depends(db)): ...
@app.get("/5")
@deco2
def r5(q1: int): ...
@app.get("/6")
def r6(x=Depends(Checker.method)): ...
app.add_api_route("/7", functools.partial(two, 1))
app.add_api_route("/8", checker.method, methods=["GET"])
app.add_api_route("/9", Checker("q"), methods=["POST"])
app.add_api_route("/10/{a}", lambda a, b: 1)
@router.get("/11", dependencies=[AUTH])
def r11(u=AUTH, t: Annotated[str, Depends(bearer)] = None): ...
@router.post("/12")
def r12(f: Annotated[OAuth2PasswordRequestFormStrict, Depends()]): ...
class Svc:
    def __init__(self, d=Depends(db)):
        self.router = APIRouter(prefix="/svc")
        self.router.add_api_route("/x/{i}", self.get, methods=["GET"])
    def get(self, i: int, q: str = "a", d=Depends(db)): ...
app.include_router(Svc().router)
app.include_router(router, prefix="/v/{ver}", dependencies=[Depends(inc_dep)])
app.include_router(router, prefix="/w")
