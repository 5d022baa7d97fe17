#!/usr/bin/env python3
"""What FastAPI makes of every app below a folder: one JSON record a file, as `test/oracle/dump_app.py` writes it.

Usage: dump_apps.py FOLDER OUT [--app MODULE:NAME] [--path SUBFOLDER]

The file `a/b.py` is recorded in `OUT/a__b.py.json`; with `--app`, one app of a project is recorded in `OUT/app.json`.
Each app is imported by a process of its own, forked from one that holds FastAPI already.
"""

import argparse
import json
import os
import re
import signal
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test" / "oracle"))
import dump_app  # noqa: E402

SECONDS = 60


def dump(target, out, app_dir):
    """Imports and records one app in this process, which is not good for anything else afterwards."""
    os.chdir(app_dir)
    sys.argv = ["dump_app.py", target, "--no-models", "-o", str(out), "--app-dir", str(app_dir)]
    signal.alarm(SECONDS)
    return dump_app.main()


def forked(target, out, app_dir):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            code = dump(target, out, app_dir)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--app")
    parser.add_argument("--path", default=".")
    args = parser.parse_args()
    folder, out = args.folder.resolve(), args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    sys.dont_write_bytecode = True
    if args.app:
        record = out / "app.json"
        code = dump(args.app, record, folder / args.path)
        if code != 0:
            print("not imported: %s" % json.loads(record.read_text()).get("error"), file=sys.stderr)
        sys.exit(code)
    dumped, failed = 0, []
    for file in sorted(folder.rglob("*.py")):
        if not re.search(r"\bFastAPI\b", file.read_text(encoding="utf-8", errors="replace")):
            continue
        name = file.relative_to(folder).as_posix()
        record = out / (name.replace("/", "__") + ".json")
        record.unlink(missing_ok=True)
        if forked(str(file), record, folder) == 0:
            dumped += 1
        else:
            failed.append((name, json.loads(record.read_text()).get("error", {}).get("message", "") if record.exists() else "crashed"))
            record.unlink(missing_ok=True)
    for name, why in failed:
        print("not imported: %s: %s" % (name, why.splitlines()[0] if why else ""))
    print("%d apps imported, %d files not" % (dumped, len(failed)))


if __name__ == "__main__":
    main()
