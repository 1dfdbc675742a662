"""A bot at the double's gateway, for as long as a test needs it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from doubles.discord import TOKEN, Discord

from adapters.discord.app import Listener
from adapters.discord.connect import LONGEST_SILENCE, Gateway
from adapters.discord.shards import Shards

if TYPE_CHECKING:
    from bot.app import Bot

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
_ONE = Shards()


async def at_once(_: int) -> None:
    """Let a shard identify."""


@asynccontextmanager
async def listening(
    discord: Discord,
    bot: Bot,
    patience: float = 30.0,
    *,
    turn: Callable[[int], Awaitable[None]] = at_once,
    silence: float = LONGEST_SILENCE,
    shards: Shards = _ONE,
) -> AsyncIterator[Listener]:
    """Let a bot listen while the block runs; it announces an answer that takes longer than `patience` seconds."""
    client = Gateway(shards, turn, silence)
    listener = Listener(bot, lambda: NOW, client, patience)
    client.event(listener.on_interaction)
    client.event(listener.on_message)
    async with client:
        await client.login(TOKEN)
        begun = len(discord.gateway.identified)
        connection = asyncio.create_task(client.connect())
        await discord.gateway.wait_identified(begun + len(shards.ids))
        yield listener
        await client.close()
        await connection
