"""Several processes at one gateway: who has which shard, and whose turn it is to identify. Knows no event.

Two processes on one shard would both answer everything; more identifies than a day has reset the bot's token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from bot.store.marks import Marks

OPEN = timedelta(seconds=20)  # a connection that waits longer than some of that to identify is given up

log = structlog.get_logger()
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of this process, counted from 0, and how many there are in all processes together."""

    ids: tuple[int, ...] = (0,)
    count: int = 1


@dataclass(frozen=True, slots=True)
class Starts:
    """How many sessions Discord lets a bot begin: in a day, and at once; and how many of the day are left.

    Of 1000, processes that crash all day begin at most 200 at once and then 720 in 24 hours.
    """

    total: int = 1000
    at_once: int = 1
    left: int = 1000
    renewed_in: timedelta = timedelta()

    @property
    def burst(self) -> int:
        """How many may begin one after the other before they are slowed down."""
        return self.total // 5

    @property
    def refill(self) -> timedelta:
        """How far they lie apart from then on."""
        return timedelta(days=1) / (self.total * 0.72)


@dataclass(frozen=True, slots=True)
class Spans:
    """For how long a shard is held without a word of who has it, and how far two identifies of one share lie apart.

    Discord counts five seconds, from one that it hears to the next: half a second more is for the way.
    """

    lease: timedelta = timedelta(seconds=60)
    apart: timedelta = timedelta(seconds=5.5)

    @property
    def renewed(self) -> timedelta:
        """How often a lease is renewed, and tried for by who waits for it."""
        return self.lease / 4


class LostShardError(Exception):
    """Another process has a shard that was ours: the store could not be reached for longer than a lease."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """All processes of one bot, as one of them sees it; `holder` is its name, unlike any other's."""

    marks: Marks
    application: int
    holder: str
    now: Callable[[], datetime]
    starts: Starts = Starts()
    spans: Spans = Spans()
    pause: Pause = asyncio.sleep
    booked: dict[int, datetime] = field(default_factory=dict)

    async def turn(self, shard: int) -> None:
        """Wait until a shard may identify; raises TimeoutError where an open connection cannot wait so long.

        The turn stays booked then, for the next connection of the shard.
        """
        if shard not in self.booked:
            self.booked[shard] = await self._book(shard)
        wait = self.booked[shard] - self.now()
        if wait > timedelta():
            await self.pause(min(wait, OPEN).total_seconds())
        if wait > OPEN:
            raise TimeoutError
        del self.booked[shard]

    async def _book(self, shard: int) -> datetime:
        """Book the next turn to identify; where the store cannot say when it is, as if all were used up."""
        now, starts, share = self.now(), self.starts, shard % self.starts.at_once
        try:
            apart = await self.marks.turn(f"discord:identify:{self.application}:{share}", now, self.spans.apart)
            spared = await self.marks.turn(f"discord:identifies:{self.application}", now, starts.refill, starts.burst)
        except Exception:
            log.exception("discord.identify_unknown")
            return now + starts.refill
        return max(apart, spared)

    async def spare(self) -> None:
        """Wait for a new day where Discord says that a tenth of the sessions of this one is left, or less."""
        if self.starts.left <= self.starts.total // 10:
            log.error("discord.identifies_used_up", wait_seconds=round(self.starts.renewed_in.total_seconds()))
            await self.pause(self.starts.renewed_in.total_seconds())

    async def take(self, shards: Shards) -> None:
        """Wait until no other process has one of the shards, and hold them."""
        told = False
        while not await self._hold_all(shards):
            if not told:
                log.warning("discord.shards_taken", shards=list(shards.ids))
                told = True
            await self.pause(self.spans.renewed.total_seconds())

    async def keep(self, shards: Shards) -> None:
        """Go on holding the shards; ends only with LostShardError, when that cannot be said any more."""
        until = self.now() + self.spans.lease
        while True:
            await self.pause(self.spans.renewed.total_seconds())
            try:
                held = await self._hold_all(shards)
            except Exception as error:
                log.warning("discord.shards_not_renewed", error=type(error).__name__)
                if self.now() + self.spans.renewed >= until:
                    raise LostShardError from error
            else:
                if not held:
                    raise LostShardError
                until = self.now() + self.spans.lease

    async def release(self, shards: Shards) -> None:
        """Let others have the shards at once."""
        for shard in shards.ids:
            await self.marks.release(self._key(shards, shard), self.holder)

    async def _hold_all(self, shards: Shards) -> bool:
        """Hold all shards or none: else two processes could wait for each other."""
        for shard in shards.ids:
            now = self.now()
            if not await self.marks.hold(self._key(shards, shard), self.holder, now, now + self.spans.lease):
                await self.release(shards)
                return False
        return True

    def _key(self, shards: Shards, shard: int) -> str:
        return f"discord:shard:{self.application}:{shards.count}:{shard}"
