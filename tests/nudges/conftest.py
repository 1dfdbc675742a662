"""A world to sweep, on either database."""

import pytest
from platforms import World

from bot.store.engine import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)
