"""A nudge worker in a process of its own, that can end or freeze itself at any await of the sweep.

The sweep, the store and the calls are the real ones; only the platform is the sink.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from collections.abc import Coroutine, Generator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import ClientConnectorError, ClientSession, ClientTimeout, TCPConnector

from bot.nudges.model import Message, Nudge
from bot.nudges.outcome import (
    Absent,
    CannotTell,
    Envelope,
    Found,
    Lookup,
    Outcome,
    Pace,
    Platform,
    Refused,
    Sent,
    Unclear,
)
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.reply import Reply
from bot.store.engine import Store, open_store

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
PLATFORM = "faults"
# Seconds in which the sink answers, or is not waited for. Like the sweep's own limit, it begins with the call and is
# shorter than any freeze: whoever thaws in a call finds that its time is over before a byte is written.
PATIENCE = 0.25


@dataclass(frozen=True, slots=True)
class Clock:
    """The same simulated time for all processes: it goes on like the machine's, and is moved forward by tests."""

    started: float
    ahead: Synchronized[float]

    def now(self) -> datetime:
        """Return the moment."""
        return BEGIN + timedelta(seconds=self.ahead.value + time.monotonic() - self.started)

    def forward(self, **duration: float) -> None:
        """Move on, for everybody."""
        self.ahead.value += timedelta(**duration).total_seconds()

    def forward_to(self, moment: datetime) -> None:
        """Move on to a moment, if it is not past."""
        self.forward(seconds=max(0.0, (moment - self.now()).total_seconds()))


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker's process is told; with `signal_at` it sends itself `signum` at that step of the sweep.

    It tells in `struck` at which step it was, and in `calling` how many calls it is in.
    """

    name: str
    url: str
    port: int
    clock: Clock
    struck: Synchronized[int]
    calling: Synchronized[int]
    signal_at: int | None = None
    signum: int = signal.SIGKILL
    forever: bool = False


@dataclass(slots=True)
class Steps:
    """Counts the steps of a sweep and strikes at one; the parent sees at which."""

    orders: Orders
    taken: int = 0

    def step(self) -> None:
        """Take a step."""
        self.taken += 1
        if self.taken == self.orders.signal_at:
            self.orders.struck.value = self.taken
            os.kill(os.getpid(), self.orders.signum)


@dataclass(frozen=True, slots=True)
class Stepping:
    """A coroutine of which both sides of every await are a step: it has been left, and it is about to go on."""

    inner: Coroutine[Any, Any, Any]
    steps: Steps

    def send(self, value: object) -> object:
        """Go on to the next await."""
        self.steps.step()
        left = self.inner.send(value)
        self.steps.step()
        return left

    def throw(self, *error: Any) -> object:  # noqa: ANN401 - as the protocol has it
        """Go on with an error."""
        self.steps.step()
        return self.inner.throw(*error)

    def close(self) -> None:
        """End it."""
        self.inner.close()

    def __await__(self) -> Generator[Any, None, Any]:
        """Wait for it as for the one inside."""
        return self.inner.__await__()


Coroutine.register(Stepping)  # what asyncio asks of whatever a task is made of


def count_steps(loop: asyncio.AbstractEventLoop, steps: Steps) -> None:
    """Make every task of a loop from now on count its steps; the code that runs in them needs to know nothing."""

    def make(loop: asyncio.AbstractEventLoop, inner: Coroutine[Any, Any, Any], **more: Any) -> asyncio.Task[Any]:  # noqa: ANN401
        return asyncio.Task(Stepping(inner, steps), loop=loop, **more)

    loop.set_task_factory(make)


@dataclass(frozen=True, slots=True)
class OverHttp:
    """The sink, as a platform's adapter would see it."""

    session: ClientSession
    address: str
    calling: Synchronized[int]

    async def send(self, envelope: Envelope) -> Outcome:
        """Send one message."""
        assert envelope.reply
        body = {
            "delivery": envelope.delivery_id,
            "person": envelope.person,
            "key": envelope.reply.title,
            "attempt": envelope.attempt,
        }
        self.calling.value += 1
        try:
            async with asyncio.timeout(PATIENCE), self.session.post(self.address, json=body) as answer:
                if answer.status == 429:
                    return Refused("too fast", retry_after=timedelta(seconds=1), of_lane=True)
                if answer.status != 200:
                    return Unclear(f"status {answer.status}")
                return Sent((await answer.json())["ref"])
        except ClientConnectorError:
            return Refused("not reachable")
        finally:
            self.calling.value -= 1

    async def look(self, envelope: Envelope) -> Lookup:
        """Look for one message."""
        address = f"{self.address}/{envelope.delivery_id}"
        async with asyncio.timeout(PATIENCE), self.session.get(address) as answer:
            if answer.status != 200:
                return CannotTell("no answer", again_in=timedelta(minutes=2))
            return Found(f"m{envelope.delivery_id}") if (await answer.json())["there"] else Absent()


def named_by_key(nudge: Nudge) -> Message:
    """Write a message that says which occurrence it is for."""
    return Message(Reply(nudge.delivery.key), task="t")


def session() -> ClientSession:
    """Make a client that has no time limit of its own, and uses no connection twice."""
    return ClientSession(timeout=ClientTimeout(None), connector=TCPConnector(force_close=True))


def worker(orders: Orders, store: Store, client: ClientSession) -> Worker:
    """Make the worker of a process."""
    sink = OverHttp(client, f"http://127.0.0.1:{orders.port}/messages", orders.calling)
    platform = Platform(PLATFORM, sink.send, sink.look, Pace(per_second=1000, in_flight=4))
    return Worker(orders.name, store, platform, named_by_key, orders.clock.now)


async def _work(orders: Orders) -> None:
    async with aclosing(await open_store(orders.url)) as store, session() as client:
        mine = worker(orders, store, client)
        count_steps(asyncio.get_running_loop(), Steps(orders))
        while True:
            try:
                await asyncio.create_task(sweep(mine))
            except Exception:
                if not orders.forever:  # the process's clock would try again, as this does
                    raise
            if not orders.forever:
                break
            await asyncio.sleep(0.02)


@contextmanager
def quiet() -> Iterator[None]:
    """Log nothing while the block runs: what goes wrong here goes wrong on purpose."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        structlog.configure(**before)


def main(orders: Orders) -> None:
    """Run a worker's process to its end."""
    with quiet():
        asyncio.run(_work(orders))
