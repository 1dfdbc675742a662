"""The README's transcript: replay what it types in one chat, and write what is answered now.

Run it after answers have changed: `.venv/bin/python -m tests.record_readme`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from adapters.terminal.choices import EMPTY

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
_FENCE = re.compile(r"(?<=^```console\n)(> .*?)(?=^```$)", re.MULTILINE | re.DOTALL)


def typed(readme: str) -> list[str]:
    """List the lines that the README types, those behind `> ` in its transcript."""
    return [line for fence in _FENCE.findall(readme) for line in _typed(fence)]


def _typed(fence: str) -> list[str]:
    return [line[2:] for line in fence.splitlines() if line.startswith("> ")]


def replay(lines: list[str], home: Path) -> list[str]:
    """Type lines into one chat that knows nobody, and return the answer to each.

    The empty line typed after each has a known answer, which tells where the next one begins.
    """
    ended = subprocess.run(
        (sys.executable, "-m", "adapters", "chat"),
        input="".join(f"{line}\n\n" for line in lines),
        capture_output=True,
        text=True,
        check=True,
        cwd=home,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "HOME": str(home)},
    )
    return ended.stdout.split(f"{EMPTY}\n\n")[:-1]


def recorded(readme: str) -> str:
    """Return the README with the answers that its transcript gets now."""
    lines = typed(readme)
    with tempfile.TemporaryDirectory() as home:
        answers = iter(replay(lines, Path(home)))

    def again(fence: re.Match[str]) -> str:
        return "\n".join(f"> {line}\n{next(answers).rstrip()}\n" for line in _typed(fence[0]))

    return _FENCE.sub(again, readme)


if __name__ == "__main__":
    README.write_text(recorded(README.read_text()))
