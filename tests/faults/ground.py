"""Learners with due nudges on a real database, workers in processes that can be killed, and the count afterwards."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time as machine
from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from random import Random

from bot.nudges.calendar import Rule, next_occurrence
from bot.nudges.model import Delivery, DeliveryState
from bot.nudges.sweep import sweep
from bot.request import Learner
from bot.store.engine import Store, open_store
from bot.store.learners import StoredLearner
from bot.store.migrate import migrate
from tests.faults.sink import Call, Look, Mood, Sink, blind_repeats
from tests.faults.worker import PLATFORM, Clock, Orders, main, session, worker

NOON = Rule(frozenset(range(7)), time(12), "UTC")
LEASE, SETTLING = 181, 121  # seconds after which a lane is free again, and a call in doubt is looked up
STARTS = 10.0  # seconds in which a process is up, on a machine that others use
OPEN = frozenset({DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCLEAR})


@dataclass(frozen=True, slots=True)
class Count:
    """What the sink's log and the store say in the end; the first three have to be empty."""

    called_blindly: Sequence[Call]
    arrived_twice: Sequence[Call]
    unaccounted: Sequence[str]
    due: int
    calls: int
    looks: int
    states: Counter[DeliveryState]

    def without(self, keys: Collection[str]) -> Count:
        """Leave out repeated calls for occurrences of which nothing is promised; that none is lost goes for all."""
        blindly = [call for call in self.called_blindly if call.key not in keys]
        twice = [call for call in self.arrived_twice if call.key not in keys]
        return replace(self, called_blindly=blindly, arrived_twice=twice)


@dataclass(slots=True)
class Ground:
    """Where workers and the sink meet, with learners who are all nudged at noon, every day."""

    url: str
    store: Store
    sink: Sink
    clock: Clock
    context: ForkServerContext
    learners: list[StoredLearner] = field(default_factory=list)
    processes: list[BaseProcess] = field(default_factory=list)
    first: datetime | None = None
    _names: count[int] = field(default_factory=count)

    async def enrol(self, people: int, lanes: int = 1) -> None:
        """Give rules to people, spread over lanes."""
        now = self.first = self.clock.now()
        for number in range(people):
            who = Learner(f"{PLATFORM}:{number % lanes}", f"p{number}")
            learner = await self.store.learners.ensure(who, now)
            await self.store.rules.set(learner, NOON, next_occurrence(NOON, now), now)
            self.learners.append(learner)

    def orders(self, *, signal_at: int | None = None, signum: int = signal.SIGKILL, forever: bool = False) -> Orders:
        """Write the orders of one more worker."""
        struck, calling = self.context.RawValue("i", 0), self.context.RawValue("i", 0)
        name = f"worker {next(self._names)}"
        return Orders(name, self.url, self.sink.port, self.clock, struck, calling, signal_at, signum, forever)

    def spawn(self, orders: Orders) -> BaseProcess:
        """Start a worker's process."""
        process = self.context.Process(target=main, args=(orders,), daemon=True)
        process.start()
        self.processes.append(process)
        return process

    async def end(self, process: BaseProcess, signum: int | None = None, within: float | None = None) -> int | None:
        """Wait for a process to end, after a signal if one is given; its exit code, None if it still runs."""
        if signum is not None and process.pid and process.is_alive():
            os.kill(process.pid, signum)
        await asyncio.to_thread(process.join, within)
        if process.exitcode is not None:
            self.processes.remove(process)
        return process.exitcode

    async def sweep(self) -> None:
        """Sweep once, in this process."""
        async with session() as client:
            await sweep(worker(self.orders(), self.store, client))

    async def next_noon(self) -> None:
        """Go on to the moment at which everybody is due again."""
        self.clock.forward_to(next_occurrence(NOON, self.clock.now()).at + timedelta(seconds=1))

    async def settle(self) -> None:
        """Let leases run out and doubts be looked up, with nobody disturbing."""
        for seconds in (LEASE, SETTLING, SETTLING):
            self.clock.forward(seconds=seconds)
            await self.sweep()

    async def count(self) -> Count:
        """Count what was promised, from the sink's log and from what the store says of every date that was due."""
        calls = [entry[0] for entry in self.sink.log if not isinstance(entry, Look)]
        rows = {learner.id: await self.store.deliveries.of(learner.id, 100_000) for learner in self.learners}
        days = _due_days(self.first or self.clock.now(), self.clock.now())
        return Count(
            blind_repeats(self.sink.log),
            [call for call in calls if call.attempt > 1 and self.sink.arrived[call.delivery] > 1],
            [fault for learner in self.learners for fault in self._faults(rows[learner.id], days)],
            len(days) * len(self.learners),
            len(calls),
            len(self.sink.log) - len(calls),
            Counter(one.state for found in rows.values() for one in found),
        )

    def _faults(self, rows: Sequence[Delivery], days: Sequence[date]) -> list[str]:
        by_day = {one.day: one for one in rows}
        missing = [f"nothing is known of {day}" for day in days if day not in by_day]
        return missing + [f"{one.id}: {fault}" for one in rows if (fault := self._fault(one))]

    def _fault(self, one: Delivery) -> str | None:
        """Say what is wrong with the record of one delivery, beside what the sink has."""
        arrived = self.sink.arrived[one.id] > 0
        if one.state in OPEN:
            return f"is {one.state} for ever"
        if arrived != (one.state is DeliveryState.SENT) and one.state is not DeliveryState.UNKNOWN:
            return f"is {one.state}, and {'has arrived' if arrived else 'has not arrived'}"
        if one.state is not DeliveryState.SENT and not one.reason:
            return f"is {one.state} without a reason"
        return None


def _due_days(since: datetime, until: datetime) -> list[date]:
    days, one = [], next_occurrence(NOON, since)
    while one.at <= until:
        days.append(one.day)
        one = next_occurrence(NOON, one.at)
    return days


@asynccontextmanager
async def ground(url: str, people: int, lanes: int = 1) -> AsyncIterator[Ground]:
    """Prepare an empty database, the sink and the learners; no process outlives the block."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.worker", "aiosqlite", "asyncpg", "alembic.command"])
    await migrate(url)
    clock = Clock(machine.monotonic(), context.RawValue("d", 0.0))
    async with aclosing(await open_store(url)) as store, Sink().running() as sink:
        made = Ground(url, store, sink, clock, context)
        await made.enrol(people, lanes)
        try:
            yield made
        finally:
            for process in list(made.processes):
                await made.end(process, signal.SIGKILL)


def by_person(*moods: Mood) -> dict[str, Mood]:
    """Give each learner a mood of the sink, for their first call on each day."""
    return {f"p{number}": mood for number, mood in enumerate(moods)}


def mood_of(call: Call, moods: dict[str, Mood]) -> Mood:
    """Answer a first attempt as the learner's mood says, and accept what is tried again."""
    return moods.get(call.person, Mood.ACCEPT) if call.attempt == 1 else Mood.ACCEPT


def random_mood(rng: Random) -> Mood:
    """Answer well mostly."""
    return rng.choice(list(Mood)) if rng.random() < 0.3 else Mood.ACCEPT
