"""Learners, kept fits and once-keys: the contract of a store, on both databases."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from bot.errors import UserError
from bot.request import Learner
from bot.store.engine import Store
from bot.store.fits import KeptFit

NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)
ANA = Learner("slack:T1", "U1")


async def test_nobody_is_kept_before_they_ask_for_it(store: Store) -> None:
    assert await store.learners.find(ANA) is None


async def test_a_learner_is_kept_by_lane_and_person(store: Store) -> None:
    kept = await store.learners.ensure(ANA, NOW)
    assert await store.learners.find(ANA) == kept
    assert (kept.lane, kept.person) == ("slack:T1", "U1")
    assert (kept.created_at, kept.seen_at) == (NOW, NOW)
    assert (kept.region, kept.zone, kept.roadmap) == (None, None, None)


async def test_coming_back_moves_only_the_last_visit(store: Store) -> None:
    first = await store.learners.ensure(ANA, NOW)
    later = NOW + timedelta(days=3)
    again = await store.learners.ensure(ANA, later)
    assert again == first._replace(seen_at=later)


async def test_one_person_on_two_lanes_is_two_learners(store: Store) -> None:
    here = await store.learners.ensure(ANA, NOW)
    there = await store.learners.ensure(replace(ANA, lane="slack:T2"), NOW)
    assert here.id != there.id


async def test_two_first_presses_at_once_make_one_learner(store: Store) -> None:
    kept = await asyncio.gather(*(store.learners.ensure(ANA, NOW) for _ in range(10)))
    assert len({learner.id for learner in kept}) == 1


async def test_choices_are_kept_and_can_be_taken_away(store: Store) -> None:
    kept = await store.learners.ensure(ANA, NOW)
    await store.learners.set_region(kept.id, "india")
    await store.learners.set_zone(kept.id, "Asia/Kolkata")
    await store.learners.set_roadmap(kept.id, "ml-engineer")
    expected = kept._replace(region="india", zone="Asia/Kolkata", roadmap="ml-engineer")
    assert await store.learners.find(ANA) == expected
    await store.learners.set_region(kept.id, None)
    assert await store.learners.find(ANA) == expected._replace(region=None)


async def test_a_choice_of_one_learner_leaves_the_others_alone(store: Store) -> None:
    kept = await store.learners.ensure(ANA, NOW)
    other = await store.learners.ensure(replace(ANA, person="U2"), NOW)
    await store.learners.set_region(kept.id, "india")
    assert await store.learners.find(replace(ANA, person="U2")) == other


async def test_a_moment_of_another_zone_comes_back_as_the_same_moment_in_utc(store: Store) -> None:
    kept = await store.learners.ensure(ANA, NOW.astimezone(timezone(timedelta(hours=5, minutes=30))))
    assert kept.created_at == NOW
    assert kept.created_at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        await store.learners.ensure(ANA, NOW.replace(tzinfo=None))
    assert await store.learners.find(ANA) is None


async def test_what_arrives_after_a_deletion_is_refused_in_words(store: Store) -> None:
    kept = await store.learners.ensure(ANA, NOW)
    await store.personal.delete(kept.id)
    with pytest.raises(UserError, match="deleted"):
        await store.learners.set_region(kept.id, "india")
    with pytest.raises(UserError, match="deleted"):
        await store.fits.keep(kept.id, "ea", "v1", NOW)
    assert await store.learners.find(ANA) is None
    assert await store.fits.find(kept.id) is None


async def test_an_id_is_never_given_to_a_second_learner(store: Store) -> None:
    first = await store.learners.ensure(ANA, NOW)
    await store.personal.delete(first.id)
    second = await store.learners.ensure(ANA, NOW)
    assert second.id > first.id


async def test_a_new_fit_takes_the_place_of_the_kept_one(store: Store) -> None:
    kept = await store.learners.ensure(ANA, NOW)
    assert await store.fits.find(kept.id) is None
    await store.fits.keep(kept.id, "ea fb", "v1", NOW)
    await store.fits.keep(kept.id, "ea fc", "v2", NOW + timedelta(days=1))
    assert await store.fits.find(kept.id) == KeptFit("ea fc", "v2", NOW + timedelta(days=1))


async def test_a_key_is_new_to_exactly_one_of_many_at_once(store: Store) -> None:
    answers = await asyncio.gather(*(store.seen.first("event:Ev1", NOW) for _ in range(10)))
    assert sorted(answers) == [False] * 9 + [True]
    assert await store.seen.first("event:Ev2", NOW)


async def test_the_conversation_with_a_learner_is_kept_once_it_is_known(store: Store) -> None:
    ana = Learner("discord", "42")
    await store.learners.set_dm(ana, "742")
    stored = await store.learners.ensure(ana, datetime(2026, 11, 21, tzinfo=UTC))
    assert stored.dm is None
    await store.learners.set_dm(ana, "742")
    found = await store.learners.find(ana)
    assert found
    assert found.dm == "742"
