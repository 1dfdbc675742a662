"""What a typed line is read as, for who has to know it beside the answer: to bring it back, share it, turn its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.command import LINE_LIMIT, Command
from bot.line import Understood, canonical, find_command
from bot.pack.find import Vocabulary
from bot.reading import parse


@dataclass(frozen=True, slots=True)
class Meant:
    """A canonical line, short enough for a button, and the command or verb that answers it."""

    line: str
    command: Command


def meant(text: str, commands: Mapping[str, Command], vocabulary: Vocabulary) -> Meant | None:
    """Read a line as it is answered; None for a plain question and for what no button can carry."""
    read = parse(text, commands, vocabulary)
    if not isinstance(read, Understood) or read.call.words:
        return None
    line, command = canonical(read.call), find_command(read.call.path, commands)
    return Meant(line, command) if command and len(line) <= LINE_LIMIT else None
