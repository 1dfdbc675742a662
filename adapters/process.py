"""A process of parts that end together: on a signal, or when one of them fails. Knows no part's purpose."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType

import structlog

log = structlog.get_logger()

DRAIN = timedelta(seconds=20)  # hosts kill after 30


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a process does: it works until the event is set, then finishes what is under way and returns."""

    name: str
    run: Callable[[asyncio.Event], Awaitable[None]]


@contextmanager
def stopped_by_signals(stopping: asyncio.Event) -> Iterator[None]:
    """Set the event on SIGTERM and on Ctrl-C while the block runs; a second Ctrl-C does not wait for the end."""
    loop = asyncio.get_running_loop()

    def stop(number: int, _: FrameType | None) -> None:
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(stopping.set)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, disposition in before.items():
            signal.signal(number, disposition)


async def run_parts(parts: Sequence[Part], stopping: asyncio.Event, drain: timedelta = DRAIN) -> int:
    """Run all parts until the event is set or one of them ends; then all drain. Return the exit code.

    It is 0 if they were asked to stop and all did. What has not ended after `drain` is cancelled.
    """
    settle()
    tasks = [asyncio.create_task(_as_long_as_asked(part, stopping), name=part.name) for part in parts]
    asked = asyncio.create_task(stopping.wait())
    await asyncio.wait((asked, *tasks), return_when=asyncio.FIRST_COMPLETED)
    stopping.set()
    await asked
    _, left = await asyncio.wait(tasks, timeout=drain.total_seconds())
    for task in left:
        log.error("part.cut", part=task.get_name(), after=drain.total_seconds())
        task.cancel()
    ends = await asyncio.gather(*tasks, return_exceptions=True)
    return 0 if all(end is True for end in ends) else 1


def settle() -> None:
    """Have the garbage collector seldom look through what stays, and never through what stays as long as the process.

    Such a look holds up whoever waits for an answer: 10 ms for some hundred answers in the cache, more for more.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, 30)  # 10 by default; far more would let garbage in cycles pile up between two looks


async def _as_long_as_asked(part: Part, stopping: asyncio.Event) -> bool:
    """Run one part; False if it failed, or left before it was asked to."""
    try:
        await part.run(stopping)
    except Exception:
        log.exception("part.failed", part=part.name)
        return False
    if not stopping.is_set():
        log.error("part.left", part=part.name)
        return False
    return True
