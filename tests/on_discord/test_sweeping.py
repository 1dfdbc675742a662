"""Nudges from the rule to the message, by a real worker, while Discord loses answers: one message each, never two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from doubles.discord import TOKEN, Call, Discord, Sent, error
from doubles.discord_people import labels, text

from adapters.discord.connect import rest_client
from adapters.discord.send import Sender
from bot.app import Bot
from bot.nudges.calendar import Rule, next_occurrence
from bot.nudges.message import compose
from bot.nudges.model import DeliveryState, RuleState
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.request import Learner, Request

if TYPE_CHECKING:
    from aiohttp import web

    from bot.store.learners import StoredLearner

ANA = Learner("discord", "42")
MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
WEEK, SETTLED = timedelta(days=7), timedelta(minutes=3)
SEND = ("POST", "/channels/{channel_id}/messages")
LOOK = ("GET", "/channels/{channel_id}/messages")


@dataclass
class World:
    """A worker whose clock stands still but for its own pauses, and somebody with a rule for Mondays at nine."""

    discord: Discord
    bot: Bot
    worker: Worker
    ana: StoredLearner
    clock: dict[str, datetime] = field(default_factory=dict)

    async def at(self, moment: datetime) -> dict[DeliveryState, int]:
        self.clock["now"] = moment
        return dict(await sweep(self.worker))

    def sent(self) -> list[Sent]:
        return [message for message in self.discord.messages.values() if message.channel == "742"]

    def calls(self, wanted: tuple[str, str]) -> int:
        return sum((call.method, call.path) == wanted for call in self.discord.calls)


@pytest.fixture
async def world(discord: Discord, bot: Bot) -> AsyncIterator[World]:
    store, clock = await bot.store(), {"now": MONDAY}

    async def pause(seconds: float) -> None:  # else a pace would be waited for that never comes
        clock["now"] += timedelta(seconds=seconds)

    ana = await store.learners.ensure(ANA, MONDAY - WEEK)
    rule = Rule(frozenset({0}), time(9), "UTC")
    await store.rules.set(ana, rule, next_occurrence(rule, MONDAY - timedelta(days=1)), MONDAY - WEEK)
    async with rest_client() as client:
        await client.login(TOKEN)
        platform = Sender(client).platform()
        worker = Worker("w", store, platform, lambda nudge: compose(bot.pack, nudge), lambda: clock["now"], pause)
        yield World(discord, bot, worker, ana, clock)


def failing(discord: Discord, wanted: tuple[str, str], times: int, fail: Callable[[Call], web.Response | None]) -> None:
    """Let the next calls fail."""
    left = times

    async def answer(call: Call) -> web.Response | None:
        nonlocal left
        if (call.method, call.path) != wanted or not left:
            return None
        left -= 1
        return fail(call)

    discord.answers.append(answer)


def hung_up(_: Call) -> web.Response | None:
    raise asyncio.CancelledError  # the server cuts the connection


def made(discord: Discord, then: Callable[[Call], web.Response | None]) -> Callable[[Call], web.Response | None]:
    """Make the message, and lose the answer."""

    def fail(call: Call) -> web.Response | None:
        discord._post_channels_channel_id_messages(call)
        return then(call)

    return fail


@pytest.mark.parametrize("lost", [hung_up, lambda _: error(503, 0), lambda _: error(500, 0)])
async def test_an_answer_that_is_lost_after_the_message_was_made_is_asked_for_again_by_its_name(
    world: World, lost: Callable[[Call], web.Response | None]
) -> None:
    failing(world.discord, SEND, 1, made(world.discord, lost))
    assert await world.at(MONDAY) == {DeliveryState.SENT: 1}
    assert len(world.sent()) == 1
    assert (world.calls(SEND), world.calls(LOOK)) == (2, 0)
    assert await world.at(MONDAY + SETTLED) == {}


async def test_a_nudge_to_who_has_chosen_no_roadmap_is_found_again_too(world: World) -> None:
    """Its own buttons choose a roadmap, and say nothing of the nudge."""
    assert await world.at(MONDAY) == {DeliveryState.SENT: 1}
    (message,) = world.sent()
    assert labels(message)[-1] == "Show it again"


async def test_when_no_answer_comes_at_all_the_message_is_found_in_the_conversation(world: World) -> None:
    failing(world.discord, SEND, 2, made(world.discord, hung_up))
    assert await world.at(MONDAY) == {DeliveryState.UNCLEAR: 1}
    world.discord._nonces.clear()  # the minutes in which Discord knows a name are over
    assert await world.at(MONDAY + SETTLED) == {DeliveryState.SENT: 1}
    assert len(world.sent()) == 1
    assert world.calls(SEND) == 2


async def test_what_was_lost_on_its_way_to_discord_is_surely_absent_and_sent_once_more(world: World) -> None:
    failing(world.discord, SEND, 2, hung_up)
    assert await world.at(MONDAY) == {DeliveryState.UNCLEAR: 1}
    assert (await world.at(MONDAY + SETTLED))[DeliveryState.SENT] == 1
    assert len(world.sent()) == 1


async def test_a_refusal_of_the_second_call_says_nothing_of_the_first(world: World) -> None:
    failing(world.discord, SEND, 1, made(world.discord, hung_up))
    failing(world.discord, SEND, 1, lambda _: error(403, 50007))
    assert await world.at(MONDAY) == {DeliveryState.UNCLEAR: 1}
    assert world.calls(SEND) == 2
    kept = await world.worker.store.rules.of(world.ana.id)
    assert kept
    assert kept.state is RuleState.ACTIVE


async def test_a_message_that_was_deleted_meanwhile_has_arrived(world: World) -> None:
    """Discord answers so to a name that it knows, when its message is not there any more."""
    failing(world.discord, SEND, 1, lambda _: error(404, 10008))
    assert await world.at(MONDAY) == {DeliveryState.SENT: 1}
    kept = await world.worker.store.rules.of(world.ana.id)
    assert kept
    assert kept.state is RuleState.ACTIVE


async def test_where_nobody_can_tell_it_stays_unknown_and_the_next_nudge_says_so(world: World) -> None:
    await world.bot.answer(Request("roadmap follow ml-engineer", MONDAY - WEEK, ANA))
    failing(world.discord, SEND, 2, hung_up)
    failing(world.discord, LOOK, 100, lambda _: error(403, 50001))
    assert await world.at(MONDAY) == {DeliveryState.UNCLEAR: 1}
    ended: dict[DeliveryState, int] = {}
    for minutes in range(3, 90, 6):
        ended = await world.at(MONDAY + timedelta(minutes=minutes)) or ended
    assert ended == {DeliveryState.UNKNOWN: 1}
    assert world.sent() == []
    assert world.calls(SEND) == 2, "it is not sent again blindly"
    world.discord.answers.clear()
    assert await world.at(MONDAY + WEEK) == {DeliveryState.SENT: 1}
    (told,) = world.sent()
    assert "16 November" in text(told), text(told)
