"""A questionnaire is proven or its problem is named."""

from __future__ import annotations

from hypothesis import given, settings

from bot.pack.model import Fit
from bot.proof import MOST_SHEETS, SAMPLE, Problem, Rule, prove
from bot.scoring import Band
from tests.instruments import even, fit_of, instruments, question, shipped_fit

GOOD = [question(key, {"x": 2}, {"y": 2}) for key in "abcd"]


def test_the_shipped_questionnaire_is_proven() -> None:
    assert prove(shipped_fit()).problems == ()


def test_the_shipped_questionnaire_seldom_ties_and_says_how_often() -> None:
    proof = prove(shipped_fit())
    assert proof.first.sheets == 5**4
    assert 0.05 < proof.first.tied < 0.3
    assert proof.whole.sheets == SAMPLE
    decided = proof.first.bands[Band.STRONG] + proof.first.bands[Band.MODERATE]
    assert decided / proof.first.sheets > 0.5


def test_every_sheet_is_tried_where_there_are_few() -> None:
    census = prove(fit_of(*GOOD)).whole
    assert census.sheets == 16
    assert census.bands == {Band.STRONG: 10, Band.CLOSE: 6}
    assert census.tied == 6 / 16


def test_the_proof_depends_on_the_questionnaire_alone() -> None:
    fit = shipped_fit()
    assert prove(fit) == prove(fit)


def test_a_role_that_nothing_counts_for_can_never_lead_alone() -> None:
    fit = fit_of(*GOOD, roles=("x", "y", "z"))
    assert prove(fit).problems == (Problem(Rule.CAN_WIN, "z"),)


def test_a_role_that_always_shares_its_points_can_never_lead_alone() -> None:
    fit = fit_of(*(question(key, {"x": 2}, {"y": 2, "z": 2}) for key in "abcd"), roles=("x", "y", "z"))
    assert prove(fit).problems == (Problem(Rule.CAN_WIN, "y"), Problem(Rule.CAN_WIN, "z"))


def test_a_question_whose_choices_count_alike_does_not_matter() -> None:
    fit = fit_of(*GOOD, question("e", {"x": 1, "y": 1}, {"x": 1, "y": 1}))
    assert prove(fit).problems == (Problem(Rule.MATTERS, "e"),)


def test_points_below_nothing_turn_a_liking_round() -> None:
    against = [question(key, {"x": 2, "z": -1}, {"y": 2, "z": -2}) for key in "abcd"]
    proof = prove(fit_of(*against, roles=("x", "y", "z")))
    assert {Problem(Rule.LIKING, key) for key in "abcd"} <= set(proof.problems)


def test_the_first_questions_have_to_stand_alone() -> None:
    later = [question(key, {"z": 3}, {"x": 3}, first=False) for key in "efgh"]
    fit = fit_of(*GOOD, *later, roles=("x", "y", "z"))
    assert Problem(Rule.CAN_WIN, "z") in prove(fit).problems


def test_very_many_sheets_are_sampled() -> None:
    assert MOST_SHEETS < 3**8
    assert prove(even(8)).whole.sheets == SAMPLE


@settings(max_examples=15, deadline=None)
@given(instruments())
def test_no_questionnaire_of_the_format_breaks_what_the_scoring_promises(fit: Fit) -> None:
    always = {Rule.NEEDS_ANSWERS, Rule.ORDER, Rule.LIKING}
    assert always.isdisjoint(problem.rule for problem in prove(fit).problems)
