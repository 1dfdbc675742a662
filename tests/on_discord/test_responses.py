"""How an answer goes back: late, in several messages, and when Discord takes it no more."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from doubles.discord import PATIENCE, SLASH, Call, Discord, Sent, error
from doubles.discord_listening import listening
from doubles.discord_people import BOT_DM, Person, labels, text

from adapters.discord.unseen import KEPT, Unseen
from bot.app import Bot
from bot.reply import Cited, Paragraph, Reply
from bot.request import Request

if TYPE_CHECKING:
    from aiohttp import web

    from adapters.discord.app import Listener

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
FOLLOWUP = "/webhooks/{webhook_id}/{webhook_token}"
GONE = pytest.mark.parametrize(("status", "code"), [(404, 10062), (404, 10015), (401, 50027), (400, 50035)])
COMPARE = {"id": "8", "name": "compare", "type": 1}
MAY_NOT = "may not have reached you"
MADE, CUT = "made, and the answer cut off", "cut off before it was made"


@pytest.fixture(autouse=True)
def _nobody_gets_a_traceback(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR] == []


@pytest.fixture
def ana(discord: Discord) -> Person:
    return Person(discord)


class Slow(Bot):
    """Answers later than a listener waits that has little patience."""

    async def answer(self, request: Request) -> Reply:
        await asyncio.sleep(0.1)
        return await super().answer(request)


@pytest.fixture
async def listener(discord: Discord, bot: Bot) -> AsyncIterator[Listener]:
    async with listening(discord, bot) as made:
        yield made


@pytest.fixture
async def announcing(discord: Discord, bot: Bot) -> AsyncIterator[Listener]:
    """Yield one that has to announce every answer."""
    async with listening(discord, Slow(bot._folder, bot._open_store), patience=0.01) as made:
        yield made


def failing(discord: Discord, path: str, *ends: web.Response | str) -> asyncio.Event:
    """Let the next calls of a path end so; the event comes when all have."""
    left, happened = list(ends), asyncio.Event()
    make = {
        CALLBACK: discord._post_interactions_interaction_id_interaction_token_callback,
        ORIGINAL: discord._patch_webhooks_webhook_id_webhook_token_messages_original,
    }

    async def answer(call: Call) -> web.Response | None:
        if call.path != path or not left:
            return None
        end = left.pop(0)
        if not left:
            happened.set()
        if end == MADE:
            make[path](call)
        if isinstance(end, str):
            raise asyncio.CancelledError  # the server hangs up
        return end

    discord.answers.append(answer)
    return happened


async def ended(listener: Listener, happened: asyncio.Event) -> None:
    await asyncio.wait_for(happened.wait(), PATIENCE)
    await listener.drain(timedelta(seconds=PATIENCE))


async def told_besides(person: Person, listener: Listener, answer: Sent) -> list[Sent]:
    """List what came with an answer."""
    await listener.drain(timedelta(seconds=PATIENCE))
    return [told for told in person.discord.told.values() if told.original is answer][-1].others


def direct(discord: Discord) -> list[Sent]:
    return [message for message in discord.messages.values() if message.channel == "742" and not message.interaction]


async def test_an_answer_that_takes_long_is_announced_and_then_put_in_its_place(
    ana: Person, discord: Discord, announcing: Listener
) -> None:
    assert announcing
    answer = await ana.command("compare", role="ai-engineer")
    assert text(answer).startswith("### AI engineer")
    assert answer.ephemeral
    pressed = await ana.press(answer, labels(answer)[0])
    assert pressed.id == answer.id
    assert [told.types for told in discord.told.values()] == [[5], [6]]


async def test_an_answer_of_several_messages_that_no_line_brings_back_comes_whole(discord: Discord, bot: Bot) -> None:
    class Talkative(Bot):
        async def answer(self, request: Request) -> Reply:  # noqa: ARG002
            return Reply("T", tuple(Paragraph(Cited(f"part {number} " + "word " * 150)) for number in range(12)))

    async with listening(discord, Talkative(bot._folder, bot._open_store)) as listener:
        await Person(discord).command("compare", role="zzzzqqq")
        await listener.drain(timedelta(seconds=10))
        (told,) = discord.told.values()
        assert told.original
        said = "".join(map(text, (told.original, *told.others)))
        assert all(f"part {number} " in said for number in range(12))
        assert all(message.ephemeral for message in told.others)


@GONE
async def test_an_answer_that_discord_takes_no_more_is_told_with_the_next_once_and_can_be_shown(
    ana: Person, discord: Discord, listener: Listener, status: int, code: int
) -> None:
    happened = failing(discord, CALLBACK, error(status, code))
    await ana.begin(SLASH, COMPARE | {"options": [{"type": 3, "name": "role", "value": "ai-engineer"}]})
    await ended(listener, happened)
    assert direct(discord) == [], "in a server nobody is written to unasked"
    after = await ana.command("fit")
    (said,) = await told_besides(ana, listener, after)
    assert MAY_NOT in text(said)
    assert said.ephemeral
    assert text(await ana.press(said, "Show it")).startswith("### AI engineer")
    assert await told_besides(ana, listener, await ana.command("compare")) == []
    assert await told_besides(ana, listener, await Person(discord, "43").command("compare")) == []


async def test_what_was_changed_counts_though_its_answer_was_lost(
    ana: Person, discord: Discord, listener: Listener
) -> None:
    task = await ana.command("roadmap", destination="ml-engineer")
    done = next(label for label in labels(task) if label.startswith("Done"))
    happened = failing(discord, CALLBACK, error(404, 10062))
    await ana.begin_press(task, done)
    await ended(listener, happened)
    (said,) = await told_besides(ana, listener, await ana.press(task, done))
    assert "What you changed is kept" in text(said)
    shown = text(await ana.press(said, "Show it"))
    assert "Already done" in shown


async def test_what_happens_only_once_is_not_offered_again(ana: Person, discord: Discord, listener: Listener) -> None:
    chosen = await ana.command("nudge", roadmap="ml-engineer", days="mon", time="9am", zone="Europe/Lisbon")
    happened = failing(discord, CALLBACK, error(404, 10062))
    await ana.begin_press(chosen, "Send one now")
    await ended(listener, happened)
    (said,) = await told_besides(ana, listener, await ana.command("compare"))
    assert labels(said) == []


@GONE
async def test_in_the_bots_own_conversation_it_is_written_below(
    ana: Person, discord: Discord, listener: Listener, status: int, code: int
) -> None:
    ana = replace(ana, context=BOT_DM)
    happened = failing(discord, CALLBACK, error(status, code))
    await ana.begin(SLASH, COMPARE)
    await ended(listener, happened)
    (below,) = direct(discord)
    failing(discord, CALLBACK, error(status, code))
    await ana.begin_press(below, labels(below)[0])
    other = await asyncio.wait_for(discord.posted_in("742"), PATIENCE)
    assert other is below
    other = await asyncio.wait_for(discord.posted_in("742"), PATIENCE)
    assert text(other) != text(below)
    assert await told_besides(ana, listener, await ana.command("compare")) == [], "it has been seen"


@GONE
async def test_an_announcement_that_comes_too_late_loses_nothing_either(
    ana: Person, discord: Discord, announcing: Listener, status: int, code: int
) -> None:
    happened = failing(discord, CALLBACK, error(status, code), error(status, code))
    await ana.begin(SLASH, COMPARE)
    await replace(ana, id="44", context=BOT_DM).begin(SLASH, COMPARE)
    await ended(announcing, happened)
    assert [message.channel for message in discord.messages.values()] == ["744"]
    assert len(await told_besides(ana, announcing, await ana.command("compare"))) == 1


@GONE
async def test_an_answer_that_comes_after_the_time_for_it_loses_nothing_either(
    ana: Person, discord: Discord, announcing: Listener, status: int, code: int
) -> None:
    """A quarter of an hour after a press Discord takes nothing for it."""
    happened = failing(discord, ORIGINAL, error(status, code))
    await ana.begin(SLASH, COMPARE)
    await ended(announcing, happened)
    assert len(await told_besides(ana, announcing, await ana.command("compare"))) == 1


@pytest.mark.parametrize("end", [MADE, CUT])
async def test_an_answer_whose_connection_is_cut_is_given_once_more_and_is_there_once(
    ana: Person, discord: Discord, listener: Listener, end: str
) -> None:
    happened = failing(discord, CALLBACK, end)
    told = await ana.begin(SLASH, COMPARE)
    await ended(listener, happened)
    assert told.types == [4]
    assert len(discord.messages) == 1
    assert await told_besides(ana, listener, await ana.command("compare")) == []


@pytest.mark.parametrize("end", [MADE, CUT])
async def test_an_announcement_whose_connection_is_cut_is_followed_by_the_answer(
    ana: Person, discord: Discord, announcing: Listener, end: str
) -> None:
    happened = failing(discord, CALLBACK, end)
    told = await ana.begin(SLASH, COMPARE)
    await ended(announcing, happened)
    assert told.types == [5 if end is MADE else 4]
    assert told.original
    assert text(told.original)
    assert len(discord.messages) == 1


async def test_an_announcement_that_was_made_already_is_followed_by_the_answer(
    ana: Person, discord: Discord, announcing: Listener
) -> None:
    happened = failing(discord, CALLBACK, error(400, 40060))
    told = await ana.begin(SLASH, COMPARE)
    told.original = discord.keep(told.channel, {}, by=ana.id)
    await ended(announcing, happened)
    assert text(told.original)


async def test_a_network_that_is_gone_is_told_of_when_it_is_back(
    ana: Person, discord: Discord, listener: Listener
) -> None:
    happened = failing(discord, CALLBACK, CUT, CUT)
    await ana.begin(SLASH, COMPARE)
    await ended(listener, happened)
    lost_too = failing(discord, FOLLOWUP, error(401, 50027))
    await ana.command("compare")
    await ended(listener, lost_too)
    assert len(await told_besides(ana, listener, await ana.command("compare"))) == 1, "what tells of it was lost too"


async def test_what_a_lost_answer_told_besides_is_told_again(ana: Person, discord: Discord, listener: Listener) -> None:
    listener.held.waiting = {"42": "direct messages are closed to this bot"}
    happened = failing(discord, CALLBACK, error(404, 10062))
    await ana.begin(SLASH, COMPARE)
    await ended(listener, happened)
    assert "Your nudges are held" in text(await ana.command("compare"))
    assert "Your nudges are held" not in text(await ana.command("compare"))


def test_only_so_many_people_are_kept_in_mind() -> None:
    unseen = Unseen()
    for number in range(KEPT + 5):
        unseen.note(str(number), None)
    assert len(unseen.lines) == KEPT
    assert unseen.told("4") is None
    assert unseen.told("5")


async def test_an_announcement_that_nobody_waits_for_any_more_ends_quietly(
    ana: Person, discord: Discord, bot: Bot
) -> None:
    class Broken(Bot):
        async def answer(self, request: Request) -> Reply:  # noqa: ARG002
            await asyncio.sleep(0.1)
            raise ZeroDivisionError

    async with listening(discord, Broken(bot._folder, bot._open_store), patience=0.01) as listener:
        happened = failing(discord, CALLBACK, error(404, 10062))
        await ana.begin(SLASH, COMPARE)
        await ended(listener, happened)
    gc.collect()  # else nobody would say that an exception was never looked at
