"""What people type behind /roadmap, and what old or forged buttons carry: the right task, or a way on."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import Bot
from bot.command import LINE_LIMIT
from bot.line import Understood, canonical
from bot.pack.load import shipped_pack
from bot.reading import parse
from bot.request import Learner, Place, Request
from tests.conftest import Say, words
from tests.presses import lines

FIRST = "roadmap done ai-engineer run-first-script"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("roadmap", "roadmap"),
        ("roadmap ai short", "roadmap ai-engineer-short"),
        ("roadmap short ai developer", "roadmap ai-engineer-short"),
        ("roadmap ml 10 hours a week", "roadmap ml-engineer 10h"),
        ("roadmap 5 hrs per week ml", "roadmap ml-engineer 5h"),
        ("roadmap researcher", "roadmap ml-researcher"),
        ("roadmap have python, git", "roadmap have python git"),
        ("roadmap ai have python git", "roadmap have ai-engineer python git"),
        ("roadmap ai done run-first-script", FIRST),
        ("roadmap i know python", "roadmap have python"),
        ("roadmap start over ml", "roadmap reset ml-engineer"),
        ("roadmap reset ml yes", "roadmap reset ml-engineer yes"),
        ("roadmap undo #7", "roadmap undo #7"),
    ],
)
def test_people_may_type_it_their_way(bot: Bot, typed: str, meant: str) -> None:
    line = parse(typed, bot.commands, bot.vocabulary)
    assert isinstance(line, Understood), line
    assert canonical(line.call) == meant


@pytest.mark.parametrize(
    "typed", ["roadmap done ml numpy distances", "roadmap done ml nunpy distancs", "roadmap ml done 1,000 points"]
)
async def test_a_task_is_found_by_words_of_it(say: Say, typed: str) -> None:
    assert "Done: Compute all distances between 1,000 points" in words(await say(typed))


async def test_words_are_looked_up_on_the_roadmap_that_one_follows(say: Say) -> None:
    assert len(lines(await say("roadmap done numpy"))) > 1, "on no roadmap yet, several tasks fit"
    await say("roadmap follow ai")
    assert "Done: Add up a million squares" in words(await say("roadmap done numpy"))
    assert "Already done: Add up a million squares" in words(await say("roadmap done numpy"))


async def test_words_that_fit_several_tasks_are_asked_back(say: Say) -> None:
    await say("roadmap follow ai")
    reply = await say("roadmap done python basics")
    assert reply.title == "Which one?"
    assert FIRST in lines(reply)
    await say(FIRST)
    assert "Done: Print the three commonest" in words(await say("roadmap done python basics")), "one is left to do"


@pytest.mark.parametrize("typed", ["roadmap done", "roadmap done xyzzy", "roadmap skip 🙂 ???"])
async def test_words_that_fit_no_task_offer_the_next_one(say: Say, typed: str) -> None:
    await say("roadmap follow ai")
    verb = typed.split()[1]
    assert lines(await say(typed))[0] == f"roadmap {verb} ai-engineer run-first-script"


async def test_a_task_of_another_roadmap_counts_on_its_own(say: Say) -> None:
    reply = await say("roadmap done ml-engineer run-first-script")
    assert reply.title.startswith("AI engineer")
    assert "Done: Install Python and run a script" in words(reply)


@pytest.mark.parametrize("line", ["roadmap step ai-engineer maths-foundations", "roadmap step maths-foundations"])
async def test_a_step_is_found_wherever_it_is(say: Say, line: str) -> None:
    assert (await say(line)).title == "Step 1 of 8: The mathematics, with Python beside it"


@pytest.mark.parametrize("verb", ["steps", "step", "reset", "follow", "choose"])
async def test_a_bare_verb_without_a_roadmap_of_ones_own_lets_one_choose(say: Say, verb: str) -> None:
    assert (await say(f"roadmap {verb}")).title == "Which roadmap?"


async def test_of_two_roadmaps_for_one_tick_each_is_offered_with_the_tick(say: Say) -> None:
    assert lines(await say("roadmap done ai ml")) == ["roadmap done ai-engineer", "roadmap done ml-engineer"]


async def test_more_skills_than_a_button_holds_open_the_menu_in_private(bot: Bot, say: Say) -> None:
    longest = sorted(bot.pack.skills, key=len)[-8:]
    (line,) = lines(await say(f"roadmap have {' '.join(longest)}", Place.PUBLIC))
    assert len(line) <= LINE_LIMIT


async def test_undoing_what_is_not_ones_own_takes_nothing_back(bot: Bot, say: Say, at: datetime) -> None:
    await bot.answer(Request(FIRST, at, Learner("terminal", "somebody else")))
    await say("roadmap done ai-engineer count-csv-values")
    for line in ("roadmap undo #1", "roadmap undo #999999999"):
        assert "nothing to take back" in words(await say(line))
    assert "(done)" in (await say("roadmap task ai-engineer count-csv-values")).title


@pytest.fixture
async def edited(bot: Bot, at: datetime, learner: Learner, tmp_path: Path) -> AsyncIterator[Bot]:
    """Yield a bot on a later pack, on the store of one who ticked the first task before."""
    await bot.answer(Request(FIRST, at, learner))
    folder = tmp_path / "pack"
    shutil.copytree(shipped_pack(), folder)
    for file in (folder / "roadmaps").glob("ai-*.yaml"):
        file.write_text(file.read_text().replace("run-first-script", "hello-script"))
    gone = folder / "gone.yaml"
    gone.write_text("run-first-script: {renamed-to: hello-script}\nhello-scripts: {retired: not taught any more}\n")
    later = Bot(folder, bot.store)
    yield later
    await later.close()


async def test_a_button_with_a_former_id_still_finds_its_task(edited: Bot, at: datetime, learner: Learner) -> None:
    assert "Already done: Install Python" in words(await edited.answer(Request(FIRST, at, learner)))
    reopened = await edited.answer(Request("roadmap open ai-engineer run-first-script", at, learner))
    assert lines(reopened)[0] == "roadmap done ai-engineer hello-script"


async def test_a_retired_task_is_told_and_never_taken_for_its_neighbour(
    edited: Bot, at: datetime, learner: Learner
) -> None:
    await edited.answer(Request("roadmap open ai-engineer hello-script", at, learner))
    reply = await edited.answer(Request("roadmap done ai-engineer hello-scripts", at, learner))
    assert "not part of the roadmaps any more" in reply.title
    assert lines(reply) == ["roadmap ai-engineer"]
    bare = await edited.answer(Request("roadmap", at, learner))
    assert lines(bare)[0] == "roadmap done ai-engineer hello-script", "nothing was ticked"
