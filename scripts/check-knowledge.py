"""Asks the real libraries whether src/knowledge/ tells the truth. Run by hand, from the repository's root:

    python scripts/check-knowledge.py

in an environment that holds the libraries to be asked; those that are missing are counted, not judged.
Checked: both names of a re-export are one object; bases and exception families are as the classes say;
what is called blocking exists and is no coroutine function; what is called a coroutine function is one.
"""

import collections
import contextlib
import importlib
import inspect
import json
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")
Missing = object()  # the library is not installed, or the name is made at run time


# Two objects, one meaning: no fact tells them apart.
ALIKE = ("fastapi.params.", "sqlmodel.", "typing.", "typing_extensions", "ntpath", "genericpath", "httpx2", "sqlalchemy.ext.declarative.")
# Not a subclass in every release, or a proxy that hands every method on.
STANDS_FOR = {"sqlalchemy.orm.scoped_session", "sqlalchemy.ext.asyncio.async_scoped_session"}
STANDS_FOR |= {f"authlib.integrations.httpx_client.{name}" for name in ("OAuth2Client", "AsyncOAuth2Client")}
# Gone from the newest releases, alive in older ones.
OLD = {"sqlalchemy.Engine().execute", "neo4j.Session().read_transaction", "neo4j.Session().write_transaction", "qdrant_client.QdrantClient().search"}


def facts():
    """The tables, as `scripts/print-knowledge.ts` prints them."""
    out = subprocess.run(["node", "scripts/run.js", "scripts/print-knowledge.ts"], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def find(name):
    """The object of a qualified name; a called class stands for its instances. LookupError where it does not exist."""
    steps = name.split(".")
    called = [step.endswith("()") for step in steps]
    plain = [step.removesuffix("()") for step in steps]
    for end in range(len(steps), 0, -1):
        if any(called[: end - 1]):
            continue
        try:
            found = importlib.import_module(".".join(plain[:end])) if not any(called[:end]) else None
        except ImportError:
            continue
        except Exception:
            return Missing
        if found is None:
            continue
        for step, call in zip(plain[end:], called[end:]):
            try:
                found = inspect.getattr_static(found, step) if inspect.isclass(found) else getattr(found, step)
            except AttributeError:
                if hasattr(found, step):
                    found = getattr(found, step)
                elif is_made_later(found, step):
                    return Missing
                else:
                    raise LookupError(name) from None
            if isinstance(found, (staticmethod, classmethod)):
                found = found.__func__
            if call and not inspect.isclass(found):
                return Missing  # what a function gives cannot be known without calling it
            if not (inspect.isclass(found) or inspect.ismodule(found) or callable(found)):
                return Missing
        return found
    return Missing


def is_made_later(found, step):
    """True for what only an instance has, and for what a package that is not installed would add."""
    if inspect.ismodule(found):
        return getattr(found, "__file__", None) is None
    if hasattr(found, "__getattr__") or step in getattr(found, "__annotations__", {}):
        return True
    with contextlib.suppress(OSError, TypeError):
        return f"self.{step}" in inspect.getsource(found)
    return False


def check(kind, name, judge, tally, wrong):
    try:
        found = find(name)
    except LookupError:
        wrong.append(f"{kind}: {name} does not exist")
        return
    if found is Missing:
        tally["not judged"] += 1
        return
    tally[kind] += 1
    with contextlib.suppress(TypeError):
        complaint = judge(found)
        if complaint:
            wrong.append(f"{kind}: {name} {complaint}")


def is_async(found):
    with contextlib.suppress(ValueError):  # some proxies wrap themselves
        found = inspect.unwrap(found)
    return inspect.iscoroutinefunction(found) or inspect.isasyncgenfunction(found)


def same_as(other):
    def judge(found):
        try:
            home = find(other)
        except LookupError:
            return f"has no home {other}"
        if inspect.ismodule(found) and inspect.ismodule(home):
            theirs = {name: value for name, value in vars(found).items() if inspect.isclass(value) or inspect.isfunction(value)}
            return next((f"has another {name}" for name, value in theirs.items() if getattr(home, name, value) is not value), None)
        return None if home is Missing or home is found else f"is not {other}"

    return judge


def derives(bases):
    def judge(found):
        for base in bases:
            parent = find(base)
            if parent is not Missing and not issubclass(found, parent):
                return f"does not derive from {base}: {[b.__qualname__ for b in found.__mro__]}"

    return judge


def main():
    known, tally, wrong = facts(), collections.Counter(), []
    for other, home in known["aliases"]:
        if not other.startswith(ALIKE):
            check("alias", other, same_as(home), tally, wrong)
    for name, bases in known["bases"] + known["exceptions"]:
        if name not in STANDS_FOR:
            check("base", name, derives(bases), tally, wrong)
    for name in sorted(set(known["blocking"]) - OLD):
        check("blocking", name, lambda found: "is a coroutine function" if is_async(found) else None, tally, wrong)
    for name in known["coroutines"]:
        check("coroutine", name, lambda found: None if is_async(found) else "is no coroutine function", tally, wrong)
    for name in known["offloads"]:
        check("offload", name, lambda found: None, tally, wrong)
    print("\n".join(wrong))
    print(dict(tally), f"{len(wrong)} wrong", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
