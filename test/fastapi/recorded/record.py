"""Writes NAME.json beside NAME.py: what FastAPI itself makes of each application.

    python test/fastapi/recorded/record.py

Needs FastAPI, python-multipart, email-validator and pydantic. Types are written as the linter writes them.
"""

import collections.abc
import importlib
import inspect
import json
import pathlib
import sys
import types
import typing

from fastapi.params import File, Form
from fastapi.routing import APIRoute, APIWebSocketRoute, iter_route_contexts

HERE = pathlib.Path(__file__).parent
PLACES = ("path", "query", "header", "cookie", "body")


def text(of):
    """The text of a type: builtin names bare, the rest by module, unions with `|`."""
    if of is None or of is type(None):
        return "None"
    if of is typing.Any:
        return "Any"
    origin, args = typing.get_origin(of), typing.get_args(of)
    if origin is typing.Annotated:
        return text(args[0])
    if origin in (typing.Union, types.UnionType):
        return " | ".join(text(arg) for arg in args)
    if origin is typing.Literal:
        return f"Literal[{', '.join(repr(arg) for arg in args)}]"
    if origin is collections.abc.Callable:
        return "Callable"
    if origin is not None:
        return f"{text(origin)}[{', '.join('...' if arg is ... else text(arg) for arg in args)}]"
    if not isinstance(of, type):
        return str(of).removeprefix("typing.")
    if of.__module__ in ("builtins", "typing", "collections", "collections.abc"):
        return of.__qualname__
    return f"{of.__module__}.{of.__qualname__}"


def reference(call):
    while hasattr(call, "func"):
        call = call.func
    call = inspect.unwrap(call)
    of = call if hasattr(call, "__qualname__") else type(call)
    return f"{of.__module__}:{of.__qualname__}"


def params(dependant):
    for place in PLACES:
        for field in getattr(dependant, f"{place}_params"):
            info = field.field_info
            where = "form" if type(info) is Form else "file" if type(info) is File else place
            wire = getattr(info, "validation_alias", None) or field.alias
            yield f"{where} {wire}{'' if info.is_required() else '?'}: {text(info.annotation)}"
    for inner in dependant.dependencies:
        yield from params(inner)


def solved(dependant):
    for inner in dependant.dependencies:
        yield from solved(inner)
        yield reference(inner.call)


def record(route):
    original = route.original_route
    of = route if isinstance(original, APIRoute) else getattr(route, "starlette_route", None) or original
    yield "route", f"{','.join(sorted(getattr(of, 'methods', None) or ['WEBSOCKET']))} {of.path}"
    yield "params", sorted(set(params(of.dependant)))
    yield "dependencies", list(dict.fromkeys(solved(of.dependant)))
    if isinstance(original, APIRoute):
        cls = getattr(of.response_class, "value", of.response_class)
        own = inspect.signature(cls.__init__).parameters["status_code"].default
        yield "status", of.status_code or own
        yield "model", None if of.response_model is None else text(of.response_model)
        yield "class", f"{cls.__module__}.{cls.__qualname__}"


sys.path.insert(0, str(HERE))
for path in sorted(HERE.glob("*.py")):
    if path.stem == "record":
        continue
    app = importlib.import_module(path.stem).app
    routes = [r for r in iter_route_contexts(app.routes) if isinstance(r.original_route, (APIRoute, APIWebSocketRoute))]
    path.with_suffix(".json").write_text(json.dumps([dict(record(r)) for r in routes], indent=1) + "\n")
