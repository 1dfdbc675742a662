"""`waymark discord`: everything that answers in Discord, put together from the settings, until it is to stop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import structlog

from adapters.discord.app import Listener
from adapters.discord.connect import Gateway, point, quiet_library, rest_client
from adapters.discord.greeting import Greeter
from adapters.discord.languages import shipped_languages
from adapters.discord.send import Sender
from adapters.discord.shards import Crowd, Spans, Starts
from adapters.discord.sync import application_of, declared, sync
from adapters.process import Part, run_parts, stopped_by_signals
from bot.app import Bot
from bot.errors import SettingsError
from bot.nudges.outcome import Outcome, Sent
from bot.pack.load import shipped_pack
from bot.store.engine import open_store

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.discord.settings import DiscordSettings
    from adapters.discord.shards import Shards
    from bot.nudges.outcome import Platform
    from bot.reply import Reply
    from bot.request import Learner
    from bot.settings import Settings
    from bot.store.engine import Store

Clock = Callable[[], "datetime"]

RENEWED = timedelta(seconds=10)
DRAIN = timedelta(seconds=15)  # of the 20 that a process has
_SPANS = Spans()

log = structlog.get_logger()


class RefusedTokenError(SettingsError):
    """Discord knows no bot by the token."""


async def run_discord(settings: Settings, ours: DiscordSettings, now: Clock, spans: Spans = _SPANS) -> int:
    """Answer in Discord until a signal comes; return the exit code."""
    stopping = asyncio.Event()
    with stopped_by_signals(stopping):
        async with answering(settings, ours, now, settings.port, spans) as part:
            return await run_parts([part], stopping)


@asynccontextmanager
async def answering(
    settings: Settings, ours: DiscordSettings, now: Clock, port: int | None = None, spans: Spans = _SPANS
) -> AsyncIterator[Part]:
    """Log in, tell Discord of the commands if they have changed, and give the part that listens.

    Where there is a port, it shows health there. Raises SettingsError for what is missing or refused.
    """
    token, shards = ours.token(), ours.shards()
    lead(ours)
    crowd: Crowd | None = None

    async def turn(shard: int) -> None:
        if crowd is not None:
            await crowd.turn(shard)

    client = Gateway(shards, turn)
    async with _bot(settings, client) as bot, client:
        await login(client, token)
        store = await bot.store()
        await _sync(client, bot, store, now)
        holder = f"{socket.gethostname()}:{os.getpid()}"
        crowd = Crowd(store.marks, application_of(client), holder, now, await starts_of(client), spans)
        async with _health(port, client, store, now):
            yield Part("discord", partial(_listen, client, bot, crowd, shards))


@asynccontextmanager
async def nudging(ours: DiscordSettings, per_second: float) -> AsyncIterator[Platform]:
    """Log in without a gateway, and give what the nudges need to know; raises SettingsError for a refused token."""
    lead(ours)
    async with rest_client() as client:
        await login(client, ours.token())
        yield Sender(client, per_second).platform()


async def login(client: discord.Client, token: str) -> None:
    """Log in; raises SettingsError where that cannot be done, RefusedTokenError for a token that is not right."""
    try:
        await client.login(token)
    except discord.LoginFailure:
        raise RefusedTokenError(
            "Discord refuses the token (DISCORD_TOKEN): it was reset, or it is not all of it. In the Developer Portal, "
            "under Bot, press Reset Token, and copy it at once: it is shown this one time."
        ) from None
    except (aiohttp.ClientError, discord.HTTPException, OSError) as error:
        raise SettingsError(
            f"Discord cannot be reached ({type(error).__name__}). See whether this machine has a connection, and try "
            "again in a while."
        ) from error


async def _sync(client: Gateway, bot: Bot, store: Store, now: Clock) -> None:
    """Tell Discord of the commands if they have changed; while it does not take them, those of before are answered."""
    try:
        if await sync(client, store.marks, declared(bot.commands.values(), bot.vocabulary, shipped_languages()), now()):
            log.info("discord.commands_synced")
    except (discord.DiscordException, aiohttp.ClientError) as error:
        log.warning("discord.commands_not_synced", error=type(error).__name__)


def _health(port: int | None, client: Gateway, store: Store, now: Clock) -> AbstractAsyncContextManager[int | None]:
    if port is None:
        return nullcontext()
    from adapters.discord.health import shown  # noqa: PLC0415 - 60 ms, and only where a port is set

    return shown(port, client, store, now)


async def starts_of(client: discord.AutoShardedClient) -> Starts:
    """Ask Discord how many sessions may begin; where it does not say, those of a small bot."""
    try:
        told = await client.fetch_session_start_limits()
    except (discord.DiscordException, aiohttp.ClientError) as error:
        log.warning("discord.starts_unknown", error=type(error).__name__)
        return Starts()
    renewed_in = timedelta(milliseconds=told.reset_after)
    return Starts(told.total, max(told.max_concurrency, 1), told.remaining, renewed_in)


async def _listen(client: Gateway, bot: Bot, crowd: Crowd, shards: Shards, stopping: asyncio.Event) -> None:
    """Answer until it is to stop, or the connection or a shard is lost; then finish what is under way."""
    asked = asyncio.create_task(stopping.wait())
    taking = asyncio.create_task(_ready(crowd, shards))
    try:
        await asyncio.wait({asked, taking}, return_when=asyncio.FIRST_COMPLETED)
        if taking.done():
            taking.result()
            await _answer(client, bot, crowd, shards, asked)
    finally:
        await _ended(asked, taking)
        await crowd.release(shards)


async def _ready(crowd: Crowd, shards: Shards) -> None:
    await crowd.spare()
    await crowd.take(shards)


async def _answer(client: Gateway, bot: Bot, crowd: Crowd, shards: Shards, asked: asyncio.Task[Any]) -> None:
    listener = Listener(bot, crowd.now, client)
    greeter = Greeter(bot, client, crowd.application, crowd.now, listener.noted)
    for event in (
        listener.on_interaction,
        listener.on_message,
        greeter.on_guild_join,
        greeter.on_guild_available,
    ):
        client.event(event)
    keeping, reloading = asyncio.create_task(crowd.keep(shards)), asyncio.create_task(_renew(bot, listener))
    connection = asyncio.create_task(client.connect())
    try:
        ended, _ = await asyncio.wait({asked, keeping, connection}, return_when=asyncio.FIRST_COMPLETED)
        for shard in client.shards.values():
            await shard.disconnect()  # nothing more comes in; what is under way still goes out
        await listener.drain(DRAIN)
        for task in ended:
            task.result()
    finally:
        await client.close()
        await _ended(keeping, reloading, connection)


async def _ended(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _renew(bot: Bot, listener: Listener) -> None:
    """Take the pack again when it has changed, and look up who cannot be reached; neither ends anything if it fails."""
    while True:
        try:
            bot.refresh()
            await listener.held.refresh()
        except Exception:
            log.exception("discord.not_renewed")
        await asyncio.sleep(RENEWED.total_seconds())


@asynccontextmanager
async def _bot(settings: Settings, client: discord.Client) -> AsyncIterator[Bot]:
    """Open the bot; what it has to say to a learner directly goes out by this client."""
    sender = Sender(client)

    async def direct(learner: Learner, reply: Reply) -> Outcome:
        outcome = await sender.direct(learner, reply)
        if isinstance(outcome, Sent) and outcome.dm:
            await (await bot.store()).learners.set_dm(learner, outcome.dm)
        return outcome

    url = settings.database_url.get_secret_value()
    bot = Bot(settings.waymark_pack or shipped_pack(), partial(open_store, url), direct=direct)
    try:
        yield bot
    finally:
        await bot.close()


def lead(ours: DiscordSettings) -> None:
    """Let this process talk to the addresses that are set, and discord.py log without details."""
    point(ours.discord_api_url, ours.discord_gateway_url)
    quiet_library()
