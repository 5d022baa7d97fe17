#!/usr/bin/env python3
"""Dump the *runtime* application model of a FastAPI app as JSON (oracle for a static model).

Usage
  dump_app.py TARGET [--app-dir DIR] [--factory] [--openapi] [--no-models] [-o FILE]

TARGET is one of
  pkg.module:attr     import the module, take the attribute (attr may be dotted)
  pkg.module          import the module, take the first FastAPI instance
                      (names "app", "api" first, then definition order)
  path/to/file.py[:attr]   as above; the package root is found by walking up __init__.py files

Exit status: 0 dumped, 3 the app could not be imported/built (JSON holds "error"),
4 no FastAPI instance found.

Works with fastapi 0.92 (pydantic v1, starlette 0.26) up to 0.165 (pydantic v2, starlette 1.x).
Nothing is requested over the network; the app's lifespan/startup is never run.
"""
import argparse
import asyncio
import dataclasses
import enum
import functools
import importlib
import importlib.util
import inspect
import json
import os
import sys
import traceback
import types
import typing
import warnings

SCHEMA_VERSION = 1
HERE = os.path.abspath(__file__)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import fastapi
    import fastapi.params
    import fastapi.routing
    import pydantic
    import starlette
    import starlette.exceptions
    import starlette.routing
    from fastapi import FastAPI
    from fastapi.routing import APIRoute, APIRouter, APIWebSocketRoute
    from fastapi.security.base import SecurityBase
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

try:
    from fastapi.routing import _IncludedRouter  # fastapi >= 0.137
except ImportError:
    _IncludedRouter = None
try:
    from fastapi.datastructures import DefaultPlaceholder
except ImportError:  # pragma: no cover
    DefaultPlaceholder = ()

PYDANTIC_V2 = not pydantic.VERSION.startswith("1.")
LIB_DIRS = tuple(
    os.path.dirname(os.path.abspath(m.__file__)) + os.sep
    for m in (fastapi, starlette, pydantic)
)
STDLIB_CONTEXT = ("contextlib.py", "functools.py")


# --------------------------------------------------------------------------- sites
def _site():
    """file:line of the first caller frame outside fastapi/starlette/pydantic/this script."""
    f = sys._getframe(1)
    while f is not None:
        fn = os.path.abspath(f.f_code.co_filename)
        if (
            fn != HERE
            and not fn.startswith(LIB_DIRS)
            and "importlib" not in fn
            and not fn.startswith("<")
            and os.path.basename(fn) not in STDLIB_CONTEXT
        ):
            return {"file": fn, "line": f.f_lineno}
        f = f.f_back
    return None


def _innermost(function):
    """A `route_class` may wrap the endpoint once more when its route is copied."""
    try:
        return inspect.unwrap(function)
    except ValueError:
        return function


REG = {"routers": [], "apps": [], "includes": [], "mounts": [], "middleware": [],
       "handlers": [], "events": []}
_keep = []  # keep ids alive


def _install_recorder():
    """Wrap registration entry points to remember where in user code they were called."""

    def wrap(cls, name, after=None, before=None):
        orig = cls.__dict__.get(name)
        if orig is None or not callable(orig):
            return

        @functools.wraps(orig)
        def inner(self, *a, **k):
            ctx = before(self, a, k) if before else None
            r = orig(self, *a, **k)
            if after:
                try:
                    after(self, a, k, r, ctx)
                except Exception:  # the oracle must never change behaviour
                    if os.environ.get("DUMP_APP_DEBUG"):
                        traceback.print_exc()
            return r

        setattr(cls, name, inner)

    def after_router(self, a, k, r, ctx):
        _keep.append(self)
        REG["routers"].append((self, _site()))

    def after_app(self, a, k, r, ctx):
        _keep.append(self)
        self.__dict__["_fl_init"] = {"site": _site(), "lifespan": k.get("lifespan")}
        REG["apps"].append((self, _site()))

    def after_route(self, a, k, r, ctx):
        if "_fl_site" not in self.__dict__:
            self.__dict__["_fl_site"] = _site()

    wrap(APIRouter, "__init__", after_router)
    wrap(FastAPI, "__init__", after_app)
    for cls in (APIRoute, APIWebSocketRoute, starlette.routing.Route,
                starlette.routing.WebSocketRoute, starlette.routing.Mount,
                starlette.routing.Host):
        wrap(cls, "__init__", after_route)

    def before_include(self, a, k):
        router = a[0] if a else k.get("router")
        return router, list(getattr(router, "routes", []) or []), len(self.routes)

    def after_include(self, a, k, r, ctx):
        router, old, n = ctx
        site = _site()
        REG["includes"].append((self, router, k, site))
        new = self.routes[n:]
        if _IncludedRouter is not None and new and isinstance(new[-1], _IncludedRouter):
            new[-1].__dict__["_fl_include"] = {"site": site}
            return
        # fastapi <= 0.136 copies; pair copies with originals (same order, some kinds skipped)
        i = 0
        for c in new:
            while i < len(old) and not (
                _innermost(getattr(old[i], "endpoint", old)) is _innermost(getattr(c, "endpoint", None))
                and getattr(c, "path", "").endswith(getattr(old[i], "path", "\0"))
            ):
                i += 1
            if i < len(old):
                o = old[i]
                i += 1
                c.__dict__["_fl_site"] = o.__dict__.get("_fl_site")
                c.__dict__["_fl_chain"] = [site] + o.__dict__.get("_fl_chain", [])
                c.__dict__["_fl_routers"] = [router] + o.__dict__.get("_fl_routers", [])

    wrap(APIRouter, "include_router", after_include, before_include)

    def after_mw(self, a, k, r, ctx):
        self.user_middleware[0].__dict__["_fl_site"] = _site()

    for cls in (FastAPI, Starlette):
        wrap(cls, "add_middleware", after_mw)

    def after_eh(self, a, k, r, ctx):
        self.__dict__.setdefault("_fl_eh", {})[_key(a[0] if a else k.get("exc_class_or_status_code"))] = _site()

    for cls in (FastAPI, Starlette):
        wrap(cls, "add_exception_handler", after_eh)


