"""Check a pack: every mistake in one run, each once, with its place and what to type instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pack.draft import read_folder
from bot.pack.load import assemble
from bot.pack.references import dangling
from bot.pack.rules.figures import currencies
from bot.pack.rules.fit import first_questions, outsiders, points, titles_in_questions
from bot.pack.rules.roadmaps import borrowed_tasks, cycles, hours_below_tasks, sellers_resources, skills_taught_twice
from bot.pack.rules.subject import Subject
from bot.pack.rules.upkeep import not_looked_at, read_ahead, reviews_due, tombstones
from bot.pack.rules.wording import ambiguous_names, long_lines, uncovered_names

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from bot.errors import Finding
    from bot.pack.draft import Draft

RULES = (
    long_lines,
    ambiguous_names,
    uncovered_names,
    cycles,
    skills_taught_twice,
    hours_below_tasks,
    borrowed_tasks,
    sellers_resources,
    currencies,
    points,
    outsiders,
    titles_in_questions,
    first_questions,
    tombstones,
    read_ahead,
    reviews_due,
    not_looked_at,
)


def check(folder: Path, *, today: date) -> list[Finding]:
    """Return every finding about the pack in a folder, sorted by place; raise PackError where there is no pack.

    Reviews that are due and questions that nobody looked at are among them: `weight` tells them from mistakes.
    """
    return findings_of(read_folder(folder), today=today)


def findings_of(draft: Draft, *, today: date) -> list[Finding]:
    """Return every finding about a draft, sorted by place."""
    subject = Subject(draft, assemble(draft), today)
    ruled = (finding for rule in RULES for finding in rule(subject))
    return sorted({*draft.findings, *dangling(draft), *ruled})
