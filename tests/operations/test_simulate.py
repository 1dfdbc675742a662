"""A simulation is the real thing on another clock: repeatable, complete, quick."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from bot.app import Bot
from bot.pack.load import shipped_pack
from bot.simulate import Scene, simulate
from bot.store.engine import open_store

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
LINE = "nudge mon 9am Asia/Kolkata ai-engineer"
Scenes = Callable[..., Awaitable[list[Scene]]]


@pytest.fixture
def scenes(tmp_path: Path) -> Scenes:
    """Return what simulates in a store of its own and lists the scenes."""
    numbers = count()

    @asynccontextmanager
    async def bot() -> AsyncIterator[Bot]:
        made = Bot(shipped_pack(), partial(open_store, f"sqlite:///{tmp_path / f'{next(numbers)}.sqlite3'}"))
        yield made
        await made.close()

    async def all_of(line: str = LINE, weeks: int = 8, seed: int = 1) -> list[Scene]:
        async with bot() as made:
            return [scene async for scene in simulate(made, line, START, weeks, seed)]

    return all_of


async def test_the_same_seed_gives_the_same_weeks_and_another_gives_others(scenes: Scenes) -> None:
    first, again, other = await scenes(), await scenes(), await scenes(seed=2)
    assert first == again
    assert first != other


async def test_every_nudge_goes_out_at_its_hour_in_the_learners_zone(scenes: Scenes) -> None:
    nudges = [scene for scene in await scenes() if scene.asked is None]
    assert len(nudges) >= 8
    assert {f"{scene.at:%H:%M}" for scene in nudges} == {"09:00"}
    assert {str(scene.at.tzinfo) for scene in nudges} == {"Asia/Kolkata"}
    assert nudges[0].at.weekday() == 0


async def test_no_two_nudges_in_a_row_carry_the_same_task_unless_the_learner_chose_it(
    scenes: Scenes,
) -> None:
    previous, chosen = "", False
    for scene in await scenes(weeks=30):
        if scene.asked is None:
            assert chosen or scene.reply.title != previous
            previous = scene.reply.title
        chosen = scene.asked in {"Did some", "Tomorrow"}


async def test_a_simulation_ends_with_its_weeks(scenes: Scenes) -> None:
    for weeks in (0, 1, 3):
        told = await scenes(weeks=weeks)
        assert all(scene.at <= START + timedelta(weeks=weeks, days=1) for scene in told)
        assert sum(scene.asked is None for scene in told) >= weeks


async def test_a_line_that_makes_no_rule_is_answered_and_nothing_follows(scenes: Scenes) -> None:
    (only,) = await scenes(line="nudge banana")
    assert only.asked == "nudge banana"
