"""The clock of a process: each job at once and then in its rhythm, until the process stops. Knows no job's purpose.

The only module that imports APScheduler. Nothing is kept between processes: what is due stands in the store.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()

LOOK = timedelta(seconds=10)
SET_BACK = timedelta(seconds=2)  # less holds up no job for longer than its own rhythm does

# A job that is late runs once, however late and however often it was missed; it never runs beside itself.
_POLICY = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}


@dataclass(frozen=True, slots=True)
class Job:
    """What is done every so often; an error in it is logged, and the next time it is tried again."""

    name: str
    every: timedelta
    do: Callable[[], Awaitable[object]]


async def keep_time(
    jobs: Sequence[Job], now: Callable[[], datetime], stopping: asyncio.Event, look: timedelta = LOOK
) -> None:
    """Run the jobs until `stopping` is set; those that are under way then are waited for, no other begins.

    Every `look` it is seen to that they do not wait because the clock was set back.
    """
    # It warns of every time that a job is still busy, which is no news; what fails is logged below.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=_POLICY)
    turns = [asyncio.Lock() for _ in jobs]
    for job, turn in zip(jobs, turns, strict=True):
        how = {"seconds": job.every.total_seconds(), "next_run_time": now()}
        scheduler.add_job(_run, "interval", (job, turn, stopping), **how)
    scheduler.start()
    try:
        await _watch(scheduler, now, stopping, look.total_seconds())
        await _end(turns)
    finally:
        scheduler.shutdown(wait=False)  # never waits in asyncio: it cancels what still runs ...
        await asyncio.sleep(0)  # ... with the next turn of the loop
        await _end(turns)


async def _watch(
    scheduler: AsyncIOScheduler, now: Callable[[], datetime], stopping: asyncio.Event, seconds: float
) -> None:
    """Begin the jobs anew when the clock was set back: else they would wait until it is as late again."""
    passed, before = asyncio.get_running_loop().time, now()
    since = passed()
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), seconds)
        if now() < before + timedelta(seconds=passed() - since) - SET_BACK:
            log.warning("clock.set_back", to=now().isoformat())
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now())
        before, since = now(), passed()


async def _run(job: Job, turn: asyncio.Lock, stopping: asyncio.Event) -> None:
    async with turn:
        if stopping.is_set():
            return
        try:
            await job.do()
        except Exception:
            log.exception("job.failed", job=job.name)


async def _end(turns: Sequence[asyncio.Lock]) -> None:
    """Wait until no job is under way."""
    for turn in turns:
        async with turn:
            pass
