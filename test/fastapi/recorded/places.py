import dataclasses, enum, uuid, datetime, decimal, collections, ipaddress, pathlib
from typing import Any, Optional, Union, List, Dict, Mapping, Sequence, Iterable, Iterator, AsyncGenerator, Literal, TypeVar, Generic, NamedTuple, NewType, Annotated, Callable
from typing_extensions import TypedDict as TD, Annotated as An
import typing as t
from collections.abc import Sequence as Seq, Iterable as It
from fastapi import FastAPI, APIRouter, Query, Path, Header, Cookie, Body, Form, File, Depends, Security, Request, Response, WebSocket, UploadFile, BackgroundTasks, status
from fastapi.params import Query as PQuery
from fastapi.security import SecurityScopes, HTTPBearer, HTTPBasicCredentials
from starlette.requests import HTTPConnection
from pydantic import BaseModel, Field, conint, constr, conlist, PositiveInt, EmailStr, HttpUrl, SecretStr, Json, RootModel, StringConstraints, AfterValidator, UUID4
import pydantic.dataclasses as pd
import annotated_types as at
app = FastAPI()
class Color(str, enum.Enum):
    red = "red"
class Level(enum.IntEnum):
    a = 1
class M(BaseModel):
    a: int
    b: str | None = None
class Sub(M):
    c: list[int] = []
class R(RootModel[list[int]]): pass
T_ = TypeVar("T_")
class Page(BaseModel, Generic[T_]):
    items: list[T_]
@dataclasses.dataclass
class DC:
    x: int
@pd.dataclass
class PDC:
    x: int
class Td(TD):
    a: int
class NT(NamedTuple):
    a: int
    b: str
class Name(str): pass
class L(list): pass
Limit = Annotated[int, Query(le=100)]
Pos = Annotated[int, Field(gt=0)]
def dep(z: int = 1): return z
Dep = Annotated[int, Depends(dep)]
type Alias = Annotated[int, Query(ge=1)]

@app.get("/a/{p}/{q}")
def a(p, q: int, x, y: Any, z: object, b: bytes, fl: float, c: Color, l: Level, lit: Literal["a", 1, True], d: datetime.datetime, u: uuid.UUID, de: decimal.Decimal, s: SecretStr, h: HttpUrl, n: None, ci: conint(ge=1), cs: constr(max_length=3), pi: PositiveInt, ip: ipaddress.IPv4Address, pth: pathlib.Path): ...
@app.post("/b")
def b(l: list[int], o: Optional[list[int]] = None): ...
@app.post("/c")
def c(il: int | list[int], la: list[Any], d: dict, dd: Dict[str, int], m: Mapping[str, int], td: Td, dc: DC, pdc: PDC, mo: M, su: Sub, r: R, un: Union[M, int], om: Optional[M], js: Json[list[str]], cl: conlist(int)): ...
@app.post("/d")
def d(l: list, t: tuple, s: set, f: frozenset, ol: Optional[list], nt: NT, up: UploadFile, ou: Optional[UploadFile], lu: list[UploadFile], olu: Optional[List[UploadFile]] = None): ...
@app.get("/e")
def e(it: Iterable[int], e1={}, e2=[], e3=5, e4: int = 5, e5: int = ..., e6: Optional[int] = None, e7: int | None = Query(None), e8: int = Query(...), e9: int = Query(), e10: list[int] = Query([]), e11: Annotated[int, Query()] = 3, e12: Annotated[list[int], Query(default_factory=list)] = ..., e13: Annotated[Optional[str], Query(alias="E-13", max_length=5)] = None): ...
@app.get("/f/{id}")
def f(id: Annotated[int, Path(ge=1)], lim: Limit, lim2: Limit = 5, ol: Optional[Limit] = 5, nl: Limit | None = None, pos: Pos = 1, dd: Dep = 3, od: Optional[Dep] = None, al: Alias = 2, nest: Annotated[Annotated[int, Query()], Header()] = 1, cls_: Annotated[str, Query] = "x", pq: int = PQuery(3)): ...
@app.get("/g")
def g(user_agent: str = Header(), x_a_b: Annotated[str | None, Header(convert_underscores=False)] = None, c_k: str = Cookie(None), h2: Annotated[list[str] | None, Header()] = None, va: str = Query(validation_alias="VA"), vb: str = Query(alias="x", validation_alias="VB")): ...
@app.post("/h")
def h(req: Request, resp: Response, bt: BackgroundTasks, sc: SecurityScopes, con: HTTPConnection, rq: Request = None, b1: int = Body(), b2: Annotated[M, Body(embed=True)] = None): ...
@app.post("/i")
def i(f1: str = Form(), f2: Annotated[bytes, File()] = None, f3: UploadFile = File(...), f4: Annotated[UploadFile | None, File()] = None, fm: Annotated[M, Form()] = None): ...
@app.get("/j")
def j(m: Annotated[M, Query()]): ...
@app.get("/k")
def k(m: Annotated[M, Header()], n: Annotated[Sub, Cookie()]): ...
@app.get("/l/{pa:path}/{n:int}")
def l(pa: str, n: int = 5): ...
@app.get("/m")
def m(*args, **kwargs): ...
@app.get("/n")
def n(a, /, b, *, c=1): ...
@app.websocket("/ws/{room}")
async def ws(websocket: WebSocket, room: str, q: int | None = None, cookie: Annotated[str | None, Cookie()] = None, tok: str = Depends(dep)): ...
class Hooked:
    @classmethod
    def __get_pydantic_core_schema__(cls, s, h):
        from pydantic_core import core_schema
        return core_schema.any_schema()
@app.get("/o")
def o(x: Hooked, e: "int", ty: t.Optional[t.List[int]] = Query(None), tpl: tuple[int, ...] = Query(()), ac: Annotated[str, StringConstraints(max_length=3)] = "", av: Annotated[int, AfterValidator(lambda v: v)] = 1, ag: Annotated[int, at.Gt(3)] = 4, u4: UUID4 = None, ca: Callable = None): ...
@app.post("/p")
def p(cred: HTTPBasicCredentials, seq: Seq[int], it: It[str], dd: collections.defaultdict[str, int], od: collections.OrderedDict[str, int], st: set[int], lm: list[M], dm: dict[str, M]): ...
