"""Whose nudges are held because no direct message reaches them: they are told with their next command, once.

Looked up for all of them together now and then, so that no command waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from adapters.discord.send import LANE
from bot.reply import Button, Cited, Note, Reply

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.store.engine import Store


@dataclass(slots=True)
class Held:
    """Who is to be told, by person, with the reason; `told` are those who were."""

    store: Callable[[], Awaitable[Store]]
    told: dict[str, str] = field(default_factory=dict)
    waiting: Mapping[str, str] = field(default_factory=dict)

    async def refresh(self) -> None:
        """Look up who is held now; who is not any more is told again the next time."""
        found = await (await self.store()).rules.held(LANE)
        self.told = {person: reason for person, reason in self.told.items() if found.get(person) == reason}
        self.waiting = {person: reason for person, reason in found.items() if person not in self.told}

    def remark(self, person: str, reply: Reply) -> Reply:
        """Put what is to be told in front of a reply, with what to change; the reply itself where nothing is."""
        reason = self.waiting.get(person)
        if reason is None or person in self.told:
            return reply
        self.told[person] = reason
        because = f" ({reason})" if reason else ""
        said = (
            f"Your nudges are held: I can’t write to you directly{because}. Allow direct messages in the privacy "
            "settings of a server that we share, then press Try again."
        )
        again = Button("Try again", "nudge resume")
        return replace(reply, blocks=(Note(Cited(said), "caveat"), *reply.blocks), actions=(again, *reply.actions))
