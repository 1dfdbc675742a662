"""A line -> the messages that answer it: asks the bot, draws the reply, and keeps drawings that are the same for all.

Knows no interaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.discord.render import render, render_all
from adapters.discord.rows import IN_DM, TAKE_BACK, Component, Press, marked
from bot.cache import keep
from bot.command import SHEET
from bot.meant import Meant, meant
from bot.request import Learner, Place, Request
from bot.wire import Wire, to_wire

if TYPE_CHECKING:
    from adapters.discord.held import Held
    from bot.app import Bot
    from bot.reply import Reply

KEPT = 2048  # drawings; a few megabytes
Messages = list[list[Component]]
_PUBLIC = (Press("Take back", marked(TAKE_BACK)),)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks, and whether they do so in a place that has other readers."""

    wire: Wire
    learner: Learner | None
    among_others: bool
    pressed: bool = False


class Drawings:
    """Answers lines in drawn form; a reply that the bot gives again is not drawn again."""

    def __init__(self, bot: Bot, now: Callable[[], datetime], held: Held) -> None:
        self._bot = bot
        self._now = now
        self._held = held
        self._kept: dict[tuple[Wire, bool], tuple[Reply, Messages]] = {}

    async def private(self, asked: Asked) -> Messages:
        """Answer one learner; a reply that no line brings back can be more than one message."""
        wire = asked.wire
        reply = await self._bot.answer(Request(wire.line, self._now(), asked.learner, pressed=asked.pressed))
        remarked = reply if asked.pressed or not asked.learner else self._held.remark(asked.learner.person, reply)
        if remarked is not reply:
            return render_all(remarked)
        key = (wire, asked.among_others)
        kept = self._kept.get(key)
        if kept is not None and kept[0] is reply:
            return kept[1]
        found = meant(wire.line, self._bot.commands, self._bot.vocabulary)
        if found is None:
            return render_all(reply)
        messages = [render(reply, found.line, wire.page, beside=_beside(found) if asked.among_others else ())]
        if not found.command.personal:
            keep(self._kept, key, (reply, messages), KEPT)
        return messages

    async def public(self, wire: Wire) -> list[Component]:
        """Answer everybody: without any learner, and with a way to take it back."""
        reply = await self._bot.answer(Request(wire.line, self._now(), place=Place.PUBLIC, pressed=True))
        found = meant(wire.line, self._bot.commands, self._bot.vocabulary)
        return render(reply, found.line if found else None, wire.page, beside=_PUBLIC)


def _beside(found: Meant) -> tuple[Press, ...]:
    """Offer to share what is the same for all; and to go on elsewhere where all that was said stands in the message."""
    if not found.command.personal:
        return (Press("Share", to_wire(found.line, share=True)),)
    if any(parameter.kind is SHEET for parameter in found.command.parameters):
        return (Press("Continue in DM", marked(IN_DM, found.line)),)
    return ()
