"""Cold start: whole processes, timed from outside, and the libraries that one of them turned out to import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.table import Timing

OWN = frozenset({"adapters", "bot"})
UNWANTED = frozenset(
    {"PIL", "alembic", "cairosvg", "discord", "matplotlib", "resvg_py", "slack_bolt", "slack_sdk", "sqlalchemy"}
)

_TELL = """
import atexit, json, runpy, sys
origin = lambda name: str(getattr(getattr(sys.modules[name], "__spec__", None), "origin", None))
told = lambda: sorted(name for name in sys.modules if "site-packages" in origin(name))
atexit.register(lambda: print(json.dumps(told()), file=sys.stderr))
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def process(command: Sequence[str | Path], root: Path, environment: Mapping[str, str]) -> Timing:
    """Run a command to its end and return what it took. Raises RuntimeError where it fails."""
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.DEVNULL) as child:
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"exit code {child.returncode} from {command[:3]}")
    return Timing(wall, used.ru_utime + used.ru_stime)


def imported(arguments: Sequence[str], root: Path, environment: Mapping[str, str]) -> list[str]:
    """List the installed modules, ours left out, that `python -m` with these arguments has imported in the end."""
    command = [sys.executable, "-c", _TELL, *arguments]
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(run.stderr.splitlines()[-1])
    return [name for name in modules if name.partition(".")[0] not in OWN]