# --------------------------------------------------------------------------- values
def _key(x):
    return ref(x) if isinstance(x, type) else str(x)


def ref(x):
    """module:qualname of a class / function / instance's class."""
    if x is None:
        return None
    m = getattr(x, "__module__", None)
    q = getattr(x, "__qualname__", None)
    if q is None:
        t = type(x)
        return "instance of %s:%s" % (t.__module__, t.__qualname__)
    return "%s:%s" % (m, q)


def canon(t):
    """Canonical text of a type annotation, independent of Optional/Union/| spelling."""
    if t is None or t is type(None):
        return "None"
    if t is typing.Any:
        return "Any"
    if t is inspect.Signature.empty:
        return "<empty>"
    if isinstance(t, str):
        return "ForwardRef(%r)" % t
    if isinstance(t, typing.ForwardRef):
        return "ForwardRef(%r)" % t.__forward_arg__
    if isinstance(t, typing.TypeVar):
        return "~" + t.__name__
    origin = typing.get_origin(t)
    args = typing.get_args(t)
    if origin is not None:
        name = getattr(origin, "__name__", None) or str(origin)
        if str(origin) == "typing.Annotated" or name == "Annotated":
            return canon(args[0])
        if origin is typing.Union or origin is getattr(types, "UnionType", ()):
            return " | ".join(canon(a) for a in args)
        if str(origin).endswith("Literal"):
            return "Literal[%s]" % ", ".join(
                repr(a.value) if isinstance(a, enum.Enum) else repr(a) for a in args)
        if name == "Callable":
            return "Callable"
        inner = ", ".join("..." if a is Ellipsis else canon(a) for a in args)
        return "%s[%s]" % (canon(origin), inner)
    generic = getattr(t, "__pydantic_generic_metadata__", None)
    if generic and generic["origin"]:  # named after its arguments, in the module that first asked for it
        return "%s[%s]" % (canon(generic["origin"]), ", ".join(canon(a) for a in generic["args"]))
    if isinstance(t, type):
        if t.__module__ in ("builtins", "typing", "collections.abc", "collections"):
            return t.__qualname__
        return "%s.%s" % (t.__module__, t.__qualname__)
    v = getattr(t, "__value__", None)
    if v is not None:  # PEP 695 alias
        return canon(v)
    return str(t)


def lit(x, depth=0):
    """A JSON value for defaults and metadata: literals as they are, the rest as repr."""
    if isinstance(x, enum.Enum):
        return {"enum": ref(type(x)), "name": x.name, "value": lit(x.value)}
    if x is None or isinstance(x, (bool, int, float, str)):
        return x
    if isinstance(x, (set, frozenset)) and depth < 4:
        return sorted((lit(i, depth + 1) for i in x), key=str)
    if isinstance(x, (list, tuple)) and depth < 4:
        return [lit(i, depth + 1) for i in x]
    if isinstance(x, dict) and depth < 4:
        return {str(k): lit(v, depth + 1) for k, v in x.items()}
    if isinstance(x, type) or inspect.isroutine(x):
        return {"ref": ref(x)}
    return {"repr": type(x).__module__ + "." + type(x).__qualname__}


_ast_cache = {}


def _def_line(fn, first, name):
    """Line of the `def`/`class` keyword (co_firstlineno is the first decorator's)."""
    import ast
    if fn not in _ast_cache:
        try:
            with open(fn, encoding="utf-8") as fh:
                _ast_cache[fn] = ast.parse(fh.read())
        except Exception:
            _ast_cache[fn] = None
    tree = _ast_cache[fn]
    if tree is None:
        return first
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            start = min([node.lineno] + [d.lineno for d in node.decorator_list])
            if start == first and (name is None or node.name == name):
                return node.lineno
    return first


def _impartial(c):
    while isinstance(c, functools.partial):
        c = c.func
    return c


