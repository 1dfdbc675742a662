"""What happens once: the first time counts, and what is long past is forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.store.engine import Store

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


async def test_of_many_at_once_one_is_the_first(store: Store) -> None:
    assert sorted(await asyncio.gather(*(store.seen.first("slack:Ev1", NOW) for _ in range(5)))) == [False] * 4 + [True]


async def test_what_failed_can_be_tried_again(store: Store) -> None:
    assert await store.seen.first("share:1", NOW)
    await store.seen.forget("share:1")
    await store.seen.forget("share:2")
    assert await store.seen.first("share:1", NOW)
    assert not await store.seen.first("share:1", NOW)


async def test_what_is_long_past_is_forgotten_and_nothing_else(store: Store) -> None:
    await store.seen.first("old", NOW - timedelta(days=400))
    await store.seen.first("new", NOW)

    assert await store.seen.forget_before(NOW - timedelta(days=366)) == 1
    assert await store.seen.first("old", NOW)
    assert not await store.seen.first("new", NOW)
