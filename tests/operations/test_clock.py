"""The clock of a process: rhythm, lateness, errors, and how it stops."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from adapters.clock import Job, keep_time

OFTEN = timedelta(milliseconds=5)
SELDOM = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


async def test_a_job_runs_at_once_and_then_again_and_again() -> None:
    stopping, runs = asyncio.Event(), []

    async def count() -> None:
        runs.append(1)
        if len(runs) == 3:
            stopping.set()

    await keep_time([Job("count", OFTEN, count)], now, stopping)
    assert len(runs) >= 3


async def test_a_job_that_is_an_hour_late_runs_once() -> None:
    stopping, runs = asyncio.Event(), []

    async def count() -> None:
        runs.append(1)
        stopping.set()

    await keep_time([Job("count", timedelta(minutes=5), count)], lambda: now() - timedelta(hours=1), stopping)
    assert len(runs) == 1


async def test_jobs_do_not_wait_until_a_clock_that_was_set_back_is_as_late_again() -> None:
    stopping, runs = asyncio.Event(), []
    back = timedelta(0)

    async def count() -> None:
        nonlocal back
        runs.append(1)
        back = timedelta(hours=1)
        if len(runs) == 2:
            stopping.set()

    with capture_logs() as logs:
        await keep_time([Job("count", SELDOM, count)], lambda: now() - back, stopping, look=OFTEN)
    assert (len(runs), [each["event"] for each in logs]) == (2, ["clock.set_back"])


async def test_a_clock_that_goes_right_begins_nothing_anew() -> None:
    stopping, runs = asyncio.Event(), []

    async def count() -> None:
        runs.append(1)
        asyncio.get_running_loop().call_later(OFTEN.total_seconds() * 4, stopping.set)

    with capture_logs() as logs:
        await keep_time([Job("count", SELDOM, count)], now, stopping, look=OFTEN)
    assert (len(runs), logs) == (1, [])


async def test_a_job_that_fails_is_logged_and_tried_again_and_the_others_go_on() -> None:
    stopping, tried, others = asyncio.Event(), [], []

    async def fail() -> None:
        tried.append(1)
        if len(tried) == 2:
            stopping.set()
        raise RuntimeError

    async def other() -> None:
        others.append(1)

    with capture_logs() as logs:
        await keep_time([Job("bad", OFTEN, fail), Job("good", SELDOM, other)], now, stopping)
    assert (len(others), logs[0]["event"], logs[0]["job"]) == (1, "job.failed", "bad")


async def test_a_job_never_runs_beside_itself() -> None:
    stopping, inside, most = asyncio.Event(), 0, 0

    async def slow() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.05)  # ten times its rhythm
        inside -= 1
        stopping.set()

    await keep_time([Job("slow", OFTEN, slow)], now, stopping)
    assert most == 1


async def test_what_is_under_way_is_finished_and_nothing_new_begins() -> None:
    stopping, begun, ended = asyncio.Event(), [], []

    async def work() -> None:
        begun.append(1)
        stopping.set()
        await asyncio.sleep(0.05)
        ended.append(1)

    await keep_time([Job("work", OFTEN, work)], now, stopping)
    await asyncio.sleep(0.02)
    assert (begun, ended) == ([1], [1])


async def test_a_clock_that_is_cancelled_cancels_its_jobs_and_waits_until_they_have_tidied_up() -> None:
    begun, ended = asyncio.Event(), []

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(3600)
        finally:
            await asyncio.sleep(0.02)
            ended.append(1)

    keeping = asyncio.create_task(keep_time([Job("work", SELDOM, work)], now, asyncio.Event()))
    await begun.wait()
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert ended == [1]