def call_info(c):
    """Identity of a callable: endpoint or dependency."""
    if c is None:
        return None
    out = {"ref": None, "kind": None, "file": None, "line": None, "def_line": None}
    raw = c
    out["partial"] = isinstance(c, functools.partial)
    c = _impartial(c)
    out["wrapped"] = hasattr(c, "__wrapped__")
    try:
        u = inspect.unwrap(c)
    except ValueError:
        u = c
    out["bound"] = inspect.ismethod(c)
    if inspect.isclass(u):
        out["kind"], target = "class", u
    elif inspect.isroutine(u):
        out["kind"], target = "function", u
    elif callable(u) and not inspect.isroutine(u):
        out["kind"], target = "instance", type(u).__call__
        out["instance_of"] = ref(type(u))
    else:
        out["kind"], target = "other", u
    out["ref"] = ref(type(u)) if out["kind"] == "instance" else ref(u)
    out["name"] = getattr(raw, "__name__", type(raw).__name__)
    if out["kind"] != "class":
        f = _impartial(target)
        f = getattr(f, "__func__", f)
        out["async"] = inspect.iscoroutinefunction(f)
        out["generator"] = inspect.isgeneratorfunction(f)
        out["async_generator"] = inspect.isasyncgenfunction(f)
    out["security_scheme"] = isinstance(u, SecurityBase)
    try:
        src = u if out["kind"] != "instance" else type(u)
        if inspect.isclass(src):
            out["file"] = inspect.getsourcefile(src)
            out["line"] = inspect.getsourcelines(src)[1]
        else:
            code = getattr(getattr(src, "__func__", src), "__code__", None)
            if code is not None:
                out["file"], out["line"] = code.co_filename, code.co_firstlineno
        if out["file"]:
            out["file"] = os.path.abspath(out["file"])
            out["def_line"] = _def_line(out["file"], out["line"], getattr(src, "__name__", None))
    except (TypeError, OSError):
        pass
    return out


# --------------------------------------------------------------------------- fields
def _undef(x):
    return type(x).__name__ in ("PydanticUndefinedType", "UndefinedType") or x is Ellipsis


def field_info_of(f):
    return getattr(f, "field_info", None)


def field_required(f):
    fi = field_info_of(f)
    if PYDANTIC_V2 and hasattr(fi, "is_required"):
        return bool(fi.is_required())
    r = getattr(f, "required", None)
    return True if r is None else bool(r) and not _undef(r) or r is True


def field_type(f):
    if not PYDANTIC_V2 and hasattr(f, "outer_type_"):
        t = canon(f.outer_type_)
        if getattr(f, "allow_none", False) and "None" not in t.split(" | ") and t != "Any":
            t += " | None"
        return t
    ann = getattr(field_info_of(f), "annotation", None)
    return canon(ann if ann is not None else getattr(f, "type_", None))


def raw_type(f):
    if not PYDANTIC_V2 and hasattr(f, "outer_type_"):
        return f.outer_type_
    return getattr(field_info_of(f), "annotation", None)


def is_model(t):
    try:
        return isinstance(t, type) and issubclass(t, pydantic.BaseModel)
    except TypeError:
        return False


def wire_name(f):
    fi = field_info_of(f)
    va = getattr(fi, "validation_alias", None) if PYDANTIC_V2 else None
    if isinstance(va, str) and va and hasattr(f, "validation_alias"):
        return va
    return getattr(f, "alias", None) or f.name


def param(f, loc):
    fi = field_info_of(f)
    d = getattr(f, "default", None)
    has_factory = getattr(fi, "default_factory", None) not in (None, fastapi.params._Unset
                                                              if hasattr(fastapi.params, "_Unset") else None)
    out = {
        "name": f.name,
        "wire_name": wire_name(f),
        "in": loc,
        "declared_as": type(fi).__name__,
        "type": field_type(f),
        "required": field_required(f),
        "default": None if field_required(f) or _undef(d) else ({"factory": True} if has_factory else lit(d)),
        "include_in_schema": getattr(fi, "include_in_schema", True),
        "deprecated": bool(getattr(fi, "deprecated", False)),
    }
    if hasattr(fi, "convert_underscores"):
        out["convert_underscores"] = bool(fi.convert_underscores)
    if loc == "body":
        out["media_type"] = getattr(fi, "media_type", None)
        out["embed"] = getattr(fi, "embed", None)
    return out


