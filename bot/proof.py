"""Proof that a questionnaire can be trusted: every sheet of answers is tried, or a seeded sample of very many.

It knows scores and nothing of files; what a problem means to an author of packs is said by who reports it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import permutations, product
from math import prod
from random import Random
from typing import TYPE_CHECKING

from bot.scoring import Band, score, scores, standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from bot.pack.model import Fit, Question

    Sheet = Mapping[str, str]

# Every sheet of five questions with five choices; more are sampled, enough to tell shares to about three percent.
MOST_SHEETS = 3_125
SAMPLE = 1_000
# What must hold for every sheet alike is tried on some of them: a breach of it shows at once.
SOME = 25


class Rule(StrEnum):
    """What a trustworthy questionnaire keeps; the words finish a sentence that the subject begins."""

    CAN_WIN = "never leads alone, whatever is answered"
    NEEDS_ANSWERS = "wins although nothing was answered"
    MATTERS = "never changes who leads, whatever is answered to it"
    ORDER = "changes a score when questions, choices or roles stand in another order"
    LIKING = "lowers a role that it gives more points to"


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that is broken, and the role id or question key that breaks it."""

    rule: Rule
    subject: str


@dataclass(frozen=True, slots=True)
class Census:
    """How many fully answered sheets were read, and how many fell into each band."""

    sheets: int
    bands: Mapping[Band, int]

    @property
    def tied(self) -> float:
        """The share of sheets, from 0 to 1, on which roles stay tied."""
        return (self.bands.get(Band.CLOSE, 0) + self.bands.get(Band.FLAT, 0)) / self.sheets


@dataclass(frozen=True, slots=True)
class Proof:
    """The problems of a questionnaire, none if it is proven, and the census of its first questions and of all."""

    problems: tuple[Problem, ...]
    first: Census
    whole: Census


def prove(fit: Fit) -> Proof:
    """Try a questionnaire of at least two roles and one interest question, twice: the first questions, then all.

    The outcome depends on the questionnaire alone.
    """
    first = replace(fit, questions=tuple(question for question in fit.questions if question.first))
    problems = dict.fromkeys((*_problems(first), *_problems(fit)))
    return Proof(tuple(problems), _census(first), _census(fit))


def _problems(fit: Fit) -> Iterator[Problem]:
    sheets = tuple(_sheets(fit))
    yield from (Problem(Rule.CAN_WIN, role) for role in fit.roles if not _wins(fit, role, sheets))
    yield from (Problem(Rule.NEEDS_ANSWERS, role) for role in fit.roles if score(fit, {}).winner == role)
    yield from (Problem(Rule.MATTERS, q.key) for q in _interest(fit) if not _matters(fit, q, sheets))
    some = sheets[:: max(1, len(sheets) // SOME)]
    if any(_same(fit, sheet) != _same(_reversed(fit), sheet) for sheet in some):
        yield Problem(Rule.ORDER, fit.questions[0].key)
    yield from (Problem(Rule.LIKING, q.key) for q in _interest(fit) if _lowers(fit, q, some))


def _interest(fit: Fit) -> tuple[Question, ...]:
    return tuple(question for question in fit.questions if question.about == "interest")


def _sheets(fit: Fit) -> Iterator[Sheet]:
    """Yield every sheet that answers all interest questions, or a sample of them."""
    questions = _interest(fit)
    if prod(len(question.choices) for question in questions) <= MOST_SHEETS:
        for choices in product(*(question.choices for question in questions)):
            yield {q.key: choice.key for q, choice in zip(questions, choices, strict=True)}
        return
    chance = Random(len(questions))
    for _ in range(SAMPLE):
        yield {question.key: chance.choice(question.choices).key for question in questions}


def _census(fit: Fit) -> Census:
    bands = Counter(standing(fit, sheet)[0] for sheet in _sheets(fit))
    return Census(bands.total(), bands)


def _wins(fit: Fit, role: str, sheets: tuple[Sheet, ...]) -> bool:
    return any(
        leaders == (role,) and band in {Band.STRONG, Band.MODERATE}
        for band, leaders in (standing(fit, sheet) for sheet in sheets)
    )


def _matters(fit: Fit, question: Question, sheets: tuple[Sheet, ...]) -> bool:
    return any(
        standing(fit, {**sheet, question.key: choice.key})[1] != standing(fit, sheet)[1]
        for sheet in sheets
        for choice in question.choices
    )


def _reversed(fit: Fit) -> Fit:
    questions = (replace(question, choices=question.choices[::-1]) for question in fit.questions[::-1])
    return replace(fit, roles=fit.roles[::-1], questions=tuple(questions))


def _same(fit: Fit, sheet: Sheet) -> object:
    """Take of a result what no order may change."""
    result = score(fit, sheet)
    winner = result.flip and (result.flip.winner, {change.question.key for change in result.flip.changes})
    return result.band, set(result.leaders), result.scores, winner


def _lowers(fit: Fit, question: Question, sheets: tuple[Sheet, ...]) -> bool:
    return any(
        liked.points.get(role, 0) > other.points.get(role, 0) and reached[liked.key][role] < reached[other.key][role]
        for reached in (_by_choice(fit, question, sheet) for sheet in sheets)
        for liked, other in permutations(question.choices, 2)
        for role in fit.roles
    )


def _by_choice(fit: Fit, question: Question, sheet: Sheet) -> dict[str, dict[str, Fraction]]:
    return {choice.key: scores(fit, {**sheet, question.key: choice.key}) for choice in question.choices}
