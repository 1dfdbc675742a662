"""What is done to workers: killed or frozen at each await in turn, killed at random, robbed of their database."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from random import Random

from bot.nudges.model import occurrence_key
from tests.faults.ground import LEASE, SETTLING, STARTS, Ground, by_person, ground, mood_of, random_mood
from tests.faults.sink import Mood, gracious
from tests.faults.worker import Orders

# The last one is refused for the whole lane, and ends the turn.
PEOPLE = (Mood.ACCEPT, Mood.DROP, Mood.LATE, Mood.BREAK, Mood.LOSE, Mood.FAIL, Mood.THROTTLE)
SPARED = 3  # so many sweeps in a row that end before the step: no two take exactly the same steps
Restart = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Freezes:
    """How often a worker was frozen, and the occurrences of the days on which it was in a call just then.

    For these nothing is promised: no worker can know whether it has slept between its last look at the clock and the
    moment at which the machine sends the first byte.
    """

    number: int
    in_calls: frozenset[str]


def _has_struck(orders: Orders, process: BaseProcess) -> bool:
    return bool(orders.struck.value) or not process.is_alive()


@asynccontextmanager
async def moody(url: str) -> AsyncIterator[Ground]:
    """Prepare one lane with a learner for every mood of the sink."""
    async with ground(url, len(PEOPLE)) as made:
        made.sink.mood = partial(mood_of, moods=by_person(*PEOPLE))
        yield made


async def killed_at(made: Ground, steps: Iterable[int]) -> int:
    """Kill a worker at these steps of a sweep, one a day, until sweeps have fewer; count those that were killed."""
    kills = spared = 0
    for step in steps:
        await made.next_noon()
        code = await made.end(made.spawn(made.orders(signal_at=step)))
        await made.settle()
        kills += code == -signal.SIGKILL
        spared = 0 if code == -signal.SIGKILL else spared + 1
        if spared == SPARED:
            break
    return kills


async def frozen_at(made: Ground, steps: Iterable[int]) -> Freezes:
    """Freeze a worker at these steps until others have taken over and settled what it left."""
    freezes, spared, in_calls = 0, 0, set()
    for step in steps:
        await made.next_noon()
        orders = made.orders(signal_at=step, signum=signal.SIGSTOP)
        frozen = made.spawn(orders)
        await _until(partial(_has_struck, orders, frozen), STARTS)
        if orders.struck.value:
            freezes += 1
            if orders.calling.value:
                in_calls.add(occurrence_key(made.clock.now().date()))
            await _taken_over(made)
            await made.end(frozen, signal.SIGCONT)
        for process in list(made.processes):
            await made.end(process)
        await made.settle()
        spared = 0 if orders.struck.value else spared + 1
        if spared == SPARED:
            break
    return Freezes(freezes, frozenset(in_calls))


async def _taken_over(made: Ground) -> None:
    """Let others do all that is left; they cannot end where a row of the database is still locked."""
    for seconds in (LEASE, SETTLING):
        made.clock.forward(seconds=seconds)
        await made.end(made.spawn(made.orders()), within=2)


async def killed_at_random(made: Ground, workers: int, rounds: int, rng: Random) -> None:
    """Kill one of several workers at any moment, with a sink in all moods; every round is a day."""
    made.sink.mood = lambda _: random_mood(rng)
    made.sink.looks_fail = lambda: rng.random() < 0.1
    crew = [made.spawn(made.orders(forever=True)) for _ in range(workers)]
    for _ in range(rounds):
        await made.next_noon()
        if rng.random() < 0.1:
            await made.sink.close_door()
        await _under_way(made, rng)
        await made.end(crew.pop(rng.randrange(workers)), signal.SIGKILL)
        crew.append(made.spawn(made.orders(forever=True)))
        await made.sink.open_door()
        for seconds in (LEASE, SETTLING):
            made.clock.forward(seconds=seconds)
            await _under_way(made, rng)
    await _calm(made)


async def restarted(made: Ground, restart: Restart, workers: int, rounds: int, rng: Random) -> None:
    """Take the database away from workers that are busy, once a day."""
    made.sink.mood = lambda _: random_mood(rng)
    for _ in range(workers):
        made.spawn(made.orders(forever=True))
    for _ in range(rounds):
        await made.next_noon()
        await _under_way(made, rng)
        await restart()
        for seconds in (LEASE, SETTLING):
            made.clock.forward(seconds=seconds)
            await _under_way(made, rng)
    await _calm(made)


async def _under_way(made: Ground, rng: Random) -> None:
    """Wait until some of a day's calls have been made, or for a while."""
    enough = len(made.sink.log) + rng.randint(0, len(made.learners) - 1)
    await _until(lambda: len(made.sink.log) >= enough, 1)
    await asyncio.sleep(rng.uniform(0.0, 0.02))


async def _until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait until something holds of other processes, which set no event here; or for so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110
                await asyncio.sleep(0.002)


async def _calm(made: Ground) -> None:
    """End all workers, and let what they left be settled."""
    for process in list(made.processes):
        await made.end(process, signal.SIGKILL)
    made.sink.mood, made.sink.looks_fail = gracious, bool
    for _ in range(3):
        await made.settle()
