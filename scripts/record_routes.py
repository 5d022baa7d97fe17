#!/usr/bin/env python3
"""What FastAPI itself makes of a fixture project, trimmed to what fastlint claims to know.

Usage: record_routes.py PROJECT

Imports the project's app with the FastAPI of this interpreter, and prints one JSON document: the app, and its routes in
the order in which they are matched. Paths are relative to PROJECT; equal input gives equal text, byte for byte.

Which app: `oracle.json` in PROJECT says, or else it is `app.main:app` or `main:app`, whichever file exists. `oracle.json`
holds one object, or a list of them for a repository with several apps:

    {"app": "shop.main:app", "path": "src", "env": {"SHOP_KEY": "x"}, "since": "0.137.0"}

`path` is where Python starts, `env` is set before the import, and under a FastAPI older than `since` the app is skipped.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ORACLE = Path(__file__).resolve().parent.parent / "test" / "oracle"


def settings_of(project):
    """The apps of a project, as `oracle.json` or the convention says."""
    path = project / "oracle.json"
    if path.exists():
        told = json.loads(path.read_text(encoding="utf-8"))
        return told if isinstance(told, list) else [told]
    for name in ("app.main", "main"):
        if (project / (name.replace(".", "/") + ".py")).exists():
            return [{"app": name + ":app"}]
    sys.exit("%s has no oracle.json, app/main.py or main.py" % project)


def record(project):
    """All apps of a project. Each is imported by a process of its own: two may have modules of one name."""
    apps, version = [], None
    for number, setting in enumerate(settings_of(project)):
        env = {**os.environ, **setting.get("env", {}), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        command = [sys.executable, "-W", "ignore", __file__, str(project), "--app", str(number)]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            sys.exit("%s: the app %s could not be recorded" % (project.name, setting["app"]))
        one = json.loads(done.stdout)
        version = one.pop("fastapi")
        apps.append(one)
    return {"fastapi": version, "apps": apps}


def record_app(project, setting):
    """One app, imported into this process."""
    import fastapi

    out = {"fastapi": fastapi.__version__, "app": setting["app"], "path": setting.get("path", ".")}
    if numbers(fastapi.__version__) < numbers(setting.get("since", "0")):
        return {**out, "skipped": True}
    root = project / setting.get("path", ".")
    os.chdir(root)
    sys.path[:] = [place for place in sys.path if place not in ("", str(ORACLE.parent), str(Path(__file__).parent))]
    sys.path.insert(0, str(ORACLE))
    import dump_app

    sys.path.remove(str(ORACLE))
    dump_app._install_recorder()
    try:
        module, attribute = dump_app.load(setting["app"], str(root))
    except Exception as error:
        # A gate may be one that the app does not pass.
        if "gates" in project.parts:
            return {**out, "error": type(error).__name__}
        raise
    dump = dump_app.dump_app(getattr(module, attribute), argparse.Namespace(openapi=False, no_models=True))
    if dump["lazy_error"]:
        raise SystemExit(dump["lazy_error"]["message"])
    return {**out, **trim_app(dump, project)}


def numbers(version):
    return [int(n) for n in re.findall(r"\d+", version)][:3]


# ---------------------------------------------------------------------------- trimming


# What is as FastAPI has it anyway is left out of the record; whoever reads it puts it back (`test/oracle/recorded.ts`).
PLAIN = json.loads((ORACLE / "plain.json").read_text(encoding="utf-8"))
API = """path path_format convertors name unique_id operation_id summary description response_description tags deprecated
    include_in_schema status_code effective_status_code response_model response_class response_model_options stream
    stream_item_type responses callbacks openapi_extra strict_content_type""".split()
PARAM = "name wire_name in declared_as type required default include_in_schema deprecated".split()
DEPENDENCY = "ref depth param kind use_cache scope exits_early oauth_scopes security_scheme".split()
SCHEME = "scheme_name class auto_error refuses scopes".split()
CALLABLE = "ref kind async generator async_generator partial".split()


def trim_app(dump, project):
    """An app as dumped, without what fastlint does not claim to know."""
    out = {key: dump[key] for key in PLAIN["app"]}
    out["created_at"] = place(dump["created_at"], "line", project)
    out["lifespan"] = dump["lifespan"] and callable_of(dump["lifespan"], project)
    out["middleware"] = [
        {
            "class": one["class"],
            "options": one["options"],
            **({"dispatch": callable_of(one["dispatch"], project)} if one["dispatch"] else {}),
            "site": place(one["site"], "line", project),
        }
        for one in dump["middleware"]
    ]
    out["exception_handlers"] = [
        {**one, "site": one["site"] and place(one["site"], "line", project)} for one in dump["exception_handlers"]
    ]
    out = unusual(out, "app")
    hooks = [trim(route, project) for route in dump["webhooks"]]
    return {**out, "routes": [trim(route, project) for route in dump["routes"]], **({"webhooks": hooks} if hooks else {})}


def trim(route, project):
    """A route as dumped, without what fastlint does not claim to know."""
    if route["kind"] == "error":
        raise SystemExit("%s: %s" % (route["full_path"], route["error"]))
    if route["framework"]:
        return {"kind": route["kind"], "methods": route["methods"], "full_path": route["full_path"], "framework": True}
    out = {key: route[key] for key in ("kind", "methods", "full_path") if key in route}
    out["registered_at"] = place(route["registered_at"], "line", project)
    out["included_at"] = [place(site, "line", project) for site in route["included_at"]]
    if route["kind"] in ("mount", "host", "frontend"):
        out.update({key: route[key] for key in ("name", "host", "app") if key in route})
        if "routes" in route:
            out["routes"] = [trim(inner, project) for inner in route["routes"]]
        return unusual(out, route["kind"])
    out.update({key: route[key] for key in API if key in route})
    if out.get("strict_content_type", True) is None:
        del out["strict_content_type"]
    # One of several methods is in the id, whichever Python has first.
    if len(route.get("methods") or []) > 1:
        out.pop("unique_id", None)
    out["endpoint"] = callable_of(route["endpoint"], project)
    if "params" in route:
        out["params"] = [few(param, PARAM, "params") for param in route["params"]]
        out["dependencies"] = [
            {**few(asked, DEPENDENCY, "dependencies"), **place(asked, "def_line", project)} for asked in route["dependencies"]
        ]
        out["security"] = [few(scheme, SCHEME, "security") for scheme in route["security"]]
    if "body" in route:
        out["body"] = route["body"] and {key: sorted(value) if key == "fields" else value for key, value in route["body"].items()}
    return unusual(out, route["kind"])


def few(item, keys, kind):
    return unusual({key: item[key] for key in keys}, kind)


def unusual(item, kind):
    """What is not as it is anyway."""
    plain = PLAIN.get(kind, {})
    return {key: value for key, value in item.items() if key not in plain or plain[key] != value or type(plain[key]) is not type(value)}


def callable_of(info, project):
    out = {key: info.get(key, False) for key in CALLABLE}
    if info["file"]:
        out.update(place(info, "line", project), **place(info, "def_line", project))
    return unusual(out, "endpoint")


def place(site, line, project):
    """A file of the project and a line, under the key `line`; nothing for files outside."""
    file = site and site.get("file")
    if not file or not Path(file).is_relative_to(project) or "site-packages" in file:
        return {"file": None, line: None}
    return {"file": Path(file).relative_to(project).as_posix(), line: site[line]}


# ---------------------------------------------------------------------------- text


def show(value, indent=""):
    """JSON with a line for each thing that a reader compares: short objects stay on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= 120 or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        items = [inner + json.dumps(key) + ": " + show(item, inner) for key, item in value.items()]
        return "{\n" + ",\n".join(items) + "\n" + indent + "}"
    return "[\n" + ",\n".join(inner + show(item, inner) for item in value) + "\n" + indent + "]"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("project", type=Path)
    parser.add_argument("--app", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    project = args.project.resolve()
    if args.app is None:
        print(show(record(project)))
    else:
        stdout = sys.stdout
        sys.stdout = sys.stderr
        one = record_app(project, settings_of(project)[args.app])
        stdout.write(json.dumps(one))


if __name__ == "__main__":
    main()
