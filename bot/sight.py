"""The pack and the buttons of an answer as a community sees them, by the rules of its house. Knows no store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.cache import keep
from bot.commands.forbidden import offered, refusal
from bot.line import Understood, find_command
from bot.pack.view import without
from bot.reading import parse

if TYPE_CHECKING:
    from bot.command import Command
    from bot.house import House, Rules
    from bot.pack.find import Vocabulary
    from bot.pack.model import Pack
    from bot.reply import Reply

_VIEWS = 64  # packs kept as some communities see them


class Sight:
    """One pack, and what each community sees of it."""

    def __init__(self, pack: Pack, commands: Mapping[str, Command], vocabulary: Vocabulary) -> None:
        self.pack = pack
        self._commands = commands
        self._vocabulary = vocabulary
        self._views: dict[frozenset[str], Pack] = {}
        self._answered: dict[tuple[Rules, str], bool] = {}

    def pack_in(self, house: House) -> Pack:
        """Return the pack as a community sees it."""
        if not house.hidden:
            return self.pack
        view = self._views.get(house.hidden)
        if view is None:
            view = keep(self._views, house.hidden, without(self.pack, house.hidden), _VIEWS)
        return view

    def offered_in(self, reply: Reply, house: House) -> Reply:
        """Leave out the buttons that would only be refused there; where admins forbid nothing it is the same reply."""
        return offered(reply, lambda line: self.is_answered(line, house)) if any(house.rules) else reply

    def is_answered(self, line: str, house: House) -> bool:
        """Say whether a line is answered in a community, or refused by its rules."""
        if not any(house.rules):
            return True
        known = self._answered.get((house.rules, line))
        if known is None:
            known = keep(self._answered, (house.rules, line), self._would_be_answered(line, house))
        return known

    def _would_be_answered(self, line: str, house: House) -> bool:
        """Read a button's line as its press will be; what is for admins is offered to them alone, and stays."""
        read = parse(line, self._commands, self._vocabulary)
        if not isinstance(read, Understood):
            return True
        command = find_command(read.call.path, self._commands)
        for_admins = command is not None and command.admin
        return for_admins or refusal(read.call, house, self.pack, self.pack_in(house)) is None
