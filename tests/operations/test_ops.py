"""What operators do by hand: nothing of it shows a word of a message."""

from __future__ import annotations

from datetime import timedelta

import pytest
from platforms import MONDAY, World

from adapters.ops import run_erase, run_pause, run_resume, run_rules, run_trace
from bot.errors import UserError
from bot.house import Freedom
from bot.nudges.model import Ending, RuleState
from bot.nudges.outcome import Refused, Unclear
from bot.request import Learner
from bot.store.engine import Store


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


async def test_a_trace_tells_what_became_of_each_delivery_by_the_second(
    world: World, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ana = await world.learner()
    world.clock.forward(seconds=2)
    await world.sweep()
    world.platform.answers = [Refused("50007", permanent=True)]
    world.clock.at = MONDAY + timedelta(days=7)
    await world.sweep()
    assert await run_trace(url, "terminal/ana") == 0
    rule, newest, oldest = capsys.readouterr().out.splitlines()
    assert rule == f"learner={ana.id} rule=suspended zone=UTC reason=50007"
    assert newest.endswith(
        "key=w:2026-11-30 state=refused due=2026-11-30T09:00:00Z started=2026-11-30T09:00:00Z "
        "ended=2026-11-30T09:00:00Z attempt=1 reason=50007"
    )
    assert oldest.endswith(
        "key=w:2026-11-23 state=sent due=2026-11-23T09:00:00Z started=2026-11-23T09:00:02Z "
        "ended=2026-11-23T09:00:02Z attempt=1"
    )


async def test_a_trace_shows_what_is_still_open_and_neither_task_nor_person(
    world: World, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.learner()
    world.platform.answers = [Unclear("connection reset")]
    await world.sweep()
    await run_trace(url, "terminal/ana")
    rule, only = capsys.readouterr().out.splitlines()
    assert "due=2026-11-30T09:00:00Z" in rule
    assert "state=unclear" in only
    assert 'reason="connection reset"' in only
    assert "next=2026-11-23T09:02:00Z" in only
    assert "task" not in only
    assert "ana" not in rule + only


async def test_a_learner_without_a_rule_is_traced_too(
    world: World, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ana = await world.store.learners.ensure(Learner("terminal", "ana"), MONDAY)
    await run_trace(url, "terminal/ana")
    assert capsys.readouterr().out == f"learner={ana.id} rule=none\n"


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("ana", "ana names nobody. Write a learner as LANE/PERSON, such as terminal/local."),
        ("terminal/", "terminal/ names nobody. Write a learner as LANE/PERSON, such as terminal/local."),
        ("terminal/nobody", "Nothing is kept about terminal/nobody."),
    ],
)
@pytest.mark.usefixtures("store")
async def test_who_is_not_there_is_told(url: str, named: str, sentence: str) -> None:
    with pytest.raises(UserError) as told:
        await run_trace(url, named)
    assert told.value.sentence == sentence


async def test_nothing_goes_out_in_a_paused_lane_until_it_is_resumed(
    world: World, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.learner("ana", lane="slack:T1|E1")
    await world.learner("ben", lane="slack:T2|E2")
    world.name = "slack"
    assert await run_pause(url, "slack:T1|E1") == 0
    assert "It goes on with: waymark ops resume 'slack:T1|E1'" in capsys.readouterr().out
    await world.sweep()
    assert world.platform.people() == ["ben"]
    assert await run_resume(url, "slack:T1|E1", world.clock.now()) == 0
    await world.sweep()
    assert world.platform.people() == ["ben", "ana"]


async def test_a_lane_that_is_not_there_is_told_with_those_that_are(world: World, url: str) -> None:
    await world.learner()
    for doing in (run_pause(url, "discord"), run_resume(url, "discord", MONDAY)):
        with pytest.raises(UserError, match=r"There is no lane discord\. There are: terminal\."):
            await doing


async def test_the_rules_of_houses_are_told_by_ids_alone(
    store: Store, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await run_rules(url, None)
    assert capsys.readouterr().out == "No admins have hidden or forbidden anything.\n"
    await store.learners.ensure(Learner("slack:T2", "ana"), MONDAY)
    for aspect in ("salary", "maths"):
        await store.houses.hide("slack:T2", aspect, MONDAY)
    await store.houses.forbid("slack:T2", Freedom.NUDGES, MONDAY)
    await store.houses.forbid("slack:E7", Freedom.SHARING, MONDAY)
    assert await run_rules(url, None) == 0
    first = "house=slack:E7 hidden=nothing forbidden=sharing\n"
    second = "house=slack:T2 hidden=maths,salary forbidden=nudges\n"
    assert capsys.readouterr().out == first + second
    await run_rules(url, "slack:T2")
    assert capsys.readouterr().out == second
    await run_rules(url, "slack:T9")
    assert capsys.readouterr().out == "house=slack:T9 hidden=nothing forbidden=nothing\n"


async def test_erasing_deletes_all_that_is_kept_of_one_learner_and_counts_it(
    world: World, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.learner("ana")
    ben = await world.learner("ben")
    await world.sweep()
    assert await run_erase(url, "terminal/ana") == 0
    said = capsys.readouterr().out
    assert said == "Deleted 3 rows, all that was kept about terminal/ana: 1 rule, 1 delivery, 1 learner.\n"
    assert await world.store.learners.find(Learner("terminal", "ana")) is None
    assert await world.store.rules.of(ben.id) is not None
    with pytest.raises(UserError, match=r"Nothing is kept about terminal/ana\."):
        await run_erase(url, "terminal/ana")


async def test_a_rule_that_was_halted_says_why(world: World, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    ana = await world.learner()
    await world.store.rules.halt(ana.id, Ending(RuleState.PAUSED, "no answer to the last ones"), MONDAY)
    await run_trace(url, "terminal/ana")
    assert 'rule=paused zone=UTC reason="no answer to the last ones"' in capsys.readouterr().out
