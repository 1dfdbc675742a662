"""The terminal as the nudges see it: one that is due is shown where its worker runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.nudges.outcome import CannotTell, Envelope, Lookup, Outcome, Pace, Platform, Refused, Sent

if TYPE_CHECKING:
    from bot.reply import Reply


def terminal(show: Callable[[Reply], Awaitable[None]], per_second: float) -> Platform:
    """Make the platform that shows each nudge with `show`, at most so many a second."""

    async def send(envelope: Envelope) -> Outcome:
        assert envelope.reply is not None  # noqa: S101 - only one that is looked up has none
        try:
            await show(envelope.reply)
        except OSError as error:  # whoever read our output has gone
            return Refused(type(error).__name__, of_lane=True)
        return Sent(str(envelope.delivery_id))

    async def look(_: Envelope) -> Lookup:
        return CannotTell("a terminal keeps nothing")

    return Platform("terminal", send, look, Pace(per_second, in_flight=1))
