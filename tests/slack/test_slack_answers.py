"""What people do in Slack and what they see then, over HTTP and over Socket Mode alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.slack import Fault, Message, direct_of
from tests.doubles.slack_bench import Bench, on_slack
from tests.slack.shown import shown


@pytest.fixture(params=["http", "socket"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    async with on_slack(tmp_path, request.param) as started:
        yield started


async def ask(bench: Bench, name: str, text: str = "", **more: str) -> Message:
    """Type a command that is answered at once."""
    seen = await bench.people.command(name, text, **more)
    assert seen is not None
    return seen


async def press(bench: Bench, where: Message | str, label: str, **more: str) -> list[Message]:
    await bench.people.press(where, label, **more)
    return await bench.settled()


async def test_a_command_is_answered_at_once_and_to_who_typed_it_alone(bench: Bench) -> None:
    seen = await ask(bench, "/compare", "ai ml salary india")
    assert seen.payload["response_type"] == "ephemeral"
    assert seen.text.startswith("Pay: AI engineer / ML engineer")
    assert "Aptech" in shown(seen.payload)
    assert await bench.settled() == [seen]


async def test_any_command_can_be_reached_through_waymark(bench: Bench) -> None:
    assert (await ask(bench, "/waymark", "compare ai ml salary")).text.startswith("Pay: AI engineer / ML engineer")


async def test_a_shared_answer_is_public_says_who_shared_it_and_can_be_taken_back_by_them_alone(bench: Bench) -> None:
    seen = await ask(bench, "/compare", "ai ml salary")
    _, public = await press(bench, seen, "Share here")
    assert (public.to, public.channel) == (None, "C1")
    assert "Shared by <@U1>" in shown(public.payload)
    assert "Shared by <@U1>" in public.text
    *_, refusal = await press(bench, public, "Take it back", user="U2")
    assert (refusal.to, refusal.text) == ("U2", "Only who shared it can take it back.")
    assert public in await bench.settled()
    assert public not in await press(bench, public, "Take it back")


async def test_sharing_twice_shares_once(bench: Bench) -> None:
    seen = await ask(bench, "/compare", "ai ml salary")
    await bench.people.press(seen, "Share here")
    await bench.people.press(seen, "Share here")
    public = [message for message in await bench.settled() if message.to is None]
    assert len(public) == 1
    assert bench.slack.messages[-1].text == "That was shared already."


async def test_a_share_that_slack_did_not_take_can_be_pressed_again(bench: Bench) -> None:
    seen = await ask(bench, "/compare", "ai ml salary")
    bench.slack.faults["respond"] = [Fault(status=500)]
    await press(bench, seen, "Share here")
    assert bench.slack.messages[-1].text.startswith("Slack did not take that.")
    await press(bench, seen, "Share here")
    assert len([message for message in await bench.settled() if message.to is None]) == 1


async def test_a_personal_answer_cannot_be_shared_even_with_a_forged_button(bench: Bench) -> None:
    seen = await ask(bench, "/roadmap", "follow ml-engineer")
    assert "Share here" not in seen.labels()
    await press(bench, seen, next(iter(seen.labels())), value="!|waymark privacy")
    assert [message for message in await bench.settled() if message.to is None] == []


async def test_a_mention_is_answered_in_its_thread_for_everybody(bench: Bench) -> None:
    await bench.people.mention("compare ai ml salary")
    (public,) = await bench.settled()
    assert (public.to, public.channel, public.thread) == (None, "C1", "1.5")
    await bench.people.mention("need a phd?", thread_ts="1.1")
    *_, public = await bench.settled()
    assert public.thread == "1.1"
    assert public.text.startswith("What our sources say")


async def test_text_to_the_bot_is_read_like_a_command_or_a_question(bench: Bench) -> None:
    await bench.people.write("need a phd?")
    await bench.people.write("compare ai &amp; ml salary")
    question, command = await bench.settled()
    assert question.channel == command.channel == direct_of("U1")
    assert question.text.startswith("What our sources say")
    assert command.text.startswith("Pay: AI engineer")
    assert "Share here" not in command.labels()


async def test_a_press_in_a_direct_message_edits_it(bench: Bench) -> None:
    await bench.people.write("waymark")
    (seen,) = await bench.settled()
    assert await press(bench, seen, "Which one fits me?") == [seen]
    assert seen.edits == 1


async def test_what_the_bot_or_another_bot_writes_is_not_answered(bench: Bench) -> None:
    await bench.people.write("compare", user="UBOT")
    await bench.people.write("compare", bot_id="B2")
    await bench.people.write("compare", subtype="message_changed")
    assert await bench.settled() == []


async def test_the_same_event_delivered_again_is_answered_once(bench: Bench) -> None:
    for _ in range(3):
        await bench.people.write("compare", event_id="Ev7")
    assert len(await bench.settled()) == 1


async def test_the_home_shows_the_roadmap_and_answers_presses_in_its_place(bench: Bench) -> None:
    await ask(bench, "/roadmap", "follow ml-engineer")
    await bench.people.open_home()
    await bench.settled()
    home = bench.slack.homes["U1"][-1]
    assert "ML engineer" in shown(home)
    assert "Study nudges" in shown(home)
    await press(bench, "U1", "Which one fits me?")
    assert "Back to the beginning" in str(bench.slack.homes["U1"][-1])
    await press(bench, "U1", "Back to the beginning")
    assert bench.slack.homes["U1"][-1] == home


async def test_a_change_made_elsewhere_shows_in_the_home(bench: Bench) -> None:
    await ask(bench, "/roadmap", "follow ml-engineer")
    await bench.settled()
    assert "ML engineer" in shown(bench.slack.homes["U1"][-1])


async def test_opening_the_messages_tab_publishes_nothing(bench: Bench) -> None:
    await bench.people.open_home(tab="messages")
    await bench.settled()
    assert bench.slack.homes == {}


async def test_nobody_can_press_through_the_limit(bench: Bench) -> None:
    seen = await ask(bench, "/waymark")
    for _ in range(30):
        last = await ask(bench, "/waymark")
    assert last.text == "That was a lot at once. Wait a few seconds, then go on."
    assert (await ask(bench, "/waymark", user="U2")).text == seen.text


async def test_whatever_an_old_or_forged_button_carries_is_answered(bench: Bench) -> None:
    seen = await ask(bench, "/waymark")
    for value in ("nudge done #99", "roadmap done no-such no-task", "99|compare", "!|", "|", "x" * 2000, "home"):
        await press(bench, seen, next(iter(seen.labels()), "Help"), value=value)
        assert "Something broke" not in seen.text
    assert seen.edits >= 5
