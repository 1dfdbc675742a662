"""Commands, presses and messages over the gateway, with unmodified discord.py against the double."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from doubles.discord import Call, Discord, Sent, error
from doubles.discord_people import BOT_DM, GROUP, Person, labels, text

from adapters.discord.app import Listener

if TYPE_CHECKING:
    from aiohttp import web

pytestmark = pytest.mark.usefixtures("listener")


@pytest.fixture
def ana(discord: Discord) -> Person:
    return Person(discord)


async def test_a_command_with_options_is_answered_to_its_user_alone(ana: Person) -> None:
    answer = await ana.command("compare", role="ai-engineer", role_2="ml-engineer", aspect="salary")
    assert "### Pay: AI engineer / ML engineer" in text(answer)
    assert answer.ephemeral


async def test_free_text_in_an_option_is_read_like_any_line(ana: Person) -> None:
    assert "ML engineer" in text(await ana.command("compare", role="machine lerning enginer"))


async def test_in_the_bots_own_conversation_answers_stay(ana: Person) -> None:
    assert not (await replace(ana, context=BOT_DM).command("compare")).ephemeral


async def test_among_others_in_a_group_an_answer_is_private(ana: Person) -> None:
    assert (await replace(ana, context=GROUP).command("compare")).ephemeral


async def test_share_posts_for_all_and_a_press_on_it_answers_privately(ana: Person, discord: Discord) -> None:
    answer = await ana.command("compare", role="ai-engineer")
    posted = await ana.press(answer, "Share")
    assert not posted.ephemeral
    assert text(posted).startswith("### AI engineer")
    assert "Take back" in labels(posted)
    assert "Share" not in labels(posted)
    before = dict(posted.body)
    other = await Person(discord, "43").press(posted, labels(posted)[0])
    assert other.ephemeral
    assert other.id != posted.id
    assert posted.body == before


async def test_share_pressed_twice_at_once_posts_once(ana: Person) -> None:
    answer = await ana.command("compare", role="ai-engineer")
    both = await asyncio.gather(ana.press(answer, "Share"), ana.press(answer, "Share"))
    assert sorted(message.ephemeral for message in both) == [False, True]
    assert [text(message) for message in both if message.ephemeral] == ["That is shared already."]


@pytest.mark.parametrize("refusal", [error(400, 50035), error(404, 10062), error(401, 50027)])
async def test_a_share_that_failed_can_be_pressed_again(
    ana: Person, discord: Discord, listener: Listener, refusal: web.Response
) -> None:
    failed = asyncio.Event()

    async def once(call: Call) -> web.Response | None:
        if not call.path.startswith("/interactions"):
            return None
        discord.answers.clear()
        failed.set()
        return refusal

    answer = await ana.command("compare", role="ai-engineer")
    discord.answers.append(once)
    await ana.begin_press(answer, "Share")
    await failed.wait()
    await listener.drain(timedelta(seconds=10))
    assert not (await ana.press(answer, "Share")).ephemeral
    assert "shared already" in text(await ana.press(answer, "Share"))


async def test_a_share_whose_connection_is_cut_is_posted_once(ana: Person, discord: Discord) -> None:
    async def once(call: Call) -> web.Response | None:
        if not call.path.startswith("/interactions"):
            return None
        discord.answers.clear()
        raise asyncio.CancelledError  # the server hangs up

    answer = await ana.command("compare", role="ai-engineer")
    discord.answers.append(once)
    assert not (await ana.press(answer, "Share")).ephemeral
    assert "shared already" in text(await ana.press(answer, "Share"))


async def test_a_share_that_is_there_though_discord_said_otherwise_is_not_posted_twice(
    ana: Person, discord: Discord, listener: Listener
) -> None:
    async def made_and_then_broken(call: Call) -> web.Response | None:
        if not call.path.startswith("/interactions"):
            return None
        discord.answers.clear()
        discord._post_interactions_interaction_id_interaction_token_callback(call)
        return error(500, 0)

    answer = await ana.command("compare", role="ai-engineer")
    discord.answers.append(made_and_then_broken)
    posted = await ana.press(answer, "Share")
    await listener.drain(timedelta(seconds=10))
    assert not posted.ephemeral
    assert "shared already" in text(await ana.press(answer, "Share"))


async def test_only_the_sharer_takes_back_what_was_shared(ana: Person, discord: Discord) -> None:
    posted = await ana.press(await ana.command("compare", role="ai-engineer"), "Share")
    refused = await Person(discord, "43").press(posted, "Take back")
    assert "Only who shared it" in text(refused)
    assert posted.id in discord.messages
    await ana.press(posted, "Take back")
    assert posted.id not in discord.messages


async def test_who_looks_after_the_channel_takes_back_too(ana: Person, discord: Discord) -> None:
    posted = await ana.press(await ana.command("compare", role="ai-engineer"), "Share")
    await Person(discord, "43", rights=1 << 13).press(posted, "Take back")
    assert posted.id not in discord.messages


async def test_where_discord_hides_it_share_says_why(ana: Person, discord: Discord, listener: Listener) -> None:
    answer = await ana.command("compare", role="ai-engineer")
    discord.hide_everything = True
    told = await ana.begin_press(answer, "Share")
    await told.done.wait()
    await listener.drain(timedelta(seconds=10))
    assert told.original
    assert "Only you can see this" in text(told.original)


async def test_personal_answers_cannot_be_shared_not_even_by_a_made_up_press(ana: Person) -> None:
    answer = await ana.command("roadmap", destination="ml-engineer")
    assert "Share" not in labels(answer)
    forged = await ana.press_id(answer, "!|roadmap ml-engineer")
    assert "between you and me" in text(forged)


async def test_a_made_up_press_is_read_like_anything_typed(ana: Person) -> None:
    answer = await ana.command("compare")
    for wire in ("@everyone", "0~", "~", "!|", "99|compare ai", "x" * 100, "menu 1"):
        assert text(await ana.press_id(answer, wire))


async def test_the_questions_of_fit_are_asked_in_place_and_go_on_in_a_direct_message(
    ana: Person, discord: Discord
) -> None:
    first = await ana.command("fit")
    assert "Question 1 of 5" in text(first)
    second = await ana.press(first, labels(first)[0])
    assert second.id == first.id
    assert "Question 2 of 5" in text(second)
    told = await ana.press(second, "Continue in DM")
    assert "direct messages" in text(told)
    (direct,) = [message for message in discord.messages.values() if message.channel == "742"]
    assert "Question 2 of 5" in text(direct)
    assert "Continue in DM" not in labels(await replace(ana, context=BOT_DM).press(direct, labels(direct)[0]))


async def test_whose_direct_messages_are_closed_goes_on_here_and_is_told_what_to_change(
    ana: Person, discord: Discord
) -> None:
    async def closed(call: Call) -> web.Response | None:
        return error(403, 50007) if call.path == "/channels/{channel_id}/messages" else None

    question = await ana.command("fit")
    offered = labels(question)
    discord.answers.append(closed)
    told = await ana.press(question, "Continue in DM")
    assert told.id == question.id
    assert "direct messages are closed to this bot" in text(told)
    assert "privacy settings" in text(told)
    assert "Question 1 of 5" in text(told)
    assert labels(told) == [label for label in offered if label != "Continue in DM"]
    assert "Question 2 of 5" in text(await ana.press(told, labels(told)[0]))


async def test_options_are_suggested_while_somebody_types(ana: Person) -> None:
    assert ("Maths", "maths") in await ana.complete("compare", "aspect", "mat")
    assert ("ML engineer", "ml-engineer") in await ana.complete("compare", "role-2", "machin")
    zones = await ana.complete("nudge", "zone", "lisb")
    assert zones[0] == ("Lisbon, PT: Sat 12:00", "Europe/Lisbon")
    assert len(await ana.complete("nudge", "zone", "")) == 25
    assert await ana.complete("nudge", "days", "mo") == []


async def test_answers_to_one_learner_come_in_order_of_arrival(ana: Person) -> None:
    answer = await ana.command("compare", role="ai-engineer", role_2="ml-engineer", aspect="salary")
    presses = [await ana.begin_press(answer, label) for label in ("Why so vague?", "Maths", "What it is")]
    await asyncio.gather(*(told.done.wait() for told in presses))
    assert "### What it is" in text(answer)


async def test_an_unknown_interaction_is_left_and_the_next_is_answered(ana: Person, discord: Discord) -> None:
    async def too_late(_: Call) -> web.Response:
        discord.answers.clear()
        return error(404, 10062)

    discord.answers.append(too_late)
    await ana.begin(2, {"id": "8", "name": "compare", "type": 1})
    assert text(await ana.command("compare"))


async def test_nothing_under_way_is_left_when_it_ends(listener: Listener, ana: Person, discord: Discord) -> None:
    arrived = asyncio.Event()

    async def seen(_: Call) -> None:
        arrived.set()

    discord.answers.append(seen)
    told = await ana.begin(2, {"id": "8", "name": "compare", "type": 1})
    await arrived.wait()
    await listener.drain(timedelta(seconds=5))
    assert told.done.is_set()
    assert isinstance(told.original, Sent)
