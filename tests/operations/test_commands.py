"""The operator's commands, as they are typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]


@pytest.mark.parametrize("weeks", ["0", "-3", "521", "many"])
def test_a_number_of_weeks_that_cannot_be_simulated_is_told_with_what_can(weeks: str, start: Start) -> None:
    told = start("simulate", "--weeks", weeks)
    assert told.end() == 2
    assert told.text.endswith(f"{weeks} is no number of weeks. Write one from 1 to 520\n")


def test_eight_weeks_are_simulated_and_nothing_is_kept(sqlite_url: str, start: Start) -> None:
    told = start("simulate", "tue", "21:30", "Lisbon", "ml", "--weeks", "8", "--seed", "3", DATABASE_URL=sqlite_url)
    assert told.end() == 0
    assert "> nudge tue 21:30 Lisbon ml\n" in told.text
    assert len(re.findall(r"^Tue .* 21:30  A nudge$", told.text, re.MULTILINE)) >= 6
    assert told.text.endswith(" nudges in 8 weeks.\n")
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


def test_a_simulation_of_what_is_no_rule_says_what_is_missing(start: Start) -> None:
    told = start("simulate", "banana")
    assert told.end() == 1
    assert "I don’t know “banana” behind /nudge." in told.text


def test_the_doctor_needs_nothing(start: Start) -> None:
    told = start("doctor")
    assert told.end() == 0
    assert {line[:2] for line in told.text.splitlines()} == {"ok"}


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (("ops", "trace", "terminal/local"), "waymark: Nothing is kept about terminal/local.\n"),
        (("ops", "erase", "local"), "waymark: local names nobody."),
        (("ops", "pause", "discord"), "waymark: There is no lane discord. There are: none.\n"),
        (("ops", "resume", "discord"), "waymark: There is no lane discord. There are: none.\n"),
    ],
)
def test_what_is_not_there_is_one_sentence_and_exit_code_1(
    command: tuple[str, ...], sentence: str, sqlite_url: str, start: Start
) -> None:
    told = start(*command, DATABASE_URL=sqlite_url)
    assert told.end() == 1
    assert told.text.startswith(sentence)


async def test_a_sqlite_file_where_a_host_runs_us_is_warned_of_at_the_start(sqlite_url: str, start: Start) -> None:
    worker = start("nudges", DATABASE_URL=sqlite_url, DYNO="worker.1")
    worker.wait_until(lambda process: "worker.started" in process.text)
    assert "level=warning event=database.may_not_last" in worker.text
