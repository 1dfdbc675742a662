"""An answer sheet as a line carries it, and which question comes next. Decides nothing about the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.scoring import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.pack.model import Fit, Question


def read_sheet(text: str, fit: Fit) -> dict[str, str]:
    """Read `.e1m-`: pairs of a question's key and a choice's, in the order of answering.

    A pair that the questionnaire does not know is dropped, so that its question is asked again.
    """
    known = {question.key: {choice.key for choice in question.choices} for question in fit.questions}
    pairs = zip(text[1::2], text[2::2], strict=False)
    return {key: choice for key, choice in pairs if choice in known.get(key, set()) | {SKIPPED} and key in known}


def write_sheet(sheet: Mapping[str, str]) -> str:
    """Write a sheet as a line carries it."""
    return "." + "".join(key + choice for key, choice in sheet.items())


def first_questions(fit: Fit) -> tuple[Question, ...]:
    """Return the questions that everybody is asked."""
    return tuple(question for question in fit.questions if question.first)


def all_questions(fit: Fit) -> tuple[Question, ...]:
    """Return the questions that everybody is asked, then the others."""
    return (*first_questions(fit), *(question for question in fit.questions if not question.first))


def asked(fit: Fit, sheet: Mapping[str, str]) -> tuple[Question, ...]:
    """Return the questions of this round: all of them, once one of the further ones is on the sheet."""
    further = any(question.key in sheet for question in fit.questions if not question.first)
    return all_questions(fit) if further else first_questions(fit)


def next_open(questions: tuple[Question, ...], sheet: Mapping[str, str]) -> Question | None:
    """Find the first question that is neither answered nor skipped."""
    return next((question for question in questions if question.key not in sheet), None)
