"""Questionnaires to try things on: the shipped one, small ones written in a line, and any that can be generated."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bot.pack.load import load_pack, shipped_pack
from bot.pack.model import Choice, Claim, Fit, Question
from bot.scoring import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.pack.model import Pack

REASON = Claim("Says so.", ("a-source",))


@cache
def shipped() -> Pack:
    return load_pack(shipped_pack())


def shipped_fit() -> Fit:
    fit = shipped().fit
    assert fit is not None
    return fit


def choice(key: str, points: Mapping[str, int], check: str | None = None) -> Choice:
    return Choice(key, f"choice {key}", points, REASON if points else None, {}, check)


def question(key: str, *points: Mapping[str, int], about: str = "interest", first: bool = True) -> Question:
    choices = tuple(choice("abcde"[number], each) for number, each in enumerate(points))
    return Question(key, f"question {key}", "interest" if about == "interest" else "constraint", first, choices)


def fit_of(*questions: Question, roles: tuple[str, ...] = ("x", "y")) -> Fit:
    return Fit(roles, questions, {}, None)


def even(count: int) -> Fit:
    """Make questions that offer one point for x, one for y, or nothing."""
    return fit_of(*(question("abcdefgh"[number], {"x": 1}, {"y": 1}, {}) for number in range(count)))


def instruments() -> st.SearchStrategy[Fit]:
    """Generate two to four roles, one to six interest questions, up to two constraints."""
    return st.integers(2, 4).flatmap(lambda count: _with_roles("wxyz"[:count]))


def _with_roles(roles: str) -> st.SearchStrategy[Fit]:
    points = st.dictionaries(st.sampled_from(roles), st.integers(1, 3), max_size=2)
    choices = st.lists(points, min_size=2, max_size=4)
    scored = st.lists(choices, min_size=1, max_size=6)
    beside = st.lists(st.integers(2, 4), max_size=2)
    return st.builds(lambda s, b: _build(roles, s, b), scored, beside)


def _build(roles: str, scored: list[list[dict[str, int]]], beside: list[int]) -> Fit:
    interest = [question("abcdef"[number], *points) for number, points in enumerate(scored)]
    apart = [question("12"[n], *({} for _ in range(count)), about="limit") for n, count in enumerate(beside)]
    return fit_of(*interest, *apart, roles=tuple(roles))


def sheets(fit: Fit) -> st.SearchStrategy[dict[str, str]]:
    """Generate sheets: each question answered, skipped or not reached."""
    options = {each.key: st.sampled_from([*(choice.key for choice in each.choices), SKIPPED]) for each in fit.questions}
    return st.fixed_dictionaries({}, optional=options)


def tried() -> st.SearchStrategy[tuple[Fit, dict[str, str]]]:
    """Generate a sheet with its questionnaire, the shipped one among them."""
    any_fit = st.one_of(instruments(), st.builds(shipped_fit))
    return any_fit.flatmap(lambda fit: st.tuples(st.just(fit), sheets(fit)))
