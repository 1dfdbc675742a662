"""The `waymark` command as a process of its own, in a folder and with a home of its own."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "adapters")
PATIENCE = 30  # seconds without a sign of life, far above what anything here takes
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment with nothing set but where things are: a fresh home, a fresh database."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'waymark.sqlite3'}",
    }


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    """Return what runs the command to its end and gives its exit code and output."""

    def to_the_end(*arguments: str, typed: str | bytes = "", **settings: str) -> subprocess.CompletedProcess[str]:
        given = typed.encode() if isinstance(typed, str) else typed
        ended = subprocess.run(
            (*COMMAND, *arguments),
            input=given,
            capture_output=True,
            timeout=60,
            cwd=tmp_path,
            env=environment | settings,
            check=False,
        )
        return subprocess.CompletedProcess(ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return to_the_end


@dataclass
class Terminal:
    """A process at a terminal of 80 columns: type into it, wait for what it shows."""

    process: subprocess.Popen[bytes]
    fd: int
    shown: str = ""
    seen: int = 0

    def type(self, keys: str) -> None:
        """Press these keys."""
        os.write(self.fd, keys.encode())

    def wait_for(self, text: str) -> None:
        """Read until this text is shown behind what was waited for before; fail if it does not come."""
        while (found := self.shown.find(text, self.seen)) < 0:
            assert self._read(), self.shown
        self.seen = found + len(text)

    def end(self) -> int:
        """Read all that is shown until the process ends; return its exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.fd], [], [], PATIENCE)
        assert ready, self.shown
        try:
            read = os.read(self.fd, 65536)
        except OSError:  # how Linux says that the other end is closed
            return False
        self.shown += read.decode(errors="replace")
        return bool(read)


@pytest.fixture
def terminal(tmp_path: Path, environment: dict[str, str]) -> Iterator[Callable[..., Terminal]]:
    """Return what starts the command at a terminal."""
    started: list[Terminal] = []

    def start(*arguments: str, **settings: str) -> Terminal:
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            (*COMMAND, *arguments),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=tmp_path,
            env=environment | {"COLUMNS": "80", "PROMPT_TOOLKIT_NO_CPR": "1"} | settings,
            start_new_session=True,
        )
        os.close(theirs)
        started.append(Terminal(process, ours))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()
        os.close(each.fd)
