"""The ticks on a task: pressing twice is as good as once, and every press can be taken back."""

from __future__ import annotations

import asyncio

import pytest

from bot.pack.model import Pack
from bot.progress import tasks_of
from bot.reply import buttons
from tests.conftest import Say, words
from tests.presses import line_of, lines, press_to_the_end


async def test_the_second_press_says_so_and_changes_nothing(say: Say) -> None:
    once = await say("roadmap done ai-engineer run-first-script")
    twice = await say("roadmap done ai-engineer run-first-script")
    assert "Already done: " in words(twice)
    assert lines(twice)[0] == lines(once)[0]
    assert not [line for line in lines(twice) if line.startswith("roadmap undo")]
    assert "roadmap open ai-engineer run-first-script" in lines(twice)


@pytest.mark.parametrize("verb", ["skip", "some", "known"])
async def test_a_late_press_on_another_button_never_takes_a_tick_away(say: Say, verb: str) -> None:
    await say("roadmap done ai-engineer run-first-script")
    assert "Already done: " in words(await say(f"roadmap {verb} ai-engineer run-first-script"))
    assert "(done)" in (await say("roadmap task ai-engineer run-first-script")).title


async def test_did_some_keeps_the_task_next(say: Say, pack: Pack) -> None:
    later = list(tasks_of(pack.roadmaps["ai-engineer"]))[3]
    reply = await say(f"roadmap some ai-engineer {later.id}")
    assert lines(reply)[0] == f"roadmap done ai-engineer {later.id}"
    assert f"Begun: {later.title}" in words(reply)
    assert "Did some" not in [button.label for button in buttons(reply)]


async def test_a_skipped_task_is_listed_and_can_be_opened_again(say: Say) -> None:
    skipped = await say("roadmap skip ai-engineer run-first-script")
    assert lines(skipped)[0] != "roadmap done ai-engineer run-first-script"
    listed = await say("roadmap steps ai")
    assert "roadmap open ai-engineer run-first-script" in lines(listed)
    opened = await say("roadmap open ai-engineer run-first-script")
    assert lines(opened)[0] == "roadmap done ai-engineer run-first-script"
    assert "Open already" in words(await say("roadmap open ai-engineer run-first-script"))


async def test_a_finished_roadmap_lists_what_was_skipped(say: Say, pack: Pack) -> None:
    roadmap = pack.roadmaps["ai-engineer-short"]
    await say("roadmap skip ai-engineer-short run-first-script")
    _, last = await press_to_the_end(say, roadmap)
    assert "1 skipped" in words(last)
    assert "roadmap open ai-engineer-short run-first-script" in lines(last)
    again = await say("roadmap skip ai-engineer-short run-first-script")
    assert len(lines(again)) == len(set(lines(again)))


async def test_a_named_undo_takes_back_its_own_press_once(say: Say) -> None:
    first = await say("roadmap done ai-engineer run-first-script")
    await say("roadmap done ai-engineer count-csv-values")
    undone = await say(line_of(first, "Undo"))
    assert "Taken back: Install Python" in words(undone)
    assert lines(undone)[0] == "roadmap done ai-engineer run-first-script"
    assert "taken back already" in words(await say(line_of(first, "Undo")))
    assert "(done)" in (await say("roadmap task ai-engineer count-csv-values")).title


async def test_a_bare_undo_takes_back_the_last_press(say: Say) -> None:
    await say("roadmap done ai-engineer run-first-script")
    await say("roadmap skip ai-engineer count-csv-values")
    reply = await say("roadmap undo")
    assert lines(reply)[0] == "roadmap done ai-engineer count-csv-values"


async def test_what_was_changed_since_stays_when_an_old_press_is_undone(say: Say) -> None:
    first = await say("roadmap skip ai-engineer run-first-script")
    await say("roadmap done ai-engineer run-first-script")
    assert "it stays: Install Python" in words(await say(line_of(first, "Undo")))
    assert "(done)" in (await say("roadmap task ai-engineer run-first-script")).title


async def test_starting_over_asks_first_and_can_be_undone(say: Say) -> None:
    await say("roadmap done ai-engineer run-first-script")
    await say("roadmap skip ai-engineer count-csv-values")
    question = await say("roadmap reset ai")
    assert "all 2 ticks" in words(question)
    assert lines(await say("roadmap ai"))[0] != "roadmap done ai-engineer run-first-script", "asking changes nothing"
    cleared = await say(lines(question)[0])
    assert lines(cleared)[0] == "roadmap done ai-engineer run-first-script"
    assert "Nothing is ticked" in words(await say(lines(question)[0]))
    restored = await say(line_of(cleared, "Undo"))
    assert all(part in words(restored) for part in ("Taken back: ", "Print the three", "Install Python"))
    assert "roadmap open ai-engineer count-csv-values" in lines(await say("roadmap steps ai"))


async def test_of_two_presses_at_once_one_counts(say: Say) -> None:
    line = "roadmap done ai-engineer run-first-script"
    both = await asyncio.gather(say(line), say(line))
    assert sorted("Already done: " in words(reply) for reply in both) == [False, True]
    assert lines(both[0])[0] == lines(both[1])[0] == "roadmap done ai-engineer count-csv-values"


async def test_knowing_one_task_settles_its_skill_everywhere_until_it_is_opened_again(say: Say) -> None:
    await say("roadmap known ai-engineer run-first-script")
    assert "(known)" in (await say("roadmap task ai-engineer count-csv-values")).title
    assert "(known)" in (await say("roadmap task ml-engineer average-without-library")).title
    await say("roadmap open ml-engineer average-without-library")
    assert "(known)" not in (await say("roadmap task ai-engineer run-first-script")).title


async def test_what_is_covered_elsewhere_says_so_when_opened_again(say: Say, pack: Pack) -> None:
    for task in tasks_of(pack.roadmaps["ai-engineer"]):
        if task.skill == "python":
            await say(f"roadmap done ai-engineer {task.id}")
    reply = await say("roadmap open ml-engineer average-without-library")
    assert "another roadmap covers this already" in words(reply)
