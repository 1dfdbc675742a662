"""What is counted of the nudges, as Prometheus reads it."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest
from platforms import MONDAY, World
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from adapters.figures import Figures
from bot.nudges.calendar import Rule
from bot.nudges.model import DeliveryState
from bot.nudges.outcome import CannotTell, Refused, Unclear
from bot.nudges.sweep import sweep
from bot.store.backlog import Backlog
from bot.store.engine import Store


@pytest.fixture
def figures() -> Figures:
    return Figures()


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def shown(figures: Figures) -> dict[str, float]:
    """Read all samples that have no label, and those of a reason by `name:reason`."""
    families = text_string_to_metric_families(generate_latest(figures.registry).decode())
    samples = [sample for family in families for sample in family.samples]
    return {":".join((sample.name, *sample.labels.values())): sample.value for sample in samples}


async def test_what_arrives_is_counted_with_its_lag(world: World, figures: Figures) -> None:
    await world.learner("ana")
    await world.learner("ben")
    world.clock.forward(seconds=3)
    await sweep(world.worker(note=figures.note))
    seen = shown(figures)
    assert (seen["waymark_nudges_sent_total"], seen["waymark_nudges_late_total"]) == (2, 0)
    assert (seen["waymark_nudge_lag_seconds_count"], seen["waymark_nudge_lag_seconds_sum"]) == (2, 6)
    assert (seen["waymark_nudge_lag_seconds_bucket:2.0"], seen["waymark_nudge_lag_seconds_bucket:5.0"]) == (0, 2)


async def test_what_arrives_late_is_counted_as_sent_and_as_late(world: World, figures: Figures) -> None:
    await world.learner()
    world.clock.forward(hours=1)
    await sweep(world.worker(note=figures.note))
    seen = shown(figures)
    assert (seen["waymark_nudges_sent_total"], seen["waymark_nudges_late_total"]) == (1, 1)


async def test_what_fails_is_counted_by_its_reason(world: World, figures: Figures) -> None:
    world.platform.answers = [Refused("50007", permanent=True), Unclear("reset"), Refused("busy"), Refused("busy")]
    for person in ("ana", "ben", "cleo", "dan"):
        await world.learner(person)
    await sweep(world.worker(note=figures.note))
    seen = shown(figures)
    assert seen["waymark_nudges_failed_total:50007"] == 1
    assert seen["waymark_nudges_failed_total:reset"] == 1
    assert seen["waymark_nudges_failed_total:busy"] == 2
    assert seen["waymark_nudges_sent_total"] == 0


async def test_what_nobody_can_tell_is_counted_as_unknown(world: World, figures: Figures) -> None:
    world.platform.answers, world.platform.finds = [Unclear("reset")], [CannotTell("no history")]
    await world.learner()
    await sweep(world.worker(note=figures.note))
    world.clock.forward(minutes=5)
    await sweep(world.worker(note=figures.note))
    assert shown(figures)["waymark_nudges_unknown_total"] == 1


async def test_what_is_held_until_morning_or_folded_is_no_failure(world: World, figures: Figures) -> None:
    evening = Rule(frozenset({0}), time(18), "UTC")
    world.clock.at = MONDAY.replace(hour=18)
    ana = await world.learner("ana", evening)
    world.clock.at = MONDAY.replace(hour=23)
    await sweep(world.worker(note=figures.note))
    assert [one.held_to for one in await world.deliveries(ana)] == [MONDAY.replace(hour=8) + timedelta(days=1)]
    world.clock.at = MONDAY + timedelta(days=40)
    await sweep(world.worker(note=figures.note))
    assert {state for state, _ in await world.states(ana)} == {DeliveryState.FOLDED}
    assert [name for name in shown(figures) if name.startswith("waymark_nudges_failed_total")] == []


def test_what_was_counted_in_the_store_is_shown(figures: Figures) -> None:
    figures.show(Backlog(due=7, claimed=3, held=2, stopped=1))
    seen = shown(figures)
    assert (seen["waymark_nudges_due"], seen["waymark_nudges_claimed"]) == (7, 3)
    assert (seen["waymark_lanes_held"], seen["waymark_lanes_stopped"]) == (2, 1)


def test_every_figure_and_every_state_is_explained(figures: Figures) -> None:
    explained = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    families = text_string_to_metric_families(generate_latest(figures.registry).decode())
    names = {family.name for family in families if family.name.startswith("waymark_")}
    ours = {name for name in names if not name.endswith("_created")}  # the library's own companion of each
    assert {name for name in ours if name not in explained} == set()
    assert {state for state in DeliveryState if f"`{state}`" not in explained} == set()
