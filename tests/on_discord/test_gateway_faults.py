"""The gateway goes away, refuses, starts over: the next command is answered all the same, and no other twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from doubles.discord import SLASH, Call, Discord, error
from doubles.discord_gateway import INVALID, RECONNECT
from doubles.discord_listening import listening
from doubles.discord_people import Person, text

if TYPE_CHECKING:
    from aiohttp import web

    from bot.app import Bot

COMPARE = {"id": "8", "name": "compare", "type": 1}


@pytest.fixture
def ana(discord: Discord) -> Person:
    return Person(discord)


async def test_a_command_that_came_while_the_connection_was_gone_is_answered_once_after_the_resume(
    ana: Person, discord: Discord, bot: Bot
) -> None:
    async with listening(discord, bot):
        await ana.command("compare")
        await discord.gateway.drop()
        told = await ana.begin(SLASH, COMPARE)
        await discord.gateway.wait_resumed(1)
        await asyncio.wait_for(told.done.wait(), 20)
        assert told.types == [4]
        assert len(discord.gateway.identified) == 1, "a resume uses up no identify"


async def test_the_connection_may_go_while_a_command_is_under_way(ana: Person, discord: Discord, bot: Bot) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(call: Call) -> web.Response | None:
        if call.path.startswith("/interactions"):
            arrived.set()
            await go_on.wait()
        return None

    async with listening(discord, bot):
        discord.answers.append(slow)
        told = await ana.begin(SLASH, COMPARE)
        await arrived.wait()
        await discord.gateway.drop()
        await discord.gateway.wait_resumed(1)
        go_on.set()
        await asyncio.wait_for(told.done.wait(), 20)
        assert told.types == [4]


async def test_a_resume_that_is_refused_begins_a_new_session(ana: Person, discord: Discord, bot: Bot) -> None:
    async with listening(discord, bot):
        discord.gateway.refuse_resume = True
        await discord.gateway.drop()
        await discord.gateway.wait_identified(2)
        assert text(await ana.command("compare"))


async def test_when_asked_to_connect_again_it_resumes(ana: Person, discord: Discord, bot: Bot) -> None:
    async with listening(discord, bot):
        await discord.gateway.tell(RECONNECT)
        await discord.gateway.wait_resumed(1)
        assert text(await ana.command("compare"))


async def test_a_session_that_is_called_invalid_is_begun_anew(ana: Person, discord: Discord, bot: Bot) -> None:
    async with listening(discord, bot):
        await discord.gateway.tell(INVALID, data=False)
        await discord.gateway.wait_identified(2)
        assert text(await ana.command("compare"))


async def test_a_session_that_can_go_on_after_all_is_resumed(ana: Person, discord: Discord, bot: Bot) -> None:
    async with listening(discord, bot):
        await discord.gateway.tell(INVALID, data=True)
        await discord.gateway.wait_resumed(1)
        assert len(discord.gateway.identified) == 1
        assert text(await ana.command("compare"))


async def test_heartbeats_come_with_the_number_of_the_last_event(ana: Person, discord: Discord, bot: Bot) -> None:
    discord.gateway.beat_every = 20
    async with listening(discord, bot):
        await ana.command("compare")
        await discord.gateway.wait_beats(len(discord.gateway.beats) + 2)
        assert discord.gateway.beats[0] is None, "the first comes at once, before any event"
        assert discord.gateway.beats[-1] == 2, "READY and the command"
        assert discord.gateway.resumed == []


async def test_a_connection_that_is_open_and_dead_is_left_and_resumed(ana: Person, discord: Discord, bot: Bot) -> None:
    discord.gateway.beat_every = 20
    async with listening(discord, bot, silence=0.2):
        discord.gateway.is_mute = True
        await asyncio.wait_for(discord.gateway.wait_resumed(1), 20)
        assert len(discord.gateway.identified) == 1
        assert text(await ana.command("compare"))


async def test_whose_turn_it_is_not_yet_identifies_with_a_later_connection(
    ana: Person, discord: Discord, bot: Bot
) -> None:
    tries = 0

    async def turn(_: int) -> None:
        nonlocal tries
        tries += 1
        if tries == 2:
            raise TimeoutError

    async with listening(discord, bot, turn=turn):
        await discord.gateway.tell(INVALID, data=False)
        await asyncio.wait_for(discord.gateway.wait_identified(2), 20)
        assert tries == 3
        assert text(await ana.command("compare"))


@pytest.mark.parametrize("refusal", [error(400, 40060), error(404, 10062), error(400, 50035)])
async def test_what_cannot_be_answered_any_more_is_left_and_the_next_is_answered(
    ana: Person, discord: Discord, bot: Bot, refusal: web.Response
) -> None:
    async def once(call: Call) -> web.Response | None:
        if not call.path.startswith("/interactions"):
            return None
        discord.answers.clear()
        return refusal

    async with listening(discord, bot):
        discord.answers.append(once)
        await ana.begin(SLASH, COMPARE)
        assert text(await ana.command("compare"))


async def test_a_rate_limit_on_an_answer_is_waited_for(ana: Person, discord: Discord, bot: Bot) -> None:
    async def once(_: Call) -> web.Response:
        discord.answers.clear()
        return error(429, 0, retry_after=0.01, **{"global": False})

    async with listening(discord, bot):
        discord.answers.append(once)
        assert text(await ana.command("compare"))


async def test_a_direct_message_that_comes_twice_is_answered_once(ana: Person, discord: Discord, bot: Bot) -> None:
    async with listening(discord, bot):
        await ana.write("compare ai")
        event = next(e for s in discord.gateway.sessions.values() for e in s.events if e["t"] == "MESSAGE_CREATE")
        await discord.gateway.dispatch("MESSAGE_CREATE", event["d"])
        await ana.command("compare")
        posts = [
            call for call in discord.calls if (call.method, call.path) == ("POST", "/channels/{channel_id}/messages")
        ]
        assert len({call.body["nonce"] for call in posts}) == 1
        assert sum(1 for message in discord.messages.values() if message.channel == "742") == 1


async def test_messages_of_a_server_and_of_other_bots_are_not_heard(ana: Person, discord: Discord, bot: Bot) -> None:
    async with listening(discord, bot):
        await ana.write("compare ai")
        event = next(e for s in discord.gateway.sessions.values() for e in s.events if e["t"] == "MESSAGE_CREATE")
        author = event["d"]["author"] | {"bot": True}
        await discord.gateway.dispatch("MESSAGE_CREATE", event["d"] | {"id": "77", "author": author})
        await discord.gateway.dispatch("MESSAGE_CREATE", event["d"] | {"id": "78", "guild_id": "300", "content": ""})
        await ana.command("compare")
        assert sum(1 for message in discord.messages.values() if message.channel == "742") == 1
