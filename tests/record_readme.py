"""The README's transcript and picture: replay what it types in one chat, and write what is answered now.

Run it after answers have changed: `.venv/bin/python -m tests.record_readme`.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from adapters.terminal.choices import EMPTY
from adapters.terminal.render import render
from bot.app import Bot
from bot.pack.load import shipped_pack
from bot.request import Request

if TYPE_CHECKING:
    from bot.reply import Reply
    from bot.store.engine import Store

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "compare.svg"
PICTURED = "compare ai ml salry india"
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


def picture(reply: Reply) -> str:
    """Draw what a colour terminal shows, as SVG in whatever monospaced font the reader has."""
    console = Console(record=True, width=76, file=io.StringIO(), highlight=False, force_terminal=True)
    console.print(f"> {PICTURED}", style="bold", markup=False)
    console.print(render(reply, console.width, numbered=True))
    drawn = console.export_svg(title="waymark chat", unique_id="waymark")
    return re.sub(r"@font-face {.*?}\s*", "", drawn, flags=re.DOTALL)  # rich's would be fetched from elsewhere


async def pictured() -> Reply:
    """Ask for the answer that the picture shows."""

    async def no_store() -> Store:
        raise LookupError("nobody asks")

    return await Bot(shipped_pack(), no_store, lambda: False).answer(Request(PICTURED, datetime.now(UTC), None))


def main() -> None:
    """Write both anew."""
    README.write_text(recorded(README.read_text()))
    PICTURE.write_text(picture(asyncio.run(pictured())))


if __name__ == "__main__":
    main()
