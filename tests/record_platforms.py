"""The table *command x platform*: play all scenarios on every platform, and write down how each command was reached.

Run it after commands or platforms have changed: `PYTHONPATH=tests .venv/bin/python -m tests.record_platforms`.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from bot.commands import COMMANDS
from tests.scenarios.playing import STAGES, playing
from tests.scenarios.seat import Way
from tests.scenarios.stories import STORIES

PAGE = Path(__file__).parents[1] / "docs" / "platforms.md"
PATHS = tuple(
    path for command in COMMANDS.values() for path in (command.name, *(f"{command.name} {v}" for v in command.verbs))
)
_WORDS = {
    Way.TYPED: "typed",
    Way.COMMAND: "/",
    Way.MESSAGE: "DM",
    Way.MENTION: "@",
    Way.BUTTON: "button",
    Way.MENU: "menu",
}
_TABLE = re.compile(r"(?<=<!-- from the runs -->\n)(?:\|.*\n)+")
_TOLD = re.compile(r"(?<=<!-- scenarios -->\n)(?:(?:- |  ).*\n)+")


def cell(path: str, taken: set[tuple[str, Way]]) -> str:
    """Write how a command was reached; nothing where it was not."""
    return " ".join(word for way, word in _WORDS.items() if (path, way) in taken)


def columns(page: str) -> dict[str, dict[str, str]]:
    """Read the table: the cells of each platform, by command."""
    found = _TABLE.search(page)
    assert found, "the page has no table"
    head, _, *rows = ([cell.strip() for cell in line.strip("|\n").split("|")] for line in found[0].splitlines())
    return {name: {row[0].strip("`"): row[place] for row in rows} for place, name in enumerate(head) if place}


def table(cells: dict[str, dict[str, str]]) -> str:
    """Write the table, a row for each command and verb."""
    head = f"| line | {' | '.join(cells)} |\n|{'---|' * (len(cells) + 1)}\n"
    return head + "".join(f"| `{path}` | {' | '.join(each[path] for each in cells.values())} |\n" for path in PATHS)


def scenarios() -> str:
    """List the scenarios, with where one cannot be played, and why."""
    return "".join(
        f"- {story.sentence}\n" + "".join(f"  Not on {name}: {why}.\n" for name, why in story.without.items())
        for story in STORIES
    )


def recorded(page: str, cells: dict[str, dict[str, str]]) -> str:
    """Return the page with this table and today's scenarios."""
    return _TOLD.sub(lambda _: scenarios(), _TABLE.sub(lambda _: table(cells), page))


async def played(name: str) -> dict[str, str]:
    """Play everything on one platform, and return its column."""
    with tempfile.TemporaryDirectory() as folder:
        async with playing(name, Path(folder)) as here:
            taken, _ = await here.play_all()
    return {path: cell(path, taken) for path in PATHS}


if __name__ == "__main__":
    made = {name: asyncio.run(played(name)) for name in STAGES}
    PAGE.write_text(recorded(PAGE.read_text("utf-8"), made), "utf-8")
