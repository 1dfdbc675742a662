"""Every command and verb on Discord says what the terminal says; from these runs comes the table in docs/discord.md.

After a command was added, renew the table: `RECORD=1 .venv/bin/pytest tests/on_discord/test_commands_there.py`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from doubles.discord_listening import NOW, listening
from doubles.discord_people import Person, text
from replies import labels as all_labels

from bot.app import Bot
from bot.commands import COMMANDS
from bot.plain import visible
from bot.reply import Reply, cited
from bot.request import Learner, Request

if TYPE_CHECKING:
    from doubles.discord import Discord, Sent

PAGE = Path(__file__).parents[2] / "docs" / "discord.md"
TABLE = re.compile(r"(?<=<!-- table of commands, renewed by its test -->\n)(?:\|.*\n)+")
LINES = [line for command in COMMANDS for line in (command.name, *(f"{command.name} {verb}" for verb in command.verbs))]
BARE = frozenset(command.name for command in COMMANDS)


def says_all(message: Sent, reply: Reply) -> bool:
    """Tell whether a message says all that a reply does; what goes on, on further pages, is told apart."""
    wanted = "".join(
        map(visible, (reply.title, *(part.text for part in cited(reply.blocks)), *all_labels(reply.blocks)))
    )
    shown = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text(message))
    return "Page 1 of" in shown or not Counter("".join(wanted.split())) - Counter(shown)


async def told_in_terminal(bot: Bot, person: str, line: str) -> Reply:
    return await bot.answer(Request(line, NOW, Learner("terminal", person)))


@pytest.mark.parametrize("line", LINES)
async def test_a_line_written_directly_is_answered_as_in_the_terminal(discord: Discord, bot: Bot, line: str) -> None:
    reply = await told_in_terminal(bot, "ana", line)
    async with listening(discord, bot):
        assert says_all(await Person(discord, "1001").write(line), reply)


@pytest.mark.parametrize("line", LINES)
async def test_a_press_in_a_server_is_answered_as_in_the_terminal_and_to_the_presser_alone(
    discord: Discord, bot: Bot, line: str
) -> None:
    reply = await told_in_terminal(bot, "ana", line)
    async with listening(discord, bot):
        ana = Person(discord, "1002")
        answer = await ana.press_id(await ana.command("compare"), line)
        assert answer.ephemeral
        assert says_all(answer, reply)


@pytest.mark.parametrize("name", sorted(BARE))
async def test_a_slash_command_is_answered_as_in_the_terminal(discord: Discord, bot: Bot, name: str) -> None:
    reply = await told_in_terminal(bot, "ana", name)
    async with listening(discord, bot):
        assert says_all(await Person(discord, "1003").command(name), reply)


def test_the_table_in_the_docs_holds_every_command_and_verb() -> None:
    rows = [f"| `{line}` | yes | {'`/' + line + '`' if line in BARE else '—'} | yes | yes |\n" for line in LINES]
    table = "".join(
        ("| line | terminal | slash command | button | written to the bot |\n", "|---|---|---|---|---|\n", *rows)
    )
    page = PAGE.read_text("utf-8")
    if os.environ.get("RECORD"):
        PAGE.write_text(TABLE.sub(lambda _: table, page), "utf-8")
    found = TABLE.search(PAGE.read_text("utf-8"))
    assert found
    assert found[0] == table
