"""Every answer that a pack gives to anybody, by its line, and what changes between two packs. Knows no learner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import unified_diff

from bot.app import Bot
from bot.line import Understood, find_command
from bot.plain import body
from bot.reading import parse
from bot.reply import buttons
from bot.request import Place, Request

PRESSES = 4  # from a bare command; nothing in a pack lies further away


async def all_answers(bot: Bot, at: datetime) -> dict[str, str]:
    """Press every button that is the same for everybody, from the bare commands on; return each answer as text."""
    answers: dict[str, str] = {}
    lines = [name for name in bot.commands if _is_for_everybody(name, bot)]
    for _ in range(PRESSES + 1):
        onward: dict[str, None] = {}
        for line in lines:
            reply = await bot.answer(Request(line, at, place=Place.PUBLIC))
            answers[line] = body(reply).replace(bot.pack.version, "VERSION")  # it differs wherever anything does
            onward |= dict.fromkeys(button.line for button in buttons(reply))
        lines = [line for line in onward if line not in answers and _is_for_everybody(line, bot)]
    return answers


def _is_for_everybody(line: str, bot: Bot) -> bool:
    read = parse(line, bot.commands, bot.vocabulary)
    command = find_command(read.call.path, bot.commands) if isinstance(read, Understood) else None
    return command is not None and not command.personal


def changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Yield each line whose answer differs, with what went (-) and came (+) in it, or that it is gone or new."""
    for line in sorted(old.keys() | new.keys()):
        before, after = old.get(line), new.get(line)
        if before is None or after is None:
            yield f"{line}: {'new' if before is None else 'gone'}"
        elif before != after:
            yield f"{line}:"
            differing = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
            yield from (f"    {text}" for text in list(differing)[2:] if not text.startswith("@@"))
