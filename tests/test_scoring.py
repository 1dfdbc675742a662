"""The fit keeps its promises: on the shipped questionnaire, and on any other."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scoring import SKIPPED, Band, needs_more, score, scores, standing
from tests.instruments import choice, even, fit_of, instruments, question, sheets, shipped_fit, tried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.pack.model import Fit

Tried = tuple["Fit", dict[str, str]]


@given(tried())
def test_the_contributions_to_a_role_sum_to_its_score_exactly(case: Tried) -> None:
    fit, sheet = case
    result = score(fit, sheet)
    for role in fit.roles:
        assert sum((part.share for part in result.contributions[role]), Fraction(0)) == result.scores[role]


@given(tried())
def test_a_score_lies_between_nothing_and_all_that_could_be_reached(case: Tried) -> None:
    fit, sheet = case
    assert all(0 <= reached <= 1 for reached in scores(fit, sheet).values())


@given(tried())
def test_a_skipped_question_never_counts_against_a_role(case: Tried) -> None:
    fit, sheet = case
    answered = {key: choice for key, choice in sheet.items() if choice != SKIPPED}
    assert score(fit, sheet) == score(fit, answered)


@given(tried(), st.dictionaries(st.sampled_from("QRST"), st.sampled_from("ab"), min_size=1))
def test_keys_that_the_questionnaire_does_not_know_change_nothing(case: Tried, strange: dict[str, str]) -> None:
    fit, sheet = case
    assert score(fit, {**sheet, **strange}) == score(fit, sheet)


@given(tried(), st.randoms(use_true_random=False))
def test_the_order_of_questions_choices_and_roles_changes_nothing(case: Tried, chance: object) -> None:
    fit, sheet = case
    shuffled = _shuffled(fit, chance)
    one, other = score(fit, sheet), score(shuffled, sheet)
    assert (one.band, one.scores) == (other.band, other.scores)
    assert set(one.leaders) == set(other.leaders)
    assert _changes(one) == _changes(other)


def _shuffled(fit: Fit, chance: object) -> Fit:
    def mixed(things: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(chance.sample(things, len(things)))  # type: ignore[attr-defined]

    questions = (replace(each, choices=mixed(each.choices)) for each in mixed(fit.questions))
    return replace(fit, roles=mixed(fit.roles), questions=tuple(questions))


def _changes(result: object) -> object:
    flip = result.flip  # type: ignore[attr-defined]
    return flip and (flip.winner, {(each.question.key, each.choice.key) for each in flip.changes})


@given(tried())
def test_more_of_a_liked_activity_never_lowers_the_role_it_counts_for(case: Tried) -> None:
    fit, sheet = case
    for each in fit.questions:
        reached = {option.key: scores(fit, {**sheet, each.key: option.key}) for option in each.choices}
        for liked, other in product(each.choices, repeat=2):
            for role in fit.roles:
                if liked.points.get(role, 0) >= other.points.get(role, 0):
                    assert reached[liked.key][role] >= reached[other.key][role]


@given(tried())
def test_answering_in_favour_of_a_role_never_lowers_it_below_a_skip(case: Tried) -> None:
    fit, sheet = case
    for each, role in product(fit.questions, fit.roles):
        best = max(each.choices, key=lambda option: option.points.get(role, 0))
        skipped = scores(fit, {**sheet, each.key: SKIPPED})[role]
        assert scores(fit, {**sheet, each.key: best.key})[role] >= skipped


@given(tried())
def test_constraints_are_reported_and_never_score(case: Tried) -> None:
    fit, sheet = case
    beside = {each.key for each in fit.questions if each.about == "constraint"}
    result = score(fit, sheet)
    without = score(fit, {key: given for key, given in sheet.items() if key not in beside})
    assert replace(result, constraints=(), checks=()) == replace(without, constraints=(), checks=())
    said = {answer.question.key: answer.choice.key for answer in result.constraints}
    assert said == {key: sheet[key] for key in beside & sheet.keys() if sheet[key] != SKIPPED}


@given(tried())
def test_the_flip_does_what_it_says(case: Tried) -> None:
    fit, sheet = case
    result = score(fit, sheet)
    if result.flip is None:
        return
    assert result.flip.winner != result.winner
    assert all(answer.choice.points for answer in result.flip.changes)
    changed = {**sheet, **{each.question.key: each.choice.key for each in result.flip.changes}}
    assert score(fit, changed).winner == result.flip.winner


@given(instruments().flatmap(lambda fit: st.tuples(st.just(fit), sheets(fit))))
def test_no_smaller_change_would_have_done(case: Tried) -> None:
    fit, sheet = case
    result = score(fit, sheet)
    if result.band in {Band.FLAT, Band.NOT_ENOUGH}:
        assert result.flip is None
        return
    below = len(result.flip.changes) if result.flip else 3
    for size in range(1, below):
        for other in _changed(fit, sheet, size):
            winner = score(fit, other).winner
            assert winner in {None, result.winner}


def _changed(fit: Fit, sheet: dict[str, str], size: int) -> Iterator[dict[str, str]]:
    """Yield each sheet in which that many answered questions have another answer that scores."""
    answered = [each for each in fit.questions if each.about == "interest" and sheet.get(each.key, SKIPPED) != SKIPPED]
    for some in combinations(answered, size):
        options = ([o.key for o in each.choices if o.points and o.key != sheet[each.key]] for each in some)
        for keys in product(*options):
            yield {**sheet, **dict(zip((each.key for each in some), keys, strict=True))}


@given(tried())
def test_the_quick_reading_agrees_with_the_whole_one(case: Tried) -> None:
    fit, sheet = case
    result = score(fit, sheet)
    assert standing(fit, sheet) == (result.band, result.leaders)
    assert scores(fit, sheet) == result.scores


@pytest.mark.parametrize("sheet", [{}, dict.fromkeys("emtsw", SKIPPED), {"w": "a"}])
def test_a_sheet_without_answers_has_no_winner(sheet: dict[str, str]) -> None:
    result = score(shipped_fit(), sheet)
    assert (result.band, result.winner, result.flip) == (Band.NOT_ENOUGH, None, None)
    assert needs_more(result)


@pytest.mark.parametrize(
    ("answers", "band", "leaders"),
    [
        ("aaaaaaaa", Band.STRONG, ("x",)),
        ("aaaaaccc", Band.MODERATE, ("x",)),  # clear enough, but only five of eight
        ("aaaabbbc", Band.MODERATE, ("x",)),  # an eighth apart is apart
        ("aaaabbbb", Band.CLOSE, ("x", "y")),  # a tie stays a tie
        ("aaaccccc", Band.MODERATE, ("x",)),  # three eighths are the least that counts
        ("aabccccc", Band.FLAT, ("x",)),
        ("aaccccc-", Band.NOT_ENOUGH, ("x",)),
    ],
)
def test_the_band_says_how_much_the_answers_say(answers: str, band: Band, leaders: tuple[str, ...]) -> None:
    sheet = dict(zip("abcdefgh", answers, strict=True))
    result = score(even(8), sheet)
    assert (result.band, result.leaders) == (band, leaders)
    assert needs_more(result) == (band not in {Band.STRONG, Band.MODERATE})


def test_a_lead_of_half_an_answer_is_never_strong() -> None:
    fit = fit_of(*(question(key, {"x": 1, "y": 1}, {"x": 1}) for key in "abcdefgh"))
    result = score(fit, dict.fromkeys("abcdefg", "a") | {"h": "b"})
    assert result.scores == {"x": Fraction(1), "y": Fraction(7, 8)}
    assert result.band is Band.MODERATE


def test_where_all_of_many_roles_lead_the_result_is_flat_however_high() -> None:
    everything = {"x": 1, "y": 1, "z": 1}
    fit = fit_of(*(question(key, everything, {"x": 1}) for key in "abcd"), roles=("x", "y", "z"))
    assert score(fit, dict.fromkeys("abcd", "a")).band is Band.FLAT


def test_a_role_is_measured_against_what_the_answered_questions_could_have_given_it() -> None:
    fit = fit_of(question("a", {"x": 3}, {"y": 1}), question("b", {"x": 3}, {"y": 1}))
    assert scores(fit, {"a": "a", "b": "b"}) == {"x": Fraction(1, 2), "y": Fraction(1) / 2}
    assert scores(fit, {"a": "b"}) == {"x": Fraction(0), "y": Fraction(1)}


def test_among_equal_changes_the_one_with_the_clearest_lead_is_named() -> None:
    weak, sure = {"y": 2}, {"y": 3}
    fit = fit_of(*(question(key, {"x": 3}, weak, sure) for key in "abc"))
    flip = score(fit, {"a": "a", "b": "a", "c": "c"}).flip
    assert flip is not None
    assert [(each.question.key, each.choice.key) for each in flip.changes] == [("a", "c")]


def test_an_answer_that_says_nothing_is_never_named_as_the_change() -> None:
    fit = fit_of(*(question(key, {"x": 1}, {}) for key in "ab"), *(question(key, {"y": 1}, {}) for key in "cd"))
    result = score(fit, dict.fromkeys("abcd", "a"))
    assert (result.band, result.flip) == (Band.CLOSE, None)


def test_a_wrong_reason_is_reported_once_and_only_when_it_was_given() -> None:
    asks = replace(question("a", {"x": 1}), choices=(choice("a", {"x": 1}), choice("b", {}, "reasons.pay")))
    fit = fit_of(asks, replace(asks, key="b"))
    assert score(fit, {"a": "b", "b": "b"}).checks == ("reasons.pay",)
    assert score(fit, {"a": "a", "b": "a"}).checks == ()


@pytest.mark.parametrize(
    ("letters", "band", "leaders"),
    [
        ("aacb", Band.STRONG, {"ai-engineer"}),
        ("bbad", Band.STRONG, {"ml-engineer"}),
        ("ccda", Band.STRONG, {"ml-researcher"}),
        ("ddbc", Band.STRONG, {"data-scientist"}),
        ("abcd", Band.CLOSE, {"ai-engineer", "ml-engineer"}),
        ("acbd", Band.FLAT, {"ai-engineer", "ml-engineer", "ml-researcher", "data-scientist"}),
    ],
)
def test_the_shipped_questions_read_a_clear_sheet_clearly(letters: str, band: Band, leaders: set[str]) -> None:
    result = score(shipped_fit(), dict(zip("emts", letters, strict=True)))
    assert (result.band, set(result.leaders)) == (band, leaders)
