"""Runs one command and prints what it took, as JSON: seconds, its peak of memory in MB, how it ended.

usage: measure.py LIMIT_SECONDS FOLDER COMMAND [ARGUMENT...]
"""

import json
import os
import signal
import subprocess
import sys
import time

limit, folder, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
begun = time.perf_counter()
child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
signal.signal(signal.SIGALRM, lambda *_: os.killpg(child.pid, signal.SIGKILL))
signal.setitimer(signal.ITIMER_REAL, limit)
errors = child.stderr.read()
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - begun
signal.setitimer(signal.ITIMER_REAL, 0)
peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
print(json.dumps({"seconds": seconds, "megabytes": peak, "exit": os.waitstatus_to_exitcode(status), "errors": errors.decode(errors="replace")[-2000:]}))
