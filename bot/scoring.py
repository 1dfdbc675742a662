"""The fit: what a sheet of answers says about the roles, and what would change it. Pure, and without words.

A sheet maps question keys to choice keys. What was skipped, and what the questionnaire does not know, counts
as not answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.pack.model import Choice, Fit, Question

SKIPPED = "-"

# Two answers agree by chance once in four sheets, three once in sixteen: three is the least worth reading.
ENOUGH = 3
# A fourth of a role's reach is one whole answer of four. Half an answer is noise: a side point, a mood.
MARGIN = Fraction(1, 8)
# Below three eighths a role got at most one answer in four and a side point: nothing was liked enough.
FLOOR = Fraction(3, 8)
# Strong: two answers in three are this role's, and it leads by a whole answer of four.
STRONG = Fraction(2, 3)
CLEAR = Fraction(1, 4)
# More changes than two are another person, not another mood.
MOST_CHANGES = 2


class Band(StrEnum):
    """How much a result says."""

    STRONG = "strong"
    MODERATE = "moderate"
    CLOSE = "too close to call"
    FLAT = "flat"
    NOT_ENOUGH = "not enough answers"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and the choice that was made."""

    question: Question
    choice: Choice


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one answer adds to the score of one role."""

    answer: Answer
    share: Fraction


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of answers that makes `winner` the one who leads alone."""

    changes: tuple[Answer, ...]
    winner: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a sheet says. Scores run from 0 to 1; the contributions to a role sum to its score, exactly.

    `leaders` are the roles within the margin of the best, in the questionnaire's order; `checks` the statement ids
    of wrong reasons that an answer gives; `constraints` the answers that never score.
    """

    band: Band
    leaders: tuple[str, ...]
    scores: Mapping[str, Fraction]
    contributions: Mapping[str, tuple[Contribution, ...]]
    flip: Flip | None
    checks: tuple[str, ...]
    constraints: tuple[Answer, ...]

    @property
    def winner(self) -> str | None:
        """The one role that leads, None while the band leaves it open."""
        return self.leaders[0] if self.band in {Band.STRONG, Band.MODERATE} else None


def score(fit: Fit, sheet: Mapping[str, str]) -> Result:
    """Read a sheet: scores, band, leaders, and what made and would change them."""
    given = answers(fit, sheet)
    liked = _liked(given)
    scale = _scale(fit, liked)
    band, leaders = _standing(scale, liked)
    return Result(
        band=band,
        leaders=leaders,
        scores=scores(fit, sheet),
        contributions={role: tuple(_contributions(scale, role, liked)) for role in fit.roles},
        flip=_flip(scale, liked),
        checks=tuple(dict.fromkeys(answer.choice.check for answer in given if answer.choice.check)),
        constraints=tuple(answer for answer in given if answer.question.about == "constraint"),
    )


def standing(fit: Fit, sheet: Mapping[str, str]) -> tuple[Band, tuple[str, ...]]:
    """Find only the band and the leaders of a sheet: the quick part of `score`."""
    liked = _liked(answers(fit, sheet))
    return _standing(_scale(fit, liked), liked)


def scores(fit: Fit, sheet: Mapping[str, str]) -> dict[str, Fraction]:
    """Find only the scores of a sheet, 0 to 1, by role."""
    liked = _liked(answers(fit, sheet))
    scale = _scale(fit, liked)
    return {role: Fraction(total, scale.unit) for role, total in _totals(scale, liked).items()}


def needs_more(result: Result) -> bool:
    """Tell whether further questions could settle what these answers leave open."""
    return result.winner is None


def answers(fit: Fit, sheet: Mapping[str, str]) -> tuple[Answer, ...]:
    """Pick the answers that the questionnaire knows, in its order."""
    chosen = (
        Answer(question, choice)
        for question in fit.questions
        for choice in question.choices
        if sheet.get(question.key) == choice.key
    )
    return tuple(chosen)


def _liked(given: Iterable[Answer]) -> tuple[Answer, ...]:
    return tuple(answer for answer in given if answer.question.about == "interest")


@dataclass(frozen=True, slots=True)
class _Scale:
    """Whole numbers for exact scores: `weight` is what a point is worth to a role, `unit` stands for a score of 1.

    All sheets that answer the same questions share it, so trying another choice costs one addition a role.
    """

    unit: int
    weight: Mapping[str, int]

    def worth(self, choice: Choice) -> dict[str, int]:
        return {role: choice.points.get(role, 0) * weight for role, weight in self.weight.items()}

    def part(self, share: Fraction) -> int:
        return self.unit * share.numerator // share.denominator


def _scale(fit: Fit, liked: Iterable[Answer]) -> _Scale:
    asked = [answer.question for answer in liked]
    reach = {role: sum(_most(role, question) for question in asked) for role in fit.roles}
    thresholds = (MARGIN.denominator, FLOOR.denominator, STRONG.denominator, CLEAR.denominator)
    unit = lcm(*thresholds, *(points for points in reach.values() if points))
    return _Scale(unit, {role: unit // points if points else 0 for role, points in reach.items()})


def _most(role: str, question: Question) -> int:
    return max(choice.points.get(role, 0) for choice in question.choices)


def _contributions(scale: _Scale, role: str, liked: Iterable[Answer]) -> Iterator[Contribution]:
    for answer in liked:
        if worth := scale.worth(answer.choice)[role]:
            yield Contribution(answer, Fraction(worth, scale.unit))


def _standing(scale: _Scale, liked: tuple[Answer, ...]) -> tuple[Band, tuple[str, ...]]:
    totals = _totals(scale, liked)
    leaders = _leaders(scale, totals)
    if sum(1 for answer in liked if answer.choice.points) < ENOUGH:
        return Band.NOT_ENOUGH, leaders
    return _band(scale, totals, leaders), leaders


def _totals(scale: _Scale, liked: Iterable[Answer]) -> dict[str, int]:
    return _sum(scale, (scale.worth(answer.choice) for answer in liked))


def _sum(scale: _Scale, worths: Iterable[Mapping[str, int]]) -> dict[str, int]:
    totals = dict.fromkeys(scale.weight, 0)
    for worth in worths:
        for role in totals:
            totals[role] += worth[role]
    return totals


def _leaders(scale: _Scale, totals: Mapping[str, int]) -> tuple[str, ...]:
    least = max(totals.values()) - scale.part(MARGIN)
    return tuple(role for role, total in totals.items() if total > least)


def _band(scale: _Scale, totals: Mapping[str, int], leaders: tuple[str, ...]) -> Band:
    best, second = _two_best(totals)
    if best < scale.part(FLOOR) or len(leaders) == len(totals) > 2:
        return Band.FLAT
    if len(leaders) > 1:
        return Band.CLOSE
    strong = best >= scale.part(STRONG) and best - second >= scale.part(CLEAR)
    return Band.STRONG if strong else Band.MODERATE


def _two_best(totals: Mapping[str, int]) -> tuple[int, int]:
    best, second, *_ = (*sorted(totals.values(), reverse=True), 0)
    return best, second


@dataclass(frozen=True, slots=True)
class _Move:
    """Another choice for one answered question, and what it moves each role by."""

    answer: Answer
    by: Mapping[str, int]


def _flip(scale: _Scale, liked: tuple[Answer, ...]) -> Flip | None:
    band, leaders = _standing(scale, liked)
    if band in {Band.FLAT, Band.NOT_ENOUGH}:
        return None
    totals = _totals(scale, liked)
    moves = [move for answer in liked for move in _moves(scale, answer)]
    for size in range(1, MOST_CHANGES + 1):
        found = [
            (_rank(group, after), Flip(tuple(move.answer for move in group), winner))
            for group in combinations(moves, size)
            if len({move.answer.question.key for move in group}) == size
            and (after := _sum(scale, (totals, *(move.by for move in group))))
            and (winner := _winner(scale, after))
            and (winner,) != leaders
        ]
        if found:
            return min(found, key=lambda ranked: ranked[0])[1]
    return None


def _moves(scale: _Scale, answer: Answer) -> Iterator[_Move]:
    now = scale.worth(answer.choice)
    for choice in answer.question.choices:
        if choice.points and choice.key != answer.choice.key:
            then = scale.worth(choice)
            yield _Move(Answer(answer.question, choice), {role: then[role] - now[role] for role in now})


def _winner(scale: _Scale, totals: Mapping[str, int]) -> str | None:
    leaders = _leaders(scale, totals)
    return leaders[0] if _band(scale, totals, leaders) in {Band.STRONG, Band.MODERATE} else None


def _rank(group: Iterable[_Move], totals: Mapping[str, int]) -> tuple[int, list[tuple[str, str]]]:
    """Put the clearest lead first; keys decide between equals, so that the order of the file never does."""
    best, second = _two_best(totals)
    return second - best, sorted((move.answer.question.key, move.answer.choice.key) for move in group)
