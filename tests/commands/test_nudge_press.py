"""What is pressed on a nudge, soon or months later: it acts on its own occurrence, or says why not."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bot.nudges.model import RuleState
from bot.nudges.outcome import CannotTell, Unclear
from bot.reply import StepState, buttons
from tests.conftest import words

if TYPE_CHECKING:
    from life import Life

START = "nudge ai mon 9am Asia/Kolkata"


@pytest.fixture
async def nudged(life: Life) -> Life:
    """Return a learner who looks at their first nudge."""
    await life.say(START)
    await life.to_next()
    return life


async def state_of(life: Life, task: str) -> StepState | None:
    stored = await life.world.store.learners.find(life.learner)
    assert stored
    return (await life.world.store.progress.of(stored.id)).tasks.get(("ai-engineer", task))


def first_task(life: Life) -> str:
    return life.bot.pack.roadmaps["ai-engineer"].steps[0].tasks[0].id


async def answers(life: Life) -> list[str | None]:
    """List how each delivery was answered, the oldest first."""
    stored = await life.world.store.learners.find(life.learner)
    assert stored
    return [one.answer for one in await life.world.deliveries(stored)]


async def test_a_nudge_offers_done_some_tomorrow_not_this_week_and_more(nudged: Life) -> None:
    assert nudged.shown() == ["Done", "Did some", "Tomorrow", "Not this week", "More"]
    assert [label for label in nudged.labels() if label.startswith(("Change", "Stop"))] == [
        "Change day or time",
        "Stop nudges",
    ]


async def test_done_ticks_the_task_once_and_the_next_nudge_brings_the_next_one(nudged: Life) -> None:
    done, title = nudged.button("Done").line, nudged.last.title
    assert f"Done: {title}" in words(await nudged.say(done))
    assert await state_of(nudged, first_task(nudged)) is StepState.DONE
    assert "Already done" in words(await nudged.say(done))
    following = await nudged.to_next()
    assert following.title != title
    assert f"Last time: {title}. Done." in words(following)


async def test_did_some_keeps_the_task_for_the_next_nudge(nudged: Life) -> None:
    title = nudged.last.title
    await nudged.press("Did some")
    following = await nudged.to_next()
    assert following.title == f"Go on: {title}"
    assert "Did some" not in nudged.labels()


async def test_done_on_an_old_nudge_ticks_its_own_task_and_not_todays(nudged: Life) -> None:
    old, title = nudged.button("Done").line, nudged.last.title
    for _ in range(2):
        await nudged.to_next()
    assert f"Done: {title}" in words(await nudged.say(old))
    assert (await answers(nudged))[0] == "done"


async def test_a_press_on_an_old_nudge_does_not_change_which_roadmap_is_followed(nudged: Life) -> None:
    old = nudged.button("Done").line
    await nudged.say("roadmap follow ml")
    await nudged.say(old)
    stored = await nudged.world.store.learners.find(nudged.learner)
    assert stored
    assert stored.roadmap == "ml-engineer"
    assert await state_of(nudged, first_task(nudged)) is StepState.DONE


async def test_tomorrow_sends_the_same_task_once_more_and_leaves_the_series_alone(nudged: Life) -> None:
    due, title, line = (await nudged.rule()).due, nudged.last.title, nudged.button("Tomorrow").line
    assert "tomorrow at 09:00" in words(await nudged.say(line))
    assert "already" in words(await nudged.say(line))
    nudged.world.clock.forward(days=1)
    (again,) = await nudged.sweep()
    assert again.title == title
    assert "You put this one off" in words(again)
    assert (await nudged.rule()).due == due


async def test_an_answer_that_is_typed_goes_to_the_last_nudge(nudged: Life) -> None:
    title = nudged.last.title
    assert "tomorrow at 09:00" in words(await nudged.say("tomorrow"))
    assert "already" in words(await nudged.say("snooze"))
    nudged.world.clock.forward(days=1)
    await nudged.sweep()
    assert f"Done: {title}" in words(await nudged.say("/nudge done"))
    assert await answers(nudged) == ["tomorrow", "done"]


async def test_before_the_first_nudge_there_is_none_to_answer(life: Life) -> None:
    assert (await life.say("tomorrow")).title == "You have no nudges yet."
    await life.say(START)
    for line in ("tomorrow", "nudge done", "nudge show"):
        assert (await life.say(line)).title == "None has been sent yet, so there is nothing to answer."


async def test_tomorrow_adds_nothing_where_the_series_comes_tomorrow_anyway(life: Life) -> None:
    await life.say("nudge ai daily 9 Asia/Kolkata")
    title = (await life.to_next()).title
    assert "comes by then anyway" in words(await life.press("Tomorrow"))
    assert (await life.to_next()).title == title


async def test_tomorrow_on_a_nudge_before_the_last_says_why_not(nudged: Life) -> None:
    line = nudged.button("Tomorrow").line
    await nudged.to_next()
    assert "A newer one has come since, on Monday 30 November" in words(await nudged.say(line))
    nudged.world.clock.forward(days=1)
    assert await nudged.sweep() == []


async def test_tomorrow_after_stopping_brings_nothing(nudged: Life) -> None:
    line = nudged.button("Tomorrow").line
    await nudged.say("nudge stop")
    assert "not on at present" in words(await nudged.say(line))
    nudged.world.clock.forward(days=1)
    assert await nudged.sweep() == []


async def test_not_this_week_on_a_nudge_leaves_out_the_rest_of_its_own_week(life: Life) -> None:
    await life.say("nudge ai tue,fri 9 Asia/Kolkata")
    await life.to_next()
    line = life.button("Not this week").line
    await life.say(line)
    due = (await life.rule()).due
    assert due
    assert f"{due.day:%a %d %b}" == "Tue 01 Dec"
    life.pass_to(due.at)
    await life.sweep()
    assert "is over, so nothing changed" in words(await life.say(line))


async def test_what_the_more_menu_pauses_to_is_a_date_that_stays_the_same(nudged: Life) -> None:
    line = nudged.button("Pause until Monday 7 December").line
    assert line == "nudge pause 2026-12-07"
    nudged.world.clock.forward(days=30)
    assert "has come already" in words(await nudged.say(line))


async def test_nobody_can_press_anothers_nudge(nudged: Life) -> None:
    lines = [button.line for button in buttons(nudged.last) if "#" in button.line]
    nudged.elsewhere(person="somebody else")
    for line in [*lines, "nudge done #999", "nudge show #1", "nudge keep #1"]:
        await nudged.say(line)
        assert nudged.last.title in {
            "That button belongs to no nudge that is kept of you.",
            "You have no nudges yet.",
        }
    nudged.elsewhere(person="asha")
    assert await answers(nudged) == [None]


async def test_a_discreet_nudge_names_nothing_until_it_is_opened(life: Life) -> None:
    await life.say(START)
    await life.say("nudge discreet on")
    nudge = await life.to_next()
    task = life.bot.pack.roadmaps["ai-engineer"].steps[0].tasks[0]
    assert "AI" not in words(nudge)
    assert task.title not in words(nudge)
    assert task.title == (await life.press("Show it")).title
    assert f"Done: {task.title}" in words(await life.press("Done"))
    assert await answers(life) == ["done"]


async def test_three_without_an_answer_make_one_question_and_a_fourth_the_pause(nudged: Life) -> None:
    said = [words(nudged.last), *[words(await nudged.to_next()) for _ in range(3)]]
    assert ["Shall I keep sending them?" in text for text in said] == [False, False, False, True]
    assert (await nudged.to_next()).title == "Your nudges pause here"
    kept = await nudged.rule()
    assert (kept.state, kept.due) == (RuleState.PAUSED, None)
    await nudged.press("Go on")
    assert "Shall I keep" not in words(await nudged.to_next())


async def test_keep_them_is_an_answer(nudged: Life) -> None:
    for _ in range(3):
        await nudged.to_next()
    await nudged.press("Keep them")
    assert ["Shall I keep" in words(await nudged.to_next()) for _ in range(3)] == [False, False, False]


async def test_any_command_is_an_answer_even_one_that_needs_no_learner(nudged: Life) -> None:
    await nudged.bot.store()
    for _ in range(6):
        nudged.world.clock.forward(hours=1)
        await nudged.say("compare ai ml")
        assert "Shall I keep" not in words(await nudged.to_next())


async def test_what_did_not_surely_arrive_is_not_counted_and_is_told(nudged: Life) -> None:
    nudged.world.platform.answers.append(Unclear("timeout"))
    nudged.world.platform.finds.append(CannotTell("no history"))
    await nudged.to_next()
    nudged.world.clock.forward(minutes=5)
    await nudged.sweep()
    following = await nudged.to_next()
    assert "The nudge of Monday 30 November may not have reached you" in words(following)


async def test_no_two_in_a_row_carry_the_same_task_while_others_are_open(nudged: Life) -> None:
    titles = [nudged.last.title]
    for _ in range(8):
        titles.append((await nudged.to_next()).title)
        await nudged.say("roadmap")
    assert all(one != other for one, other in pairwise(titles))


async def test_a_finished_roadmap_says_so_and_ends_the_nudges(life: Life) -> None:
    await life.say(START)
    for step in life.bot.pack.roadmaps["ai-engineer"].steps:
        for task in step.tasks:
            await life.say(f"roadmap done ai-engineer {task.id}")
    nudge = await life.to_next()
    assert nudge.title == "AI engineer: you are through"
    kept = await life.rule()
    assert (kept.state, kept.reason, kept.due) == (RuleState.STOPPED, "the roadmap is finished", None)
    await life.say("nudge resume")  # would only say the same again
    assert life.last.title == "AI engineer: you are through"
    assert (await life.rule()).state is RuleState.STOPPED
    await life.press("Nudges for ML engineer")
    await life.press("Mondays at 09:00")
    assert (await life.rule()).state is RuleState.ACTIVE
    assert (await life.to_next()).title != nudge.title


async def test_a_nudge_without_a_roadmap_lets_one_choose(life: Life) -> None:
    await life.say(START)
    stored = await life.world.store.learners.find(life.learner)
    assert stored
    await life.world.store.learners.set_roadmap(stored.id, None)
    nudge = await life.to_next()
    assert "You follow no roadmap at present." in words(nudge)
    await life.press("ML engineer")
    assert "ML engineer" in life.last.title
    assert (await life.rule()).due is not None


async def test_a_late_nudge_says_so_without_blaming_anybody(life: Life) -> None:
    await life.say(START)
    due = (await life.rule()).due
    assert due
    life.pass_to(due.at + timedelta(hours=2))
    (nudge,) = await life.sweep()
    assert "Late, and that is on us: it was due on Monday at 09:00." in words(nudge)
