"""A world to sweep, on either database."""

from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from platforms import World

from bot.store.engine import Store, open_store
from bot.store.migrate import migrate


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


@pytest.fixture
async def postgres_world(postgres_url: str) -> AsyncIterator[World]:
    await migrate(postgres_url)
    async with aclosing(await open_store(postgres_url)) as store:
        yield World(store)
