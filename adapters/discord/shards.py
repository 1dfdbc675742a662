"""Several processes at one gateway: who has which shard, and whose turn it is to identify. Knows no event.

Two processes on one shard would both answer everything; more than 1000 identifies a day reset the bot's token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from bot.store.marks import Marks

LEASE, RENEWED = timedelta(seconds=60), timedelta(seconds=15)
APART = timedelta(seconds=5)  # between two identifies of a bot; its gateway takes one in five seconds
# At most 200 + 720 in any 24 hours, however often processes crash and start again.
BURST, REFILL = 200, timedelta(minutes=2)

log = structlog.get_logger()
Pause = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of this process, counted from 0, and how many there are in all processes together."""

    ids: tuple[int, ...] = (0,)
    count: int = 1


class LostShardError(Exception):
    """Another process has a shard that was ours: the store could not be reached for longer than a lease."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """All processes of one bot, as one of them sees it; `holder` is its name, unlike any other's."""

    marks: Marks
    application: int
    holder: str
    now: Callable[[], datetime]
    pause: Pause = asyncio.sleep

    async def turn(self, _shard: int) -> None:
        """Wait until one more shard may identify; where the store cannot say when, wait as if all were used up."""
        try:
            now = self.now()
            apart = await self.marks.turn(f"discord:identify:{self.application}", now, APART)
            spared = await self.marks.turn(f"discord:identifies:{self.application}", now, REFILL, BURST)
        except Exception:
            log.exception("discord.identify_unknown")
            await self.pause(REFILL.total_seconds())
            return
        wait = (max(apart, spared) - now).total_seconds()
        if wait > 0:
            await self.pause(wait)

    async def take(self, shards: Shards) -> None:
        """Wait until no other process has one of the shards, and hold them."""
        told = False
        while not await self._hold_all(shards):
            if not told:
                log.warning("discord.shards_taken", shards=list(shards.ids))
                told = True
            await self.pause(RENEWED.total_seconds())

    async def keep(self, shards: Shards) -> None:
        """Go on holding the shards; ends only with LostShardError, when that cannot be said any more."""
        until = self.now() + LEASE
        while True:
            await self.pause(RENEWED.total_seconds())
            try:
                held = await self._hold_all(shards)
            except Exception as error:
                log.warning("discord.shards_not_renewed", error=type(error).__name__)
                if self.now() + RENEWED >= until:
                    raise LostShardError from error
            else:
                if not held:
                    raise LostShardError
                until = self.now() + LEASE

    async def release(self, shards: Shards) -> None:
        """Let others have the shards at once."""
        for shard in shards.ids:
            await self.marks.release(self._key(shards, shard), self.holder)

    async def _hold_all(self, shards: Shards) -> bool:
        """Hold all shards or none: else two processes could wait for each other."""
        for shard in shards.ids:
            if not await self.marks.hold(self._key(shards, shard), self.holder, self.now(), self.now() + LEASE):
                await self.release(shards)
                return False
        return True

    def _key(self, shards: Shards, shard: int) -> str:
        return f"discord:shard:{self.application}:{shards.count}:{shard}"
