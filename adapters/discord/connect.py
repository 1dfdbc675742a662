"""The two ways to Discord: a client that listens at the gateway, and one that only sends. Answers nothing."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

if TYPE_CHECKING:
    from adapters.discord.shards import Shards

log = structlog.get_logger()

LONGEST_WAIT = 30.0  # seconds for a rate limit, inside discord.py; longer ones are ours to plan
LONGEST_SILENCE = 60.0  # seconds after which a connection that is open counts as dead; heartbeats come every 41
NOBODY = discord.AllowedMentions.none()
# Commands and presses need no intent. Servers: to greet who adds the bot. Direct messages: to answer them.
INTENTS = discord.Intents(guilds=True, dm_messages=True)


class Gateway(discord.AutoShardedClient):
    """A client that listens, and waits for its turn before it identifies; subclassed for that hook alone."""

    def __init__(
        self, shards: Shards, turn: Callable[[int], Awaitable[None]], silence: float = LONGEST_SILENCE
    ) -> None:
        super().__init__(
            intents=INTENTS,
            allowed_mentions=NOBODY,
            shard_ids=list(shards.ids),
            shard_count=shards.count,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=LONGEST_WAIT,
            heartbeat_timeout=silence,
        )
        self._turn = turn

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        """Wait until this shard may identify."""
        await self._turn(shard_id or 0)


def rest_client() -> discord.Client:
    """Make a client that needs no gateway: to be logged in, and to send."""
    return discord.Client(intents=discord.Intents.none(), allowed_mentions=NOBODY, max_ratelimit_timeout=LONGEST_WAIT)


def point(api: str | None, gateway: str | None) -> None:
    """Let all clients of this process talk to other addresses than Discord's; None leaves one as it is.

    discord.py takes both from constants and asks nobody for them.
    """
    if api is not None:
        Route.BASE = api.rstrip("/")
    if gateway is not None:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


def quiet_library() -> None:
    """Let discord.py's warnings into our log without their details: those hold ids, addresses and tokens."""
    library = logging.getLogger("discord")
    library.handlers = [_Bare()]
    library.setLevel(logging.WARNING)
    library.propagate = False
    for chatty in ("discord.client", "discord.state"):  # they warn of voice and of an intent that we leave out
        logging.getLogger(chatty).setLevel(logging.ERROR)


class _Bare(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """Log the sentence as it stands in the library's source, with nothing filled in."""
        error = record.exc_info[0] if record.exc_info else None
        log.warning("discord.library", says=str(record.msg), error=error.__name__ if error else None)
