"""Whose clock in Slack goes elsewhere is asked once whether the nudges follow; nothing moves unasked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.nudges.model import DeliveryState
from bot.pack.model import Pack
from bot.request import Learner
from tests.doubles.slack import Message
from tests.doubles.slack_bench import AT, Bench, on_slack
from tests.slack.test_slack_nudges import MONDAY, swept

MOVE, KEEP = "Move them to Lisbon", "Keep Kolkata"


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with on_slack(tmp_path) as started:
        await started.people.command("/roadmap", "follow ml-engineer")
        await started.people.command("/nudge", "mon 9:00 yes")
        await started.settled()
        yield started


def goes_to(bench: Bench, zone: str | None) -> None:
    bench.slack.users["U1"] = {"tz": zone}
    bench.assembly.listener.answers.people._known.clear()  # as after an hour


async def nudges(bench: Bench, text: str = "") -> Message:
    seen = await bench.people.command("/nudge", text)
    assert seen is not None
    return seen


async def zone_kept(bench: Bench) -> str:
    store = await bench.assembly.bot.store()
    learner = await store.learners.find(Learner("slack:T1", "U1"))
    assert learner is not None
    rule = await store.rules.of(learner.id)
    assert rule is not None
    return rule.rule.zone


async def test_a_clock_that_moved_is_told_and_moves_nothing(bench: Bench) -> None:
    goes_to(bench, "Europe/Lisbon")
    seen = await nudges(bench)
    assert "Your clock here now says Lisbon, now 12:00. The nudges go by Kolkata. Move them?" in seen.text
    assert {MOVE, KEEP} <= seen.labels().keys()
    await nudges(bench, "tue 10:00")
    assert await zone_kept(bench) == "Asia/Kolkata"
    assert MOVE in (await nudges(bench)).labels()


@pytest.mark.parametrize(("label", "zone"), [(MOVE, "Europe/Lisbon"), (KEEP, "Asia/Kolkata")])
async def test_either_answer_is_kept_and_not_asked_for_again(bench: Bench, label: str, zone: str) -> None:
    goes_to(bench, "Europe/Lisbon")
    seen = await nudges(bench)
    await bench.people.press(seen, label)
    await bench.settled()
    assert MOVE not in seen.labels()
    assert MOVE not in (await nudges(bench)).labels()
    assert await zone_kept(bench) == zone


async def test_after_an_answer_the_next_move_is_asked_about(bench: Bench) -> None:
    goes_to(bench, "Europe/Lisbon")
    seen = await nudges(bench)
    await bench.people.press(seen, KEEP)
    await bench.settled()
    goes_to(bench, "Asia/Tokyo")
    assert "Move them to Tokyo" in (await nudges(bench)).labels()


@pytest.mark.parametrize("zone", [None, "Nowhere/At All", "Asia/Calcutta", "Asia/Colombo"])
async def test_a_clock_that_shows_the_same_or_nothing_is_no_question(bench: Bench, zone: str | None) -> None:
    goes_to(bench, zone)
    assert "Move them" not in (await nudges(bench)).text


async def test_a_zone_that_was_typed_against_slacks_own_is_no_question(bench: Bench) -> None:
    await nudges(bench, "zone Lisbon")
    assert await zone_kept(bench) == "Europe/Lisbon"
    assert "Move them" not in (await nudges(bench)).text


async def next_nudge(bench: Bench, pack: Pack, weeks: int = 0) -> Message:
    assert await swept(bench, pack, MONDAY + timedelta(weeks=weeks)) == {DeliveryState.SENT: 1}
    return bench.slack.messages[-1]


@pytest.mark.parametrize("form", ["discreet off", "discreet on"])
async def test_the_next_nudge_asks_too_once_and_stays_a_nudge(bench: Bench, pack: Pack, form: str) -> None:
    await nudges(bench, form)
    goes_to(bench, "Europe/Lisbon")
    await bench.people.command("/roadmap")
    nudge = await next_nudge(bench, pack)
    assert "Your clock here says Lisbon now. The nudges go by Kolkata. Move them?" in nudge.text
    assert {MOVE, KEEP, "Not this week"} <= nudge.labels().keys()
    assert "Move them" not in (await next_nudge(bench, pack, 1)).text


@pytest.mark.parametrize(("label", "zone"), [(MOVE, "Europe/Lisbon"), (KEEP, "Asia/Kolkata")])
async def test_an_answer_in_the_nudge_is_one_in_the_panel_too(bench: Bench, pack: Pack, label: str, zone: str) -> None:
    goes_to(bench, "Europe/Lisbon")
    await bench.people.command("/roadmap")
    await bench.people.press(await next_nudge(bench, pack), label)
    await bench.settled()
    assert await zone_kept(bench) == zone
    assert "Move them" not in (await nudges(bench)).text


async def test_a_nudge_asks_not_after_an_answer_elsewhere_but_after_the_next_move(bench: Bench, pack: Pack) -> None:
    goes_to(bench, "Europe/Lisbon")
    await bench.people.press(await nudges(bench), KEEP)
    await bench.settled()
    assert "Move them" not in (await next_nudge(bench, pack)).text
    store = await bench.assembly.bot.store()
    for day in (1, 2):  # heard twice, and still from the first time on
        await store.learners.seen(Learner("slack:T1", "U1", "Asia/Tokyo"), AT + MONDAY + timedelta(days=day))
    assert "Move them to Tokyo" in (await next_nudge(bench, pack, 1)).labels()
    await store.learners.seen(Learner("slack:T1", "U1", "Asia/Tokyo"), AT + MONDAY + timedelta(days=8))
    assert "Move them" not in (await next_nudge(bench, pack, 2)).text


async def test_a_clock_that_nobody_has_heard_of_is_not_asked_about(bench: Bench, pack: Pack) -> None:
    bench.slack.users["U1"] = {"tz": "Europe/Lisbon"}
    assert "Move them" not in (await next_nudge(bench, pack)).text


async def test_stopped_nudges_ask_nothing(bench: Bench) -> None:
    goes_to(bench, "Europe/Lisbon")
    await nudges(bench, "stop")
    assert "Move them" not in (await nudges(bench)).text
