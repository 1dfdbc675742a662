"""Work that goes on after its acknowledgement: one person's in order of arrival, and all of it finished at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
log = structlog.get_logger()


class Desk:
    """What is being worked on. Nothing is lost to the garbage collector, and no older answer overtakes a newer."""

    def __init__(self) -> None:
        self._working: set[asyncio.Task[Any]] = set()
        self._last: dict[str, asyncio.Task[Any]] = {}

    def take(self, whose: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T | None]:
        """Do some work after all that was taken before it from the same person; an error in it is logged."""
        task = asyncio.create_task(_after(self._last.get(whose), work))
        self._working.add(task)
        self._last[whose] = task
        task.add_done_callback(partial(self._ended, whose))
        return task

    async def drain(self) -> None:
        """Wait until nothing is left."""
        while self._working:
            await asyncio.wait(self._working)

    def _ended(self, whose: str, task: asyncio.Task[Any]) -> None:
        self._working.discard(task)
        if self._last.get(whose) is task:
            del self._last[whose]


async def _after(before: asyncio.Task[Any] | None, work: Coroutine[Any, Any, T]) -> T | None:
    try:
        if before is not None:
            await asyncio.wait((before,))
        return await work
    except Exception:
        log.exception("slack.work_failed")
        return None
    finally:
        work.close()  # it may never have begun
