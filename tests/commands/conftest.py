"""A learner's weeks with nudges, on either database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from life import Life
from platforms import Clock, World

from bot.app import Bot
from bot.pack.load import shipped_pack
from bot.store.engine import Store

SATURDAY = datetime(2026, 11, 21, 12, 20, tzinfo=UTC)


@pytest.fixture
def life(store: Store) -> Life:
    """Return a learner of whom nothing is kept yet, on a Saturday."""

    async def opened() -> Store:
        return store

    return Life(Bot(shipped_pack(), opened), World(store, Clock(SATURDAY)))
