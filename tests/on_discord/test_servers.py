"""Joining and leaving servers: who is greeted, when, and what is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from doubles.discord import PATIENCE, Call, Discord, error
from doubles.discord_gateway import INVALID
from doubles.discord_listening import NOW, listening
from doubles.discord_people import BOT_DM, Person, labels, server, text
from sqlalchemy import select

from adapters.discord.connect import rest_client
from adapters.discord.greeting import Greeter, to_pin
from adapters.discord.greeting import greeting as welcome
from adapters.discord.send import Sender
from bot.nudges.message import compose
from bot.nudges.model import DeliveryState
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.store.tables import metadata

if TYPE_CHECKING:
    from aiohttp import web

    from adapters.discord.app import Listener
    from bot.app import Bot
    from bot.store.engine import Store

OWNER, GUILD, ANA = "990000000000000009", "880000000000000300", "770000000000000042"
JUST_NOW = (NOW - timedelta(minutes=5)).isoformat()
LONG_AGO = (NOW - timedelta(days=5)).isoformat()


@asynccontextmanager
async def greeting(discord: Discord, bot: Bot) -> AsyncIterator[Listener]:
    """Listen and greet while the block runs, as one start of the process does; what came in by then is done."""
    async with listening(discord, bot) as listener:
        greeter = Greeter(bot, listener._client, 1, lambda: NOW, listener.noted)
        listener._client.guild_ready_timeout = 0.05  # type: ignore[attr-defined]
        listener._client._connection.guild_ready_timeout = 0.05  # type: ignore[attr-defined]
        listener._client.event(greeter.on_guild_join)  # type: ignore[attr-defined]
        listener._client.event(greeter.on_guild_available)  # type: ignore[attr-defined]
        await listener._client.wait_until_ready()
        yield listener
        await settled(discord, listener)


async def settled(discord: Discord, listener: Listener) -> None:
    """Wait until all that was dispatched before has been taken in: a command behind it is answered."""
    await Person(discord).command("compare")
    await listener.drain(timedelta(seconds=PATIENCE))


def greeted(discord: Discord, owner: str = OWNER) -> int:
    return sum(message.channel == f"7{owner}" for message in discord.messages.values())


async def test_the_owner_of_a_new_server_is_told_what_the_bot_does_and_does_not_with_a_text_to_pin(
    discord: Discord, bot: Bot
) -> None:
    async with greeting(discord, bot):
        await discord.gateway.join(server(GUILD, OWNER, NOW.isoformat()))
        told = await asyncio.wait_for(discord.posted_in(f"7{OWNER}"), PATIENCE)
        for part in ("What it does", "What it does not do", "reads no messages", "text to pin"):
            assert part in text(told)
        assert to_pin(bot.pack).split(".")[0] in text(told)
        assert labels(told) == [action.label for action in welcome(bot.pack).actions]
        assert text(await Person(discord, OWNER, context=BOT_DM).press(told, "Compare careers"))


async def test_it_is_told_once_whatever_the_connection_does_and_never_after_a_new_start(
    discord: Discord, bot: Bot
) -> None:
    guild = server(GUILD, OWNER, NOW.isoformat())
    async with greeting(discord, bot) as listener:
        await discord.gateway.join(guild)
        await asyncio.wait_for(discord.posted_in(f"7{OWNER}"), PATIENCE)
        await discord.gateway.dispatch("GUILD_DELETE", {"id": GUILD, "unavailable": True})
        await discord.gateway.dispatch("GUILD_CREATE", guild | {"unavailable": False})
        await settled(discord, listener)
        known_anew = asyncio.create_task(listener._client.wait_for("shard_ready", timeout=PATIENCE))
        await discord.gateway.tell(INVALID, data=False)
        await known_anew
    async with greeting(discord, bot):
        pass
    assert greeted(discord) == 1


async def test_who_added_it_before_its_first_start_is_greeted_and_who_did_long_ago_is_not(
    discord: Discord, bot: Bot
) -> None:
    discord.gateway.guilds = [server(GUILD, OWNER, JUST_NOW), server("880000000000000301", "8", LONG_AGO)]
    async with greeting(discord, bot):
        await asyncio.wait_for(discord.posted_in(f"7{OWNER}"), PATIENCE)
    assert greeted(discord, "8") == 0


async def test_whose_direct_messages_are_closed_is_left_alone(discord: Discord, bot: Bot) -> None:
    tried = asyncio.Event()

    async def closed(call: Call) -> web.Response | None:
        if call.path != "/channels/{channel_id}/messages":
            return None
        tried.set()
        return error(403, 50007)

    guild = server(GUILD, OWNER, NOW.isoformat())
    discord.answers.append(closed)
    async with greeting(discord, bot):
        await discord.gateway.join(guild)
        await asyncio.wait_for(tried.wait(), PATIENCE)
    async with greeting(discord, bot):
        pass
    posts = [call for call in discord.calls if call.path == "/channels/{channel_id}/messages"]
    assert len(posts) == 1, "a refusal is not asked for again"


async def everything_kept(store: Store) -> str:
    async with store.database.reading() as connection:
        rows: list[Any] = [
            tuple(row) for table in metadata.sorted_tables for row in await connection.execute(select(table))
        ]
    return repr(rows)


@pytest.mark.parametrize("forgets", [False, True])
async def test_nothing_of_a_server_is_kept_and_who_learns_goes_on_without_it(
    discord: Discord, bot: Bot, *, forgets: bool
) -> None:
    guild, ana = server(GUILD, OWNER, NOW.isoformat()), Person(discord, ANA)
    async with greeting(discord, bot) as listener:
        await discord.gateway.join(guild)
        chosen = await ana.command("nudge", roadmap="ml-engineer", days="mon", time="9am", zone="Europe/Lisbon")
        assert "Next" in text(chosen)
        await ana.press(await ana.command("compare", role="ai-engineer"), "Share")
        await discord.gateway.leave(guild)
        await settled(discord, listener)
        if forgets:
            await ana.press_id(await ana.command("waymark"), "waymark forget yes")
    store = await bot.store()
    kept = await everything_kept(store)
    assert GUILD not in kept
    assert (ANA in kept) is not forgets
    sent = await swept(bot, store)
    assert sent == {} if forgets else sent == {DeliveryState.SENT: 1}
    assert greeted(discord, ANA) == (0 if forgets else 1)


async def swept(bot: Bot, store: Store) -> dict[DeliveryState, int]:
    """Send by a worker of its own, without a gateway, what is due on the next Monday."""
    from doubles.discord import TOKEN  # noqa: PLC0415

    async with rest_client() as client:
        await client.login(TOKEN)
        monday = NOW + timedelta(days=2)
        platform = Sender(client).platform()
        worker = Worker("w", store, platform, lambda nudge: compose(bot.pack, nudge), lambda: monday)
        return dict(await sweep(worker))
