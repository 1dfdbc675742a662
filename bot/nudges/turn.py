"""A turn with a lane as it stands: which calls are under way, when the next may begin, and what ends the turn.

Reads and writes nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.nudges.calls import NO_ANSWER, Ended
from bot.nudges.model import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.nudges.worker import Worker
    from bot.store.lanes import StoredLane

BATCH = 1000  # rows in memory at once, and rows in one transaction
CALL_LIMIT = 90.0  # seconds; longer than the waits that platforms' libraries make of their own accord
GATHER = 0.02  # seconds in which answers that come together are kept together
TICK = 1.0  # seconds after which a turn looks for more even if no call has ended
LANE_RETRY = timedelta(minutes=1)


@dataclass(slots=True)
class Turn:
    """A lane while it is held.

    `calls` gives for each, the oldest first, its learner's id and when it is given up, by the loop's clock. One that
    is `done` stays among them until its outcome is kept.
    """

    worker: Worker
    held: StoredLane
    ends_at: datetime
    begin_at: datetime
    calls: dict[asyncio.Task[Ended], tuple[int, float]] = field(default_factory=dict)
    done: list[asyncio.Task[Ended]] = field(default_factory=list)
    counts: Counter[DeliveryState] = field(default_factory=Counter)
    over: bool = False
    not_before: datetime | None = None
    stopped: str | None = None
    enough: int = 1
    have_ended: asyncio.Event = field(default_factory=asyncio.Event)

    def room(self) -> int:
        """Count the calls that may begin now, by the lane's pace: a second's worth at once at most."""
        pace = self.worker.platform.pace
        if self.closed() or self.worker.now() < self.begin_at:
            return 0
        return min(pace.in_flight - len(self.calls), int(min(max(pace.per_second, 1), BATCH)))

    def closed(self) -> bool:
        """Say whether no call may begin any more in this turn."""
        return self.over or self.worker.stopping() or self.worker.now() >= self.ends_at

    def busy(self) -> set[int]:
        """Give the ids of the learners to whom a call is under way."""
        return {learner_id for learner_id, _ in self.calls.values()}

    def call(self, learner_id: int, calling: Coroutine[Any, Any, Ended]) -> None:
        """Begin a call to a learner."""
        loop = asyncio.get_running_loop()
        call = loop.create_task(calling)
        self.calls[call] = learner_id, loop.time() + CALL_LIMIT
        call.add_done_callback(self._end)

    async def wait(self) -> bool:
        """Wait until calls end, or the pace lets another begin; True if so much time went by that more may be due."""
        until_next = (self.begin_at - self.worker.now()).total_seconds()
        tick = min(until_next, TICK) if until_next > 0 else TICK
        if self.calls:
            self._give_up()
            if not await self._ended(1, tick):
                return True
            await self._ended(len(self.calls), GATHER)
        elif until_next > 0:
            await self.worker.pause(tick)
        return False

    def _end(self, call: asyncio.Task[Ended]) -> None:
        self.done.append(call)
        if len(self.done) >= self.enough:
            self.have_ended.set()
        refused = None if call.cancelled() else call.result().lane_refused
        if refused is None:
            return
        self.over = True
        if refused.permanent:
            self.stopped = refused.reason
        else:
            self.not_before = self.worker.now() + (refused.retry_after or LANE_RETRY)

    async def _ended(self, enough: int, within: float) -> bool:
        """Wait until so many calls have ended, at most so many seconds; False if they have not."""
        self.enough = enough
        self.have_ended.clear()
        if len(self.done) < enough:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self.have_ended.wait()
        return len(self.done) >= enough

    def _give_up(self) -> None:
        """Cancel the calls that have had their time: looked at here, for a clock for each would cost a burst much."""
        now = asyncio.get_running_loop().time()
        for call, (_, until) in self.calls.items():
            if now < until:
                return
            call.cancel(NO_ANSWER)
