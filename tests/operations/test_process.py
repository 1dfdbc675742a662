"""Parts of one process: they end together, and the exit code tells how."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from adapters.process import Part, run_parts, stopped_by_signals


async def obedient(stopping: asyncio.Event) -> None:
    await stopping.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_drains_every_part_and_the_exit_code_is_0(number: int) -> None:
    stopping, finished = asyncio.Event(), []

    async def busy(stopping: asyncio.Event) -> None:
        os.kill(os.getpid(), number)
        await stopping.wait()
        await asyncio.sleep(0.02)
        finished.append("busy")

    with stopped_by_signals(stopping):
        assert await run_parts([Part("busy", busy), Part("idle", obedient)], stopping) == 0
    assert finished == ["busy"]


async def test_what_was_made_before_the_parts_began_is_not_looked_through_again_and_the_rest_seldom() -> None:
    gc.unfreeze()
    often = gc.get_threshold()
    kept: list[list[object]] = [[]]
    stopping = asyncio.Event()

    async def look(stopping: asyncio.Event) -> None:
        assert not any(each is kept for each in gc.get_objects())
        assert gc.get_threshold() == (*often[:2], 30)
        stopping.set()

    assert await run_parts([Part("look", look)], stopping) == 0
    gc.unfreeze()


async def test_the_dispositions_of_before_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    with stopped_by_signals(asyncio.Event()):
        assert signal.getsignal(signal.SIGTERM) is not before[0]
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


async def test_a_part_that_fails_has_the_others_drain_and_the_exit_code_is_1() -> None:
    stopping, finished = asyncio.Event(), []

    async def fail(_: asyncio.Event) -> None:
        raise ConnectionError

    async def other(stopping: asyncio.Event) -> None:
        await stopping.wait()
        finished.append("other")

    with capture_logs() as logs:
        assert await run_parts([Part("bad", fail), Part("good", other)], stopping) == 1
    assert finished == ["other"]
    assert [(entry["event"], entry["part"]) for entry in logs] == [("part.failed", "bad")]


async def test_a_part_that_leaves_unasked_counts_as_failed() -> None:
    async def leave(_: asyncio.Event) -> None:
        return

    with capture_logs() as logs:
        assert await run_parts([Part("gone", leave), Part("good", obedient)], asyncio.Event()) == 1
    assert [(entry["event"], entry["part"]) for entry in logs] == [("part.left", "gone")]


async def test_a_part_that_fails_while_it_drains_is_told_by_the_exit_code() -> None:
    stopping = asyncio.Event()
    stopping.set()

    async def fail(stopping: asyncio.Event) -> None:
        await stopping.wait()
        raise ConnectionError

    with capture_logs():
        assert await run_parts([Part("bad", fail)], stopping) == 1


async def test_a_part_that_does_not_end_is_cut_and_named() -> None:
    stopping, cut = asyncio.Event(), []
    stopping.set()

    async def deaf(_: asyncio.Event) -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            cut.append(1)

    with capture_logs() as logs:
        assert await run_parts([Part("deaf", deaf), Part("good", obedient)], stopping, timedelta(milliseconds=20)) == 1
    assert cut == [1]
    assert [(entry["event"], entry["part"]) for entry in logs] == [("part.cut", "deaf")]