# --------------------------------------------------------------------------- models
class Models:
    def __init__(self):
        self.out = {}

    def visit(self, t, depth=0):
        if depth > 12:
            return
        for a in typing.get_args(t) or ():
            self.visit(a, depth + 1)
        if isinstance(t, type) and issubclass(t, enum.Enum):
            self.out.setdefault(ref(t), {"kind": "enum", "members": {m.name: lit(m.value) for m in t}})
            return
        dc = isinstance(t, type) and dataclasses.is_dataclass(t)
        if not (is_model(t) or dc) or ref(t) in self.out:
            return
        o = self.out[ref(t)] = {"kind": "dataclass" if dc and not is_model(t) else "model",
                                "bases": [ref(b) for b in t.__mro__[1:] if b is not object][:6], "fields": {}}
        try:
            o["file"] = os.path.abspath(inspect.getsourcefile(t))
            o["line"] = inspect.getsourcelines(t)[1]
            o["def_line"] = _def_line(o["file"], o["line"], t.__name__)
        except (TypeError, OSError):
            pass
        if is_model(t):
            if PYDANTIC_V2:
                cfg = getattr(t, "model_config", {}) or {}
                o["config"] = {k: lit(cfg[k]) for k in sorted(cfg) if k in
                               ("extra", "from_attributes", "populate_by_name", "validate_by_name",
                                "frozen", "title", "use_enum_values", "strict", "alias_generator")}
                for n, fi in t.model_fields.items():
                    o["fields"][n] = {"type": canon(fi.annotation), "required": fi.is_required(),
                                      "alias": fi.alias, "has_default_factory": fi.default_factory is not None}
                    self.visit(fi.annotation, depth + 1)
            else:
                cfg = t.__config__
                o["config"] = {"extra": lit(getattr(cfg.extra, "value", cfg.extra)), "from_attributes": cfg.orm_mode,
                               "populate_by_name": cfg.allow_population_by_field_name}
                for n, f in t.__fields__.items():
                    o["fields"][n] = {"type": field_type(f), "required": bool(f.required),
                                      "alias": f.alias if f.has_alias else None,
                                      "has_default_factory": f.default_factory is not None if hasattr(f, "default_factory") else False}
                    self.visit(f.outer_type_, depth + 1)
        else:
            for f in dataclasses.fields(t):
                o["fields"][f.name] = {"type": canon(f.type), "required": f.default is dataclasses.MISSING
                                       and f.default_factory is dataclasses.MISSING}


# --------------------------------------------------------------------------- dependants
LOCS = (("path", "path_params"), ("query", "query_params"), ("header", "header_params"),
        ("cookie", "cookie_params"), ("body", "body_params"))
SPECIAL = ("request_param_name", "websocket_param_name", "http_connection_param_name",
           "response_param_name", "background_tasks_param_name", "security_scopes_param_name")


def wire_params(d):
    """What OpenAPI lists: [in, wire name, required] after model expansion and merging."""
    groups = {loc: [] for loc, _ in LOCS[:4]}
    stack, seen = [d], []
    while stack:
        cur = stack.pop()
        k = (cur.call, tuple(scopes_of(cur)), getattr(cur, "scope", None))
        if any(k == s for s in seen):
            continue
        seen.append(k)
        for loc, attr in LOCS[:4]:
            groups[loc] += getattr(cur, attr)
        stack += reversed(cur.dependencies)
    out = {}
    for loc, fields in groups.items():
        conv = True
        if len(fields) == 1 and is_model(raw_type(fields[0])) and PYDANTIC_V2:
            fi = field_info_of(fields[0])
            conv = getattr(fi, "convert_underscores", True)
            for n, sub in raw_type(fields[0]).model_fields.items():
                w = (sub.validation_alias if isinstance(sub.validation_alias, str) else None) or sub.alias or n
                if loc == "header" and w == n and conv:
                    w = n.replace("_", "-")
                out[(loc, w)] = sub.is_required() or out.get((loc, w), False)
            continue
        for f in fields:
            if getattr(field_info_of(f), "include_in_schema", True):
                k = (loc, wire_name(f))
                out[k] = field_required(f) or out.get(k, False)
    return [[a, b, c] for (a, b), c in out.items()]


def scopes_of(d):
    for a in ("security_scopes", "oauth_scopes"):
        v = getattr(d, a, None)
        if v is not None:
            return list(v)
    own = list(getattr(d, "own_oauth_scopes", None) or [])
    out = list(getattr(d, "parent_oauth_scopes", None) or [])
    return out + [s for s in own if s not in out]


_EXITS = {}


def exits_early(d):
    """Does what follows its `yield` run before the response is sent? Asked of FastAPI, with a dependency that yields."""
    call = call_info(d.call)
    if not (call and (call.get("generator") or call.get("async_generator"))):
        return False
    scope = getattr(d, "scope", None)
    if scope not in _EXITS:
        order = []

        def asked():
            yield
            order.append("exit")

        probe = FastAPI()
        given = fastapi.Depends(asked, scope=scope) if scope else fastapi.Depends(asked)
        probe.get("/", dependencies=[given])(lambda: {})
        asyncio.run(_request(probe, order))
        _EXITS[scope] = order.index("exit") < order.index("http.response.start")
    return _EXITS[scope]


async def _request(app, order):
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        order.append(message["type"])

    await app(_scope(), receive, send)


def _scope():
    return {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/",
            "raw_path": b"/", "root_path": "", "query_string": b"", "headers": [], "client": ("test", 1), "server": ("test", 80)}


def refusal_of(scheme):
    """The status with which a security scheme refuses a request without a credential; None if it lets it pass."""
    try:
        asyncio.run(scheme(Request(_scope())))
    except starlette.exceptions.HTTPException as e:
        return e.status_code
    except Exception:
        pass
    return None


