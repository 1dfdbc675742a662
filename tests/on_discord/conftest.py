"""A bot that listens at the double's gateway, with a store of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from doubles.discord import Discord
from doubles.discord_listening import listening

from adapters.discord.app import Listener
from adapters.discord.connect import point
from bot.app import Bot
from bot.pack.load import shipped_pack
from bot.store.engine import Store, open_store


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    """Yield the double; discord.py is led to it, and back when the test is over."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with Discord().served() as served:
        point(served.api_url, served.gateway_url)
        yield served
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
    assert served.refused == []
    assert served.gateway.hurried == []


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """Yield a bot on the shipped pack."""

    async def opened() -> Store:
        return await open_store(f"sqlite:///{tmp_path / 'waymark.sqlite3'}")

    made = Bot(shipped_pack(), opened)
    yield made
    await made.close()


@pytest.fixture
async def listener(discord: Discord, bot: Bot) -> AsyncIterator[Listener]:
    """Yield what listens, connected."""
    async with listening(discord, bot) as made:
        yield made
