"""What is thrown away after a year, and what is not. On both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from platforms import MONDAY, World

from adapters.run import tidy
from bot.nudges.outcome import Unclear
from bot.store.engine import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


async def test_deliveries_that_ended_over_a_year_ago_go_and_younger_ones_stay(world: World) -> None:
    ana = await world.learner()
    for week in range(3):
        world.clock.at = MONDAY + timedelta(weeks=week)
        await world.sweep()
    assert await tidy(world.store, MONDAY + timedelta(days=366)) == 0
    assert await tidy(world.store, MONDAY + timedelta(days=366 + 8)) == 2
    assert [one.key for one in await world.deliveries(ana)] == ["w:2026-12-07"]
    assert await world.store.rules.of(ana.id) is not None


async def test_what_is_still_open_stays_however_old_it_is(world: World) -> None:
    ana = await world.learner()
    world.platform.answers = [Unclear("reset")]
    await world.sweep()
    assert await tidy(world.store, MONDAY + timedelta(days=2000)) == 0
    assert len(await world.deliveries(ana)) == 1


async def test_all_of_it_goes_however_many_batches_it_takes(world: World) -> None:
    learner = await world.learner()
    for number in range(10):
        await world.store.deliveries.add(learner, f"t:{number}", MONDAY)
    world.clock.at = MONDAY + timedelta(hours=2)  # too late for a trial: each is folded
    await world.sweep()
    assert await tidy(world.store, MONDAY + timedelta(days=400), batch=3) == 11
    assert await world.deliveries(learner) == ()
