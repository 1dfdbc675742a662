"""An aspect that admins have hidden is gone from what is shared, the fit, roadmaps, the Home and the cache."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.pack.model import Claim, Disagreement, Pack
from bot.pack.view import without
from tests.doubles.slack import Message, People, Team, labels_of, playing_slack
from tests.doubles.slack_bench import AT, Bench, on_slack
from tests.slack.shown import shown
from tests.slack.test_installs import ONE, install, many

HIDDEN = "The admins here have hidden “Pay”."
UNFIT = "fit .eematcsbwb"  # answers that make a warning from “wrong reasons” part of the result


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with on_slack(tmp_path) as started:
        yield started


async def hide(bench: Bench, *aspects: str) -> None:
    houses = (await bench.assembly.bot.store()).houses
    for aspect in aspects:
        await houses.hide("slack:T1", aspect, AT)
    bench.assembly.bot._houses.clear()  # as after half a minute


async def ask(people: People, line: str) -> Message:
    name, _, text = line.partition(" ")
    seen = await people.command(f"/{name}", text)
    assert seen is not None
    return seen


def read(payload: dict[str, object]) -> str:
    """Return all that can be read and chosen."""
    return "\n".join((str(payload.get("text", "")), shown(payload), *labels_of(payload)))


def said_on(pack: Pack, aspect: str) -> set[str]:
    """List what the pack says on an aspect and on no other."""
    return _texts(pack) - _texts(without(pack, frozenset({aspect})))


def _texts(pack: Pack) -> set[str]:
    contents = [each.content for each in pack.statements.values()]
    views = [each.views if isinstance(each, Disagreement) else (each,) for each in contents]
    return {claim.text for claims in views for claim in claims if isinstance(claim, Claim)}


async def test_a_shared_message_has_nothing_of_it(bench: Bench) -> None:
    old = await ask(bench.people, "compare ai ml salary")
    await hide(bench, "salary")
    for line in ("compare ai ml salary", "ml engineer salary?"):
        assert "Share here" not in (await ask(bench.people, f"waymark {line}")).labels()
    await bench.people.press(await ask(bench.people, "compare ai ml"), "Share here")
    *_, posted = await bench.settled()
    assert posted.to is None
    assert "Shared by" in posted.text
    assert "Pay" not in read(posted.payload)
    assert "lakh" not in read(posted.payload)
    await bench.people.press(old, "Share here")  # from before it was hidden
    *_, told = await bench.settled()
    assert (told.to, told.text.startswith(HIDDEN)) == ("U1", True)
    assert [each for each in bench.slack.messages if each.to is None] == [posted]


async def test_the_fit_has_nothing_of_it(bench: Bench, pack: Pack) -> None:
    warnings = said_on(pack, "wrong-reasons")
    before = await ask(bench.people, UNFIT)
    assert any(text in before.text for text in warnings)
    await hide(bench, "wrong-reasons")
    result = await ask(bench.people, UNFIT)
    assert result.text.startswith(("A strong fit", "A moderate fit", "Too close", "Flat"))
    for label in ("Why?", "Your answers"):
        again = await ask(bench.people, result.labels()[label][2])
        assert not any(text in each.text for text in warnings for each in (result, again))


async def test_a_roadmap_has_nothing_of_it(bench: Bench, pack: Pack) -> None:
    mistakes = said_on(pack, "mistakes")
    lines = [f"roadmap step {way.id} {step.id}" for way in pack.roadmaps.values() for step in way.steps if step.mistake]
    before = [await ask(bench.people, line) for line in lines[:5]]
    assert all(any(text in each.text for text in mistakes) for each in before)
    names = {pack.aspects[each].name for each in ("mistakes", "projects")}
    assert names <= (await ask(bench.people, "roadmap ml-engineer")).labels().keys()
    await hide(bench, "mistakes", "projects")
    for line in (*lines[:5], "roadmap ml-engineer", "roadmap steps ml-engineer"):
        seen = await ask(bench.people, line)
        assert "hidden" not in seen.text
        assert not any(text in seen.text for text in mistakes), line
        assert not names & seen.labels().keys()


async def test_the_home_has_nothing_of_it(bench: Bench, pack: Pack) -> None:
    name = pack.aspects["projects"].name
    await ask(bench.people, "roadmap follow ml-engineer")
    await bench.people.open_home()
    await bench.settled()
    assert name in read(bench.slack.homes["U1"][-1])
    await hide(bench, "projects")
    await bench.people.open_home()
    await bench.settled()
    assert name not in read(bench.slack.homes["U1"][-1])
    await bench.people.press("U1", "Compare careers", "U1")
    await bench.settled()
    assert name not in read(bench.slack.homes["U1"][-1])


async def test_an_answer_kept_for_a_workspace_without_the_rule_has_nothing_of_it_in_one_with_it(tmp_path: Path) -> None:
    two = Team(token="xoxb-second", id="T2")  # noqa: S106 - of a Slack that is played
    async with playing_slack() as slack, many(tmp_path, slack) as bench:
        for team in (ONE, two):
            await install(bench, team)
        bound, free = (People(slack, bench.people.deliver, team) for team in (ONE, two))
        await hide(bench, "salary")
        for line in ("compare ai ml", "compare ai ml salary", "compare ai pay india", "waymark"):
            for _ in range(2):  # the second time both are ready
                whole, cut = await ask(free, line), await ask(bound, line)
                assert "Pay" in read(whole.payload) or line == "waymark"
                assert "Pay" not in read(cut.payload).replace("hidden “Pay”", "")
                assert "lakh" not in read(cut.payload)
                assert "salary" not in read(cut.payload)