def dep_tree(d, depth=0, models=None):
    o = {"name": d.name, "call": call_info(d.call), "use_cache": d.use_cache,
         "scope": getattr(d, "scope", None), "oauth_scopes": scopes_of(d), "exits_early": exits_early(d) if depth else False,
         "special": {s[: -len("_param_name")]: getattr(d, s) for s in SPECIAL if getattr(d, s, None)},
         "params": []}
    for loc, attr in LOCS:
        for f in getattr(d, attr):
            o["params"].append(param(f, loc))
            if models is not None:
                models.visit(raw_type(f))
    o["dependencies"] = [dep_tree(s, depth + 1, models) for s in d.dependencies] if depth < 40 else "<too deep>"
    return o


def flatten_deps(tree, out=None, depth=0, root=True):
    """Post-order = the order FastAPI resolves them. Parameter-less deps come first."""
    out = [] if out is None else out
    for s in tree["dependencies"] if isinstance(tree["dependencies"], list) else ():
        flatten_deps(s, out, depth + 1, False)
    if not root:
        out.append({"ref": tree["call"]["ref"] if tree["call"] else None, "depth": depth - 1 if depth else 0,
                    "param": tree["name"], "kind": tree["call"]["kind"], "use_cache": tree["use_cache"],
                    "scope": tree["scope"], "oauth_scopes": tree["oauth_scopes"], "exits_early": tree["exits_early"],
                    "security_scheme": tree["call"]["security_scheme"],
                    "file": tree["call"]["file"], "def_line": tree["call"]["def_line"]})
    return out


def flatten_params(tree, out=None, seen=None):
    """Pre-order, the order OpenAPI uses."""
    out = [] if out is None else out
    for p in tree["params"]:
        out.append(p)
    for s in tree["dependencies"] if isinstance(tree["dependencies"], list) else ():
        flatten_params(s, out)
    return out


def schemes_of(d, out=None):
    out = [] if out is None else out
    for s in d.dependencies:
        call = _impartial(s.call)
        try:
            call = inspect.unwrap(call)
        except ValueError:
            pass
        if isinstance(call, SecurityBase):
            m = getattr(call, "model", None)
            md = (m.model_dump(by_alias=True, exclude_none=True, mode="json") if PYDANTIC_V2 and hasattr(m, "model_dump")
                  else json.loads(m.json(by_alias=True, exclude_none=True)) if hasattr(m, "json") else None)
            out.append({"scheme_name": getattr(call, "scheme_name", None), "class": ref(type(call)),
                        "auto_error": getattr(call, "auto_error", None), "refuses": refusal_of(call),
                        "scopes": scopes_of(s), "model": md})
        schemes_of(s, out)
    return out


# --------------------------------------------------------------------------- routes
def default_of(x):
    """(value, was_default_placeholder)"""
    if DefaultPlaceholder and isinstance(x, DefaultPlaceholder):
        return x.value, True
    return x, False


def path_info(r):
    out = {"path": getattr(r, "path", None), "path_format": getattr(r, "path_format", None)}
    rx = getattr(r, "path_regex", None)
    out["path_regex"] = getattr(rx, "pattern", None)
    pc = getattr(r, "param_convertors", None) or {}
    out["convertors"] = {k: type(v).__name__.replace("Convertor", "").lower() for k, v in pc.items()}
    return out


def api_route(r, models):
    """r is an APIRoute or (>=0.137) an effective route context with the same attributes."""
    o = {"kind": "api"}
    o.update(path_info(r))
    o["methods"] = sorted(r.methods)
    o["name"] = r.name
    o["endpoint"] = call_info(r.endpoint)
    o["status_code"] = r.status_code
    rc, rc_default = default_of(r.response_class)
    o["response_class"] = {"ref": ref(rc), "default": rc_default,
                           "media_type": getattr(rc, "media_type", None)}
    sc = r.status_code
    if sc is None and rc is not None:
        p = inspect.signature(rc.__init__).parameters.get("status_code")
        sc = p.default if p is not None and isinstance(p.default, int) else None
    o["effective_status_code"] = sc
    o["response_model"] = None if r.response_model is None else canon(r.response_model)
    models.visit(r.response_model)
    o["response_model_options"] = {k: lit(getattr(r, "response_model_" + k, None)) for k in
                                   ("include", "exclude", "by_alias", "exclude_unset", "exclude_defaults", "exclude_none")}
    st = getattr(r, "stream_item_type", None)
    o["stream_item_type"] = None if st is None else canon(st)
    o["stream"] = "sse" if getattr(r, "is_sse_stream", False) else "jsonl" if getattr(r, "is_json_stream", False) else None
    o["tags"] = [lit(t) if not isinstance(t, enum.Enum) else t.value for t in r.tags]
    o["deprecated"] = bool(r.deprecated)
    o["include_in_schema"] = bool(r.include_in_schema)
    o["operation_id"] = r.operation_id
    o["unique_id"] = getattr(r, "unique_id", None)
    o["summary"] = r.summary
    o["description"] = r.description
    o["response_description"] = r.response_description
    o["responses"] = {str(k): {"model": canon(v["model"]) if isinstance(v, dict) and v.get("model") else None,
                               "description": v.get("description") if isinstance(v, dict) else None}
                      for k, v in r.responses.items()}
    o["callbacks"] = sorted("%s %s" % (",".join(sorted(getattr(c, "methods", None) or [])), getattr(c, "path", "?"))
                            for c in (r.callbacks or []))
    o["openapi_extra"] = bool(r.openapi_extra)
    scfg, _ = default_of(getattr(r, "strict_content_type", None))
    o["strict_content_type"] = scfg
    o["parameterless_dependencies"] = [ref(_impartial(d.dependency)) if getattr(_impartial(d.dependency), "__qualname__", None)
                                       else ref(type(_impartial(d.dependency))) for d in r.dependencies]
    tree = dep_tree(r.dependant, models=models)
    o["dependant"] = tree
    o["dependencies"] = flatten_deps(tree)
    o["params"] = flatten_params(tree)
    o["wire_params"] = wire_params(r.dependant)
    o["security"] = schemes_of(r.dependant)
    bf = r.body_field
    if bf is not None:
        flat = []
        stack = [r.dependant]
        while stack:
            d = stack.pop()
            flat += d.body_params
            stack += d.dependencies
        single = any(bf is f for f in flat)
        o["body"] = {"embedded": not single, "media_type": getattr(bf.field_info, "media_type", None),
                     "declared_as": type(bf.field_info).__name__, "required": field_required(bf),
                     "fields": sorted(f.name for f in flat)}
    else:
        o["body"] = None
    return o


