"""Nudges over REST, without a gateway: sent once, refused for a reason, found again after a doubt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import discord as library
import pytest
from aiohttp import web
from doubles.discord import TOKEN, Call, Discord, error
from doubles.discord_people import labels, text

from adapters.discord.connect import rest_client
from adapters.discord.errors import REFUSALS, outcome_of
from adapters.discord.send import PER_SECOND, Sender, carries, nonce_of
from bot.nudges.outcome import Absent, CannotTell, Envelope, Found, Refused, Sent, Unclear
from bot.reply import Button, Cited, Paragraph, Reply
from bot.request import Learner

NUDGE = Reply(
    "Write a test", (Paragraph(Cited("30 minutes")),), (Button("Done", "nudge done #7"), Button("Stop", "nudge stop"))
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SEND = "/channels/{channel_id}/messages"
FIRST = Envelope(7, 1, "discord", "42", None, LONG_AGO, NUDGE)


@pytest.fixture
async def sender(discord: Discord) -> AsyncIterator[Sender]:
    assert discord.base
    async with rest_client() as client:
        await client.login(TOKEN)
        yield Sender(client)


def answering(discord: Discord, *answers: web.Response | Callable[[], Awaitable[None]], path: str = SEND) -> None:
    """Answer the next calls of a path with these, one after the other."""
    left = list(answers)

    async def answer(call: Call) -> web.StreamResponse | None:
        if call.path != path or call.method != "POST" or not left:
            return None
        first = left.pop(0)
        if isinstance(first, web.Response):
            return first
        await first()
        return None

    discord.answers.append(answer)


def posted(discord: Discord) -> list[Call]:
    return [call for call in discord.calls if (call.method, call.path) == ("POST", SEND)]


async def test_a_nudge_arrives_in_a_conversation_that_is_opened_and_named(sender: Sender, discord: Discord) -> None:
    outcome = await sender.send(FIRST)
    (message,) = discord.messages.values()
    assert outcome == Sent(message.id, "742")
    assert text(message).startswith("### Write a test")
    assert labels(message) == ["Done", "Stop"]
    assert discord.gateway.sessions == {}


async def test_a_known_conversation_is_not_asked_for_again(sender: Sender, discord: Discord) -> None:
    assert await sender.send(replace(FIRST, dm="900")) == Sent(next(iter(discord.messages)), "900")
    assert not discord.dms


async def test_a_conversation_that_is_gone_is_opened_anew_once(sender: Sender, discord: Discord) -> None:
    answering(discord, error(404, 10003))
    outcome = await sender.send(replace(FIRST, dm="900"))
    assert isinstance(outcome, Sent)
    assert outcome.dm == "742"
    answering(discord, error(404, 10003), error(404, 10003))
    assert await sender.send(replace(FIRST, delivery_id=8, dm="900")) == REFUSALS[10003]


@pytest.mark.parametrize(
    ("status", "code", "permanent", "of_lane"),
    [
        (403, 50007, True, False),
        (403, 50278, True, False),
        (403, 20009, True, False),
        (403, 40003, False, True),
        (404, 10013, True, False),
        (401, 0, True, True),
        (403, 99999, True, False),
        (400, 50035, False, False),
        (403, 40004, False, True),
    ],
)
async def test_a_refusal_says_whether_it_is_for_good_and_for_whom(
    sender: Sender, discord: Discord, status: int, code: int, *, permanent: bool, of_lane: bool
) -> None:
    answering(discord, error(status, code))
    outcome = await sender.send(FIRST)
    assert isinstance(outcome, Refused)
    assert (outcome.permanent, outcome.of_lane) == (permanent, of_lane)
    assert permanent or outcome.retry_after
    assert len(posted(discord)) == 1, "a refusal is not asked for again"


async def test_opening_too_many_conversations_rests_for_hours(sender: Sender, discord: Discord) -> None:
    answering(discord, error(403, 40003), path="/users/@me/channels")
    outcome = await sender.send(FIRST)
    assert isinstance(outcome, Refused)
    assert outcome.retry_after
    assert outcome.retry_after >= timedelta(hours=1)


async def test_a_short_rate_limit_is_waited_for(sender: Sender, discord: Discord) -> None:
    answering(discord, error(429, 0, retry_after=0.01, **{"global": True}))
    assert isinstance(await sender.send(FIRST), Sent)
    assert len(discord.messages) == 1


async def test_a_long_rate_limit_rests_the_lane_for_as_long(sender: Sender, discord: Discord) -> None:
    answering(discord, error(429, 0, retry_after=300, **{"global": False}))
    outcome = await sender.send(FIRST)
    assert isinstance(outcome, Refused)
    assert (outcome.retry_after, outcome.of_lane) == (timedelta(seconds=300), True)


async def test_a_ban_in_front_of_discord_rests_the_lane(sender: Sender, discord: Discord) -> None:
    answering(discord, web.Response(status=429, text="error code: 1015"))
    outcome = await sender.send(FIRST)
    assert isinstance(outcome, Refused)
    assert outcome.of_lane


async def test_an_error_of_theirs_after_the_message_was_made_makes_no_second_one(
    sender: Sender, discord: Discord
) -> None:
    answered = 0

    async def made_and_then_broken(call: Call) -> web.Response | None:
        nonlocal answered
        if call.path != SEND or call.method != "POST" or answered:
            return None
        answered += 1
        discord._post_channels_channel_id_messages(call)
        return error(500, 0)

    discord.answers.append(made_and_then_broken)
    assert isinstance(await sender.send(FIRST), Sent)
    assert len(posted(discord)) == 2
    assert len(discord.messages) == 1


async def test_a_connection_that_is_cut_after_the_message_was_made_is_in_doubt_and_found(
    sender: Sender, discord: Discord
) -> None:
    async def made_and_then_cut(call: Call) -> web.StreamResponse | None:
        if call.path == SEND and call.method == "POST":
            discord._post_channels_channel_id_messages(call)
            raise asyncio.CancelledError  # the server hangs up
        return None

    discord.answers.append(made_and_then_cut)
    outcome = await sender.send(FIRST)
    assert isinstance(outcome, Unclear)
    discord.answers.clear()
    looked = await sender.look(replace(FIRST, reply=None))
    assert looked == Found(next(iter(discord.messages)))
    again = await sender.send(replace(FIRST, attempt=2))
    assert isinstance(again, Sent)
    assert len(discord.messages) == 1, "sent again within minutes, it is the same message"


async def test_what_never_arrived_is_surely_absent(sender: Sender, discord: Discord) -> None:
    await sender.send(replace(FIRST, delivery_id=70, reply=replace(NUDGE, actions=(Button("Done", "nudge done #70"),))))
    assert await sender.look(replace(FIRST, reply=None)) == Absent()
    assert len(discord.messages) == 1


async def test_where_there_is_nothing_to_say_nothing_is_sent(sender: Sender, discord: Discord) -> None:
    assert isinstance(await sender.send(replace(FIRST, reply=None)), Refused)
    assert posted(discord) == []


async def test_a_look_that_fails_cannot_tell(sender: Sender, discord: Discord) -> None:
    async def broken(call: Call) -> web.Response | None:
        return error(403, 50001) if call.method == "GET" else None

    discord.answers.append(broken)
    assert isinstance(await sender.look(replace(FIRST, reply=None)), CannotTell)


async def test_a_message_outside_the_nudges_has_all_its_pages(sender: Sender, discord: Discord) -> None:
    long = Reply("T", tuple(Paragraph(Cited(f"{number} " + "word " * 150)) for number in range(12)), NUDGE.actions)
    outcome = await sender.direct(Learner("discord", "42"), long)
    assert isinstance(outcome, Sent)
    assert len(discord.messages) > 1
    assert outcome.ref == next(iter(discord.messages))
    assert [bool(labels(message)) for message in discord.messages.values()][-1]


def test_a_delivery_has_always_the_same_name_and_no_other_has_it() -> None:
    assert nonce_of(7) == nonce_of(7)
    names = {nonce_of(number) for number in range(2000)}
    assert len(names) == 2000
    assert all(len(name) <= 25 for name in names)


def test_a_button_belongs_to_its_own_delivery_only() -> None:
    assert carries("nudge done #7", 7)
    assert not carries("nudge done #70", 7)
    assert not carries("roadmap done ml #71", 7)


def test_what_could_not_be_connected_to_was_surely_not_sent() -> None:
    key = aiohttp.client_reqrep.ConnectionKey("h", 443, True, True, None, None, None)  # noqa: FBT003 - theirs
    outcome = outcome_of(aiohttp.ClientConnectorError(key, OSError()))
    assert isinstance(outcome, Refused)
    assert not outcome.permanent
    assert isinstance(outcome_of(TimeoutError()), Unclear)


def test_the_pace_leaves_room_for_everything_else_and_can_be_set_lower() -> None:
    client = library.Client(intents=library.Intents.none())
    assert Sender(client).platform().pace.per_second == PER_SECOND < 50
    assert Sender(client, 3).platform().pace.per_second == 3
