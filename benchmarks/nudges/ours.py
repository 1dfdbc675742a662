"""Our side: one process that sweeps a filled database with a platform that answers at once, and says what it cost."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median, quantiles

from adapters.process import settle
from benchmarks.nudges.fill import DUE, PLATFORM, fill
from benchmarks.ours import new_requests
from bot.app import Bot
from bot.nudges.model import DeliveryState, Message, Nudge
from bot.nudges.outcome import Absent, Envelope, Lookup, Outcome, Pace, Platform, Sent
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.pack.load import shipped_pack
from bot.reply import Reply
from bot.request import Request
from bot.store.engine import Store, open_store

REPLY = Reply("A nudge")
AT_ONCE = 1000  # calls under way in a lane
BEAT, ASKING = 0.001, 0.02  # seconds between looks at the loop, and between questions


async def _send(envelope: Envelope, takes: float) -> Outcome:
    await asyncio.sleep(takes)
    return Sent(f"m{envelope.delivery_id}")


async def _look(envelope: Envelope) -> Lookup:  # noqa: ARG001
    return Absent()


def _write(nudge: Nudge) -> Message:  # noqa: ARG001
    return Message(REPLY, task="t")


def worker(store: Store, early: timedelta = timedelta(), takes: float = 0, at_once: int = AT_ONCE) -> Worker:
    """Make a worker whose clock stands at the moment at which all is due, or before it, and goes on from there.

    A call takes so many seconds, and so many are under way at once in a lane.
    """
    ahead = DUE - early - datetime.now(UTC)
    pace = Pace(per_second=float("inf"), in_flight=at_once)
    platform = Platform(PLATFORM, partial(_send, takes=takes), _look, pace)
    return Worker(str(os.getpid()), store, platform, _write, lambda: datetime.now(UTC) + ahead)


@dataclass(slots=True)
class Watch:
    """What others on the same loop notice: its longest work at a stretch, and how long answers took (seconds)."""

    silence: float = 0.0
    answers: list[float] = field(default_factory=list)

    async def listen(self) -> None:
        """Look at the loop again and again; what counts is its own work, not what else the machine had to do."""
        while True:
            before = time.thread_time()
            await asyncio.sleep(BEAT)
            self.silence = max(self.silence, time.thread_time() - before)

    async def ask(self, bot: Bot, requests: Iterator[Request]) -> None:
        """Ask for comparisons that no cache knows; an answer is late from the moment at which it should be asked."""
        loop = asyncio.get_running_loop()
        for request in requests:
            wanted = loop.time() + ASKING
            await asyncio.sleep(ASKING)
            await bot.answer(request)
            self.answers.append(loop.time() - wanted)

    @asynccontextmanager
    async def watching(self, bot: Bot | None, requests: Iterator[Request]) -> AsyncIterator[None]:
        """Watch while the block runs."""
        tasks = [asyncio.create_task(self.listen()), asyncio.create_task(self.ask(bot, requests))] if bot else []
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _no_store() -> Store:
    raise LookupError("an answer without a learner opened the store")


async def burst(chosen: Namespace) -> dict[str, float]:
    """Send all that is due; with `ask`, answer people meanwhile."""
    bot = Bot(shipped_pack(), _no_store, lambda: False) if chosen.ask else None
    idle, busy, requests = Watch(), Watch(), new_requests()
    if bot:
        async with idle.watching(bot, requests):
            await asyncio.sleep(5)
    async with aclosing(await open_store(chosen.url)) as store:
        settle()  # as a worker does once its parts are there
        wall, cpu = time.perf_counter(), time.process_time()
        async with busy.watching(bot, requests):
            counts = await sweep(worker(store, takes=chosen.takes, at_once=chosen.at_once))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    told = {"sent": counts[DeliveryState.SENT], "wall": wall, "cpu": cpu, "silence": busy.silence}
    return told | ({"idle_p99": _p99(idle.answers), "busy_p99": _p99(busy.answers)} if bot else {})


async def nothing_due(chosen: Namespace) -> dict[str, float]:
    """Sweep an hour too early, again and again."""
    async with aclosing(await open_store(chosen.url)) as store:
        early = worker(store, early=timedelta(hours=1))
        walls = []
        for _ in range(300):
            begin = time.perf_counter()
            await sweep(early)
            walls.append(time.perf_counter() - begin)
    return {"wall": median(walls[20:])}


async def filling(chosen: Namespace) -> dict[str, float]:
    """Make the database."""
    await fill(chosen.url, chosen.rules, chosen.lanes)
    return {}


def _p99(seconds: list[float]) -> float:
    return quantiles(seconds, n=100)[98]


def main() -> None:
    """Do one operation; say on standard output what it cost, with the most memory that the process had (MB)."""
    parser = ArgumentParser(description=__doc__)
    operations = {"burst": burst, "idle": nothing_due, "fill": filling}
    parser.add_argument("operation", choices=operations)
    parser.add_argument("url")
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--lanes", type=int, default=1)
    parser.add_argument("--ask", action="store_true")
    parser.add_argument("--takes", type=float, default=0, help="seconds that a call takes")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="calls under way in a lane")
    chosen = parser.parse_args()
    told = asyncio.run(operations[chosen.operation](chosen))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump(told | {"memory": memory}, sys.stdout)


if __name__ == "__main__":
    main()