def ws_route(r, models):
    o = {"kind": "api_websocket"}
    o.update(path_info(r))
    o["methods"] = ["WEBSOCKET"]
    o["name"] = r.name
    o["endpoint"] = call_info(r.endpoint)
    tree = dep_tree(r.dependant, models=models)
    o["dependant"] = tree
    o["dependencies"] = flatten_deps(tree)
    o["params"] = flatten_params(tree)
    o["security"] = schemes_of(r.dependant)
    return o


def plain_route(r, kind):
    o = {"kind": kind}
    o.update(path_info(r))
    m = getattr(r, "methods", None)
    o["methods"] = sorted(m) if m else (["WEBSOCKET"] if kind == "websocket" else ["*"])
    o["name"] = getattr(r, "name", None)
    o["endpoint"] = call_info(getattr(r, "endpoint", None))
    o["include_in_schema"] = bool(getattr(r, "include_in_schema", False))
    return o


def walk(routes, chain=()):
    """Yield (effective_route, original_route, include_chain) in matching order, all versions."""
    for r in routes:
        if _IncludedRouter is not None and isinstance(r, _IncludedRouter):
            yield from _walk_included(r, tuple(chain) + (r.__dict__.get("_fl_include", {}).get("site"),))
        else:
            yield r, r, list(chain) + r.__dict__.get("_fl_chain", [])


def _walk_included(inc, chain):
    nested = [x for x in inc.original_router.routes if isinstance(x, _IncludedRouter)]
    n = 0
    for c in inc.effective_candidates():
        if isinstance(c, _IncludedRouter):
            site = nested[n].__dict__.get("_fl_include", {}).get("site") if n < len(nested) else None
            n += 1
            yield from _walk_included(c, chain + (site,))
        else:
            eff = c if isinstance(c.original_route, APIRoute) else (c.starlette_route or c.original_route)
            yield eff, c.original_route, list(chain)


def is_framework_endpoint(e):
    return bool(e) and (e.get("ref") or "").startswith(("fastapi.applications:", "fastapi.openapi"))


def dump_routes(app_or_router, models, apps, prefix="", depth=0):
    out = []
    routes = getattr(app_or_router, "routes", [])
    for eff, orig, chain in walk(routes):
        try:
            if isinstance(orig, APIRoute):
                o = api_route(eff, models)
                o["route_class"] = ref(type(orig))
            elif isinstance(orig, APIWebSocketRoute):
                o = ws_route(eff, models)
            elif isinstance(orig, starlette.routing.Mount):
                o = {"kind": "mount"}
                o.update(path_info(eff))
                o["path"] = eff.path
                o["name"] = eff.name
                inner = getattr(eff, "_base_app", None) or eff.app
                o["app"] = ref(inner) if isinstance(inner, type) or inspect.isroutine(inner) else ref(type(inner))
                d = getattr(inner, "directory", None)
                if d is not None:
                    o["directory"] = str(d)
                if depth < 6 and hasattr(inner, "routes"):
                    o["fastapi"] = isinstance(inner, FastAPI)
                    o["routes"] = dump_routes(inner, models, apps, prefix + eff.path, depth + 1)
            elif isinstance(orig, starlette.routing.Host):
                o = {"kind": "host", "host": eff.host, "name": eff.name, "app": ref(type(eff.app))}
                if depth < 6 and hasattr(eff.app, "routes"):
                    o["routes"] = dump_routes(eff.app, models, apps, prefix, depth + 1)
            elif isinstance(orig, starlette.routing.WebSocketRoute):
                o = plain_route(eff, "websocket")
            elif isinstance(orig, starlette.routing.Route):
                o = plain_route(eff, "route")
            else:
                o = plain_route(eff, type(orig).__name__)
        except Exception as e:
            o = {"kind": "error", "error": "%s: %s" % (type(e).__name__, e), "path": getattr(eff, "path", None)}
            if os.environ.get("DUMP_APP_DEBUG"):
                traceback.print_exc()
        o["full_path"] = prefix + (o.get("path") or "")
        o["registered_at"] = orig.__dict__.get("_fl_site")
        o["included_at"] = chain
        o["framework"] = is_framework_endpoint(o.get("endpoint"))
        o["index"] = len(out)
        out.append(o)
    router = getattr(app_or_router, "router", app_or_router)
    for r in getattr(router, "_low_priority_routes", []) or []:
        for fr in getattr(r, "routes", []):
            out.append({"kind": "frontend", "path": fr.path, "full_path": prefix + fr.path, "methods": sorted(fr.methods),
                        "fallback": getattr(fr.app, "fallback", None), "directory": str(getattr(fr.app, "directory", None)),
                        "index": len(out), "low_priority": True})
    return out


