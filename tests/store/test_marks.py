"""Notes, leases and turns, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from bot.store.engine import Store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def test_a_note_takes_the_place_of_the_one_before(store: Store) -> None:
    assert await store.marks.noted("k") is None
    await store.marks.note("k", "one", NOW)
    await store.marks.note("k", "two", NOW)
    assert await store.marks.noted("k") == "two"


async def test_only_one_of_many_at_once_holds_a_key(store: Store) -> None:
    got = await asyncio.gather(*(store.marks.hold("k", f"p{number}", NOW, NOW + MINUTE) for number in range(8)))
    assert sum(got) == 1


async def test_a_hold_goes_on_for_its_holder_and_ends_by_itself_for_others(store: Store) -> None:
    assert await store.marks.hold("k", "a", NOW, NOW + MINUTE)
    assert await store.marks.hold("k", "a", NOW, NOW + 2 * MINUTE)
    assert not await store.marks.hold("k", "b", NOW + MINUTE, NOW + 3 * MINUTE)
    assert await store.marks.hold("k", "b", NOW + 3 * MINUTE, NOW + 4 * MINUTE)


async def test_what_is_released_is_free_at_once_but_only_its_holder_releases_it(store: Store) -> None:
    await store.marks.hold("k", "a", NOW, NOW + MINUTE)
    await store.marks.release("k", "b")
    assert not await store.marks.hold("k", "b", NOW, NOW + MINUTE)
    await store.marks.release("k", "a")
    assert await store.marks.hold("k", "b", NOW, NOW + MINUTE)


async def test_turns_of_many_at_once_lie_apart(store: Store) -> None:
    turns = await asyncio.gather(*(store.marks.turn("k", NOW, MINUTE) for _ in range(5)))
    assert sorted(turns) == [NOW + number * MINUTE for number in range(5)]


async def test_a_burst_goes_at_once_and_what_follows_waits(store: Store) -> None:
    turns = [await store.marks.turn("k", NOW, MINUTE, burst=3) for _ in range(5)]
    assert turns == [NOW, NOW, NOW, NOW + MINUTE, NOW + 2 * MINUTE]


async def test_a_pause_gives_the_burst_back(store: Store) -> None:
    for _ in range(3):
        await store.marks.turn("k", NOW, MINUTE, burst=3)
    later = NOW + 10 * MINUTE
    assert [await store.marks.turn("k", later, MINUTE, burst=3) for _ in range(4)] == [later] * 3 + [later + MINUTE]
