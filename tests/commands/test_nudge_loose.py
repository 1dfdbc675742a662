"""/nudge on words that settle no time, or mean nothing to it: what is wrong is named, and what works stands there."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest

from bot.nudges.calendar import Rule
from bot.nudges.model import RuleState
from bot.nudges.zones import cities
from tests.conftest import words

if TYPE_CHECKING:
    from life import Life

START = "nudge ai mon 9am Asia/Kolkata"
HOURS, HALF = "hours go to 23, minutes to 59", "with am or pm, hours go from 1 to 12"
TOWNS = {city.name for city in cities()}


@pytest.mark.parametrize(
    ("typed", "wrong", "why"),
    [
        ("nudge 25:00", "“25:00”", HOURS),
        ("nudge mon 25:00", "“25:00”", HOURS),
        ("mon 25:00", "“25:00”", HOURS),
        ("nudge 24:00", "“24:00”", HOURS),
        ("nudge 9:75 Lisbon", "“9:75”", HOURS),
        ("nudge mon 25", "“25”", HOURS),
        ("nudge mon at 90 o'clock", "“at 90 o'clock”", HOURS),
        ("nudge 13am", "“13am”", HALF),
        ("nudge 0 pm", "“0 pm”", HALF),
    ],
)
async def test_a_time_that_no_clock_shows_is_named_and_nothing_changes(
    life: Life, typed: str, wrong: str, why: str
) -> None:
    await life.say(START)
    before = await life.rule()
    reply = await life.say(typed)
    assert reply.title == f"{wrong} is no time of day: {why}."
    assert "/nudge mon 9am Lisbon" in words(reply)
    assert await life.rule() == before


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("nudge 5 jan", "nudge tue"),
        ("nudge ml jan 5th 2027 at 8pm", "nudge ml-engineer tue 20:00"),
        ("nudge next monday 9am Lisbon", "nudge mon 09:00 Europe/Lisbon"),
        ("nudge 2026-11-25", "nudge wed"),
        ("remind me tomorrow at 9", "nudge sun 09:00"),
        ("nudge sat 5 dec", "nudge sat"),
    ],
)
async def test_a_single_date_is_declined_with_its_day_of_the_week(life: Life, typed: str, offered: str) -> None:
    reply = await life.say(typed)
    assert reply.title == "I send on days of the week, not on a single date."
    assert [action.line for action in reply.actions if not hasattr(action, "options")] == [offered, "nudge"]


async def test_a_date_that_is_none_or_reads_two_ways_is_declined_without_a_guess(life: Life) -> None:
    assert (await life.say("nudge 31 feb")).title == "There is no 31 February."
    assert life.labels() == ["Leave it"]
    assert (await life.say("nudge 05/01 9am")).title == "I send on days of the week, not on a single date."
    assert life.labels() == ["Leave it"]


async def test_a_part_of_the_day_is_asked_back_with_hours_that_keep_the_rest(life: Life) -> None:
    await life.say("nudge ai weekdays in the evening Mumbai")
    assert life.last.title == "Weekdays, at which hour of the evening?"
    await life.press("19:00")
    assert (await life.rule()).rule == Rule(frozenset(range(5)), time(19), "Asia/Kolkata")
    await life.say("nudge every morning")
    await life.press("08:00")
    assert (await life.rule()).rule == Rule(frozenset(range(7)), time(8), "Asia/Kolkata")


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("nudge sunday evening at 7", time(19)),
        ("nudge sunday morning 7", time(7)),
        ("nudge sunday night 11", time(23)),
        ("nudge sunday evening 19:30", time(19, 30)),
        ("nudge sunday 9 in the evening", time(21)),
    ],
)
async def test_a_part_of_the_day_says_which_hour_was_meant(life: Life, typed: str, at: time) -> None:
    await life.say(START)
    await life.say(typed)
    assert (await life.rule()).rule.at == at


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("status", "Study nudges: Mondays at 09:00"),
        ("when", "Study nudges: Mondays at 09:00"),
        ("help", "Study nudges: Mondays at 09:00"),
        ("yes", "Study nudges: Mondays at 09:00"),
        ("on", "Study nudges: Mondays at 09:00"),
        ("off", "Stopped: as you asked"),
        ("cancel", "Stopped: as you asked"),
        ("now", "One is on its way."),
        ("later", "None has been sent yet, so there is nothing to answer."),
        ("tomorrow", "None has been sent yet, so there is nothing to answer."),
        ("daily", "Study nudges: Every day at 09:00"),
        ("every day", "Study nudges: Every day at 09:00"),
        ("weekdays", "Study nudges: Weekdays at 09:00"),
        ("weekends", "Study nudges: Weekends at 09:00"),
        ("morning", "At which hour of the morning?"),
        ("evening", "At which hour of the evening?"),
        ("midnight", "Study nudges: Mondays at 00:00"),
        ("banana", "I don’t know “banana” behind /nudge."),
        ("data scientist", "Data scientist: no roadmap in our sources"),
        ("ml researcher mon 9am", "ML researcher: no roadmap in our sources"),
        ("sometime", "I don’t know “sometime” behind /nudge."),
        ("monthly", "I send every week, on the days that you name."),
        ("every 2 weeks", "I send every week, on the days that you name."),
        ("every other day at 7", "I send every week, on the days that you name."),
        ("twice a week", "I send every week, on the days that you name."),
        ("in 2 hours", "I send on days of the week, not on a single date."),
        ("zone +5:30", "Which city is nearest?"),
        ("fri 6am to 7am", "/nudge takes one time at a time; you named 2: 06:00, 07:00."),
        ("when is it", "Study nudges: Mondays at 09:00"),
    ],
)
async def test_a_word_alone_gets_what_is_meant_by_it(life: Life, word: str, title: str) -> None:
    await life.say(START)
    assert (await life.say(f"nudge {word}")).title == title


@pytest.mark.parametrize(
    "word", ["monthly", "hourly", "please", "reset", "sometime", "never", "what", "enable", "twice", "soon", "quiet"]
)
async def test_no_word_of_everyday_talk_is_taken_for_a_town(life: Life, word: str) -> None:
    await life.say(f"nudge {word}")
    assert not any(town in label for label in life.labels() for town in TOWNS), life.labels()


async def test_a_slip_in_a_verb_or_in_a_town_is_offered_to_press(life: Life) -> None:
    await life.say(START)
    await life.say("nudge lisbn")
    await life.press("The clock of Lisbon")
    assert (await life.rule()).rule.zone == "Europe/Lisbon"
    await life.say("nudge stpo")
    await life.press("Stop all nudges")
    assert (await life.rule()).state is RuleState.STOPPED


async def test_a_slip_in_a_day_is_offered_as_that_day_and_not_as_a_town(life: Life) -> None:
    await life.say(START)
    await life.say("nudge wensday 7am")
    assert life.labels() == ["Wednesdays", "My nudges"]
    await life.press("Wednesdays")
    assert (await life.rule()).rule == Rule(frozenset({2}), time(7), "Asia/Kolkata")


async def test_on_alone_starts_them_and_before_a_day_is_a_small_word(life: Life) -> None:
    assert (await life.say("nudge on")).title == "Study nudges: towards what?"
    await life.say(START)
    await life.say("nudge stop")
    await life.say("nudge on")
    assert (await life.rule()).state is RuleState.ACTIVE
    await life.say("nudge on fridays")
    assert (await life.rule()).rule.days == {4}


async def test_on_a_roadmap_that_is_walked_nothing_is_begun_and_the_others_are_offered(life: Life) -> None:
    for step in life.bot.pack.roadmaps["ai-engineer"].steps:
        for task in step.tasks:
            await life.say(f"roadmap done ai-engineer {task.id}")
    for line in ("nudge ai mon 9am Lisbon", "nudge ai", "nudge mon 9am", "nudge", "nudge on", "nudge test"):
        reply = await life.say(line)
        assert reply.title == "AI engineer: you are through"
        assert "nothing to send" in words(reply)
        assert await life.sweep() == []
    await life.press("Nudges for ML engineer")
    assert life.last.title == "Study nudges"
    await life.say("nudge ml mon 9am Lisbon")
    assert (await life.rule()).state is RuleState.ACTIVE