# --------------------------------------------------------------------------- app
def dump_app(app, args):
    models = Models()
    o = {"ref": None, "class": ref(type(app))}
    for a in ("title", "version", "openapi_url", "docs_url", "redoc_url", "swagger_ui_oauth2_redirect_url",
              "root_path", "debug", "separate_input_output_schemas"):
        o[a] = getattr(app, a, None)
    r = app.router
    o["redirect_slashes"] = r.redirect_slashes
    rc, dflt = default_of(r.default_response_class)
    o["default_response_class"] = {"ref": ref(rc), "default": dflt}
    o["router"] = {"prefix": r.prefix, "tags": list(r.tags), "include_in_schema": getattr(r, "include_in_schema", True),
                   "deprecated": getattr(r, "deprecated", None), "responses": sorted(map(str, r.responses)),
                   "dependencies": [ref(d.dependency) for d in r.dependencies]}
    init = app.__dict__.get("_fl_init") or {}
    o["created_at"] = init.get("site")
    o["lifespan"] = call_info(init["lifespan"]) if init.get("lifespan") else None
    o["on_startup"] = [ref(f) for f in getattr(r, "on_startup", [])]
    o["on_shutdown"] = [ref(f) for f in getattr(r, "on_shutdown", [])]
    o["middleware"] = []
    for m in app.user_middleware:  # outermost first
        kw = dict(getattr(m, "kwargs", None) or getattr(m, "options", None) or {})
        disp = kw.get("dispatch")
        o["middleware"].append({"class": ref(m.cls), "options": {k: lit(v) for k, v in kw.items()},
                                "dispatch": call_info(disp) if disp is not None else None,
                                "site": m.__dict__.get("_fl_site") if hasattr(m, "__dict__") else None})
    o["exception_handlers"] = [{"key": _key(k), "handler": ref(h), "site": app.__dict__.get("_fl_eh", {}).get(_key(k))}
                               for k, h in app.exception_handlers.items()]
    o["dependency_overrides"] = {ref(k): ref(v) for k, v in app.dependency_overrides.items()}
    lazy = None
    try:
        o["routes"] = dump_routes(app, models, [])
    except BaseException as e:  # >= 0.137 builds included routes lazily: app imports, every request fails
        lazy = err(e)
        o["routes"] = None
    o["lazy_error"] = lazy
    wh = getattr(app, "webhooks", None)
    o["webhooks"] = dump_routes(wh, models, []) if wh is not None and getattr(wh, "routes", None) else []
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        try:
            spec = app.openapi()
            o["openapi"] = summarize_openapi(spec)
            if args.openapi:
                o["openapi_document"] = spec
        except BaseException as e:
            o["openapi"] = {"error": err(e)}
    o["openapi_warnings"] = ["%s: %s" % (x.category.__name__, x.message) for x in w]
    if not args.no_models:
        o["models"] = models.out
    reach = set()

    def mark(router):
        if id(router) in reach:
            return
        reach.add(id(router))
        for x in getattr(router, "routes", []):
            if _IncludedRouter is not None and isinstance(x, _IncludedRouter):
                mark(x.original_router)
            for y in x.__dict__.get("_fl_routers", []):
                reach.add(id(y))
            inner = getattr(x, "app", None)
            if isinstance(inner, (FastAPI, Starlette)):
                mark(inner.router)
            elif isinstance(inner, starlette.routing.Router):
                mark(inner)

    mark(app.router)
    if getattr(app, "webhooks", None) is not None:
        mark(app.webhooks)
    o["include_calls"] = [{"parent": id(p), "child": id(c), "prefix": k.get("prefix", ""), "tags": [lit(t) for t in k.get("tags") or []],
                           "dependencies": [ref(d.dependency) for d in k.get("dependencies") or [] if hasattr(d, "dependency")],
                           "site": s} for p, c, k, s in REG["includes"]]
    ids = {id(x): i for i, (x, _) in enumerate(REG["routers"])}
    for c in o["include_calls"]:
        c["parent"], c["child"] = ids.get(c["parent"]), ids.get(c["child"])
    inc = {id(c) for _, c, _, _ in REG["includes"]}
    o["routers"] = [{"id": i, "site": s, "prefix": x.prefix, "tags": [lit(t) for t in x.tags], "class": ref(type(x)),
                     "own_routes": len([q for q in x.routes if not (_IncludedRouter and isinstance(q, _IncludedRouter))]),
                     "reachable": id(x) in reach, "ever_included": id(x) in inc,
                     "belongs_to_app": any(a.router is x or getattr(a, "webhooks", None) is x for a, _ in REG["apps"])}
                    for i, (x, s) in enumerate(REG["routers"]) if s is not None]
    return o


