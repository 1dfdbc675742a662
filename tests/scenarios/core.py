"""The core alone, told the same lines by the same people at the same moments: what every platform is held to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot.app import Bot
from bot.nudges.message import compose
from bot.nudges.outcome import Absent, Envelope, Lookup, Outcome, Pace, Platform, Sent
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.pack.load import shipped_pack
from bot.request import Learner, Place, Request

if TYPE_CHECKING:
    from platforms import Clock

    from bot.reply import Reply
    from bot.store.engine import Store


@dataclass(slots=True)
class Core:
    """A bot with a store of its own; `sent` is what went out unasked, by person."""

    store: Store
    clock: Clock
    lane: str
    dm_of: Callable[[str], str | None]
    sent: dict[str, list[Reply]] = field(default_factory=dict)
    bot: Bot = field(init=False)

    def __post_init__(self) -> None:
        """Open the bot on the store."""
        self.bot = Bot(shipped_pack(), self._opened, direct=self._direct if self.dm_of("") else None)

    async def say(self, line: str, learner: Learner | None, place: Place, *, pressed: bool = False) -> Reply:
        return await self.bot.answer(Request(line, self.clock.now(), learner, place, pressed=pressed))

    async def sweep(self, platform: Platform, store: Store) -> None:
        """Send what is due, on a platform and here."""
        for each, of in ((platform, store), (self._platform(), self.store)):
            worker = Worker(
                "worker", of, each, partial(compose, self.bot.pack), now=self.clock.now, pause=self.clock.pause
            )
            await sweep(worker)

    def _platform(self) -> Platform:
        return Platform(self.lane, self._send, self._look, Pace(1000, 1))

    async def _send(self, envelope: Envelope) -> Outcome:
        assert envelope.reply
        self.sent.setdefault(envelope.person, []).append(envelope.reply)
        return Sent(f"message {envelope.delivery_id}")

    async def _look(self, _: Envelope) -> Lookup:
        return Absent()

    async def _direct(self, learner: Learner, reply: Reply) -> Outcome:
        self.sent.setdefault(learner.person, []).append(reply)
        await self.store.learners.set_dm(learner, self.dm_of(learner.person) or "")
        return Sent("message")

    async def _opened(self) -> Store:
        return self.store
