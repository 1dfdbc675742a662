"""Health and figures of a process that answers in Discord. Knows no answer.

A lost connection is no bad health: it is renewed here, and a host that starts the process anew uses up a session.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

from adapters.health import served
from bot.store.backlog import backlog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import discord

    from bot.store.engine import Store


@asynccontextmanager
async def shown(
    port: int, client: discord.AutoShardedClient, store: Store, now: Callable[[], datetime]
) -> AsyncIterator[int]:
    """Show on a port whether the store answers, and how many shards are connected; give the port."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    connected = Gauge("waymark_discord_shards_connected", "Shards of this process with a connection", registry=registry)

    async def look() -> None:
        connected.set(sum(not shard.is_closed() for shard in client.shards.values()))
        await backlog(store.database, now())

    async with served(port, registry, look) as there:
        yield there