def summarize_openapi(spec):
    ops = {}
    for kind, paths in (("paths", spec.get("paths") or {}), ("webhooks", spec.get("webhooks") or {})):
        for p, item in paths.items():
            for m, op in item.items():
                if not isinstance(op, dict):
                    continue
                body = op.get("requestBody") or {}
                ops["%s %s%s" % (m.upper(), "" if kind == "paths" else "webhook:", p)] = {
                    "operationId": op.get("operationId"), "tags": op.get("tags", []),
                    "deprecated": op.get("deprecated", False),
                    "parameters": sorted([q["in"], q["name"], q.get("required", False)] for q in op.get("parameters", []) if "name" in q),
                    "requestBody": {"required": body.get("required", False), "media": sorted(body.get("content", {}))} if body else None,
                    "responses": {c: sorted((x.get("content") or {})) for c, x in (op.get("responses") or {}).items()},
                    "security": op.get("security")}
    comp = spec.get("components") or {}
    return {"operations": ops, "schemas": sorted(comp.get("schemas") or {}), "securitySchemes": comp.get("securitySchemes") or {}}


def err(e):
    frames = traceback.extract_tb(e.__traceback__)
    user = [f for f in frames if not os.path.abspath(f.filename).startswith(LIB_DIRS)
            and os.path.abspath(f.filename) != HERE and "importlib" not in f.filename and not f.filename.startswith("<")]
    u = user[-1] if user else None
    try:
        msg = str(e)
    except Exception:
        msg = "<unprintable>"
    return {"type": type(e).__name__, "message": msg[:2000], "module": type(e).__module__,
            "user_frame": {"file": os.path.abspath(u.filename), "line": u.lineno, "in": u.name} if u else None}


def load(target, app_dir):
    mod, _, attr = target.partition(":")
    if mod.endswith(".py") or os.sep in mod:
        path = os.path.abspath(mod)
        parts = [os.path.splitext(os.path.basename(path))[0]]
        d = os.path.dirname(path)
        if parts[0] == "__init__":
            parts = []
        while os.path.exists(os.path.join(d, "__init__.py")):
            parts.insert(0, os.path.basename(d))
            d = os.path.dirname(d)
        sys.path.insert(0, d)
        mod = ".".join(parts)
    if app_dir:
        sys.path.insert(0, os.path.abspath(app_dir))
    sys.path.insert(0, os.getcwd())
    m = importlib.import_module(mod)
    return m, attr


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("target")
    ap.add_argument("--app-dir")
    ap.add_argument("--factory", action="store_true")
    ap.add_argument("--openapi", action="store_true", help="include the whole OpenAPI document")
    ap.add_argument("--no-models", action="store_true")
    ap.add_argument("-o", "--output")
    args = ap.parse_args()
    sys.setrecursionlimit(3000)
    _install_recorder()
    doc = {"schema": SCHEMA_VERSION, "target": args.target,
           "versions": {"python": "%d.%d.%d" % sys.version_info[:3], "fastapi": fastapi.__version__,
                        "starlette": getattr(starlette, "__version__", None), "pydantic": pydantic.VERSION}}
    code = 0
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        try:
            m, attr = load(args.target, args.app_dir)
            app = None
            if attr:
                app = functools.reduce(getattr, attr.split("."), m)
                if args.factory or (not isinstance(app, Starlette) and callable(app)):
                    app = app()
            else:
                for n in ["app", "api"] + list(vars(m)):
                    if isinstance(vars(m).get(n), FastAPI):
                        app, attr = vars(m)[n], n
                        break
            if not isinstance(app, FastAPI):
                inner = getattr(app, "app", None)  # e.g. a middleware-wrapped app
                app = inner if isinstance(inner, FastAPI) else None
        except BaseException as e:
            doc["error"] = err(e)
            code = 3
            app = None
    doc["import_warnings"] = ["%s: %s" % (x.category.__name__, str(x.message)[:300]) for x in w]
    if code == 0:
        if app is None:
            doc["error"] = {"type": "NoApp", "message": "no FastAPI instance found"}
            code = 4
        else:
            doc["app"] = dump_app(app, args)
            doc["app"]["ref"] = "%s:%s" % (m.__name__, attr)
    text = json.dumps(doc, indent=1, default=str, sort_keys=False)
    if args.output:
        with open(args.output, "w") as fh:
            fh.write(text + "\n")
    else:
        print(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
