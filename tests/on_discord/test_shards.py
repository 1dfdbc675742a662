"""Several processes at one gateway: one for each shard, and never more identifies than a day has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from doubles.discord_listening import NOW

from adapters.discord.shards import OPEN, Crowd, LostShardError, Shards, Spans, Starts
from bot.store.engine import Store
from bot.store.marks import Marks

LEASE, APART = Spans().lease, Spans().apart


@dataclass
class Clock:
    """Stands still but for those who pause; `waits` for whoever wants to see how long."""

    at: datetime = NOW
    waits: list[float] = field(default_factory=list)
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    def now(self) -> datetime:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        async with self.moved:
            self.at += timedelta(seconds=seconds)
            self.moved.notify_all()
        await asyncio.sleep(0)

    async def reached(self, moment: datetime) -> None:
        """Wait until others have moved it so far."""
        async with self.moved:
            await self.moved.wait_for(lambda: self.at >= moment)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def crowd(store: Store, clock: Clock) -> Callable[..., Crowd]:
    return lambda holder="a": Crowd(store.marks, 1, holder, clock.now, pause=clock.pause)


async def test_a_second_process_waits_until_the_first_is_gone(crowd: Callable[..., Crowd], clock: Clock) -> None:
    await crowd("a").take(Shards())
    await crowd("b").take(Shards())
    assert clock.at > NOW + LEASE


async def test_a_shard_that_is_released_is_taken_without_waiting(crowd: Callable[..., Crowd], clock: Clock) -> None:
    await crowd("a").take(Shards())
    await crowd("a").release(Shards())
    await crowd("b").take(Shards())
    assert clock.waits == []


async def test_processes_with_other_shards_do_not_wait_for_each_other(
    crowd: Callable[..., Crowd], clock: Clock
) -> None:
    await crowd("a").take(Shards((0, 1), 4))
    await crowd("b").take(Shards((2, 3), 4))
    assert clock.waits == []


async def test_who_cannot_have_all_shards_holds_none_meanwhile(crowd: Callable[..., Crowd], clock: Clock) -> None:
    await crowd("a").take(Shards((1,), 4))
    waiting = asyncio.create_task(crowd("b").take(Shards((0, 1), 4)))
    await clock.reached(NOW + timedelta(seconds=1))
    await crowd("c").take(Shards((0,), 4))
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting


async def test_keeping_goes_on_until_another_has_the_shard(
    crowd: Callable[..., Crowd], clock: Clock, store: Store
) -> None:
    first = crowd("a")
    await first.take(Shards())
    keeping = asyncio.create_task(first.keep(Shards()))
    await clock.reached(NOW + 5 * LEASE)
    assert not keeping.done()
    await store.marks.note("discord:shard:1:1:0", "b", clock.at + timedelta(days=1))
    with pytest.raises(LostShardError):
        await asyncio.wait_for(keeping, 20)


async def test_a_store_that_is_away_for_longer_than_a_lease_loses_the_shard(store: Store, clock: Clock) -> None:
    class Away(Marks):
        async def hold(self, key: str, holder: str, now: datetime, until: datetime) -> bool:  # noqa: ARG002
            raise OSError

    crowd = Crowd(Away(store.database), 1, "a", clock.now, pause=clock.pause)
    with pytest.raises(LostShardError):
        await asyncio.wait_for(crowd.keep(Shards()), 20)
    assert clock.at < NOW + LEASE, "it ends before another process can begin"


async def test_identifies_lie_apart_whoever_makes_them(crowd: Callable[..., Crowd], clock: Clock) -> None:
    for holder in "abc":
        await crowd(holder).turn(0)
    assert clock.waits == [APART.total_seconds()] * 2


async def test_as_many_shards_identify_at_once_as_discord_allows_whatever_process_they_are_in(
    crowd: Callable[..., Crowd], clock: Clock
) -> None:
    one, other = (replace(crowd(holder), starts=Starts(at_once=4)) for holder in "ab")
    for shard in (0, 1):
        await one.turn(shard)
    for shard in (2, 3):
        await other.turn(shard)
    assert clock.waits == []
    await other.turn(4)
    assert clock.waits == [APART.total_seconds()], "4 takes the same turns as 0"


async def identified(crowd: Crowd) -> None:
    """Try as often as discord.py does, which opens a new connection after each time."""
    while True:
        with suppress(TimeoutError):
            return await crowd.turn(0)


@pytest.mark.parametrize("total", [1000, 500])
async def test_a_process_that_crashes_all_day_cannot_use_up_the_identifies_of_a_day(
    crowd: Callable[..., Crowd], clock: Clock, total: int
) -> None:
    starts = Starts(total)
    for _ in range(starts.burst + 20):
        await identified(replace(crowd(), starts=starts))
    begun = clock.at
    await identified(replace(crowd(), starts=starts))
    assert clock.at - begun == starts.refill, "from then on they come one by one"
    assert starts.burst + timedelta(days=1) / starts.refill < total


async def test_no_open_connection_waits_long_and_the_turn_is_there_for_the_next(store: Store, clock: Clock) -> None:
    waiting = Crowd(store.marks, 1, "a", clock.now, Starts(total=5), pause=clock.pause)
    await waiting.turn(0)
    began, tries = clock.at, 0
    while waiting.booked or not tries:
        tries += 1
        with suppress(TimeoutError):
            await waiting.turn(0)
    assert max(clock.waits) <= OPEN.total_seconds()
    assert clock.at - began == Starts(total=5).refill, "trying again does not put it off"


async def test_without_the_store_every_identify_waits_as_if_all_were_used_up(store: Store, clock: Clock) -> None:
    class Away(Marks):
        async def turn(self, key: str, now: datetime, every: timedelta, burst: int = 1) -> datetime:  # noqa: ARG002
            raise OSError

    await identified(Crowd(Away(store.database), 1, "a", clock.now, pause=clock.pause))
    assert clock.at - NOW == Starts().refill


async def test_the_last_identifies_of_a_day_are_kept_for_its_end(store: Store, clock: Clock) -> None:
    """What our own count forgets with a disk that does not last, Discord still knows."""
    plenty, few = (Starts(left=left, renewed_in=timedelta(hours=7)) for left in (101, 100))
    await Crowd(store.marks, 1, "a", clock.now, plenty, pause=clock.pause).spare()
    assert clock.waits == []
    await Crowd(store.marks, 1, "a", clock.now, few, pause=clock.pause).spare()
    assert clock.waits == [7 * 3600.0]
