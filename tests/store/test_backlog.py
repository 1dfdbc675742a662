"""What there is to do, counted; on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.nudges.calendar import Occurrence, Rule
from bot.request import Learner
from bot.store.backlog import Backlog, backlog
from bot.store.engine import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULE = Rule(frozenset({0}), time(12), "UTC")
MINUTE = timedelta(minutes=1)


async def keep(store: Store, person: str, due_at: datetime, lane: str = "terminal") -> None:
    learner = await store.learners.ensure(Learner(lane, person), NOW)
    await store.rules.set(learner, RULE, Occurrence(due_at.date(), due_at), NOW)


async def test_an_empty_store_has_nothing_to_do(store: Store) -> None:
    assert await backlog(store.database, NOW) == Backlog(due=0, claimed=0, held=0, stopped=0)


async def test_rules_and_deliveries_count_as_due_once_their_moment_has_come(store: Store) -> None:
    await keep(store, "ana", NOW)
    await keep(store, "ben", NOW + MINUTE)
    cleo = await store.learners.ensure(Learner("terminal", "cleo"), NOW)
    await store.deliveries.add(cleo, "t:1", NOW)
    await store.deliveries.add(cleo, "t:2", NOW + MINUTE)
    assert await backlog(store.database, NOW) == Backlog(due=2, claimed=0, held=0, stopped=0)


async def test_what_is_being_sent_is_claimed_and_not_due_and_its_lane_is_held(store: Store) -> None:
    cleo = await store.learners.ensure(Learner("terminal", "cleo"), NOW)
    one = await store.deliveries.add(cleo, "t:1", NOW)
    (lane,) = await store.lanes.due("terminal", NOW, 1)
    held = await store.lanes.take(lane, "me", NOW, NOW + MINUTE, NOW)
    assert held is not None
    assert one is not None
    await store.queue.start(held, {one: None}, NOW)
    assert await backlog(store.database, NOW) == Backlog(due=0, claimed=1, held=1, stopped=0)
    assert (await backlog(store.database, NOW + 2 * MINUTE)).held == 0


async def test_what_is_due_in_a_stopped_lane_still_counts(store: Store) -> None:
    await keep(store, "ana", NOW)
    await store.lanes.stop("terminal", "by hand")
    assert await backlog(store.database, NOW) == Backlog(due=1, claimed=0, held=0, stopped=1)


async def test_a_lane_taken_from_its_holder_is_free_and_its_holder_starts_nothing_more(store: Store) -> None:
    cleo = await store.learners.ensure(Learner("terminal", "cleo"), NOW)
    one = await store.deliveries.add(cleo, "t:1", NOW)
    assert one is not None
    (lane,) = await store.lanes.due("terminal", NOW, 1)
    dead = await store.lanes.take(lane, "dead", NOW, NOW + MINUTE, NOW)
    assert dead is not None
    await store.lanes.free_all()
    (free,) = await store.lanes.due("terminal", NOW, 1)
    assert await store.lanes.take(free, "me", NOW, NOW + MINUTE, NOW) is not None
    assert await store.queue.start(dead, {one: None}, NOW) == {}
