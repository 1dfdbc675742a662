"""Rules about the questionnaire: points with a reason, activities instead of titles, five questions first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pack.find import words_of
from bot.pack.rules.subject import Subject, below, child, wrong
from bot.pack.shapes import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.errors import Finding
    from bot.pack.model import Question

FIRST = 5
FIRST_INTEREST = 4


def points(subject: Subject) -> Iterator[Finding]:
    """Yield the choices whose points have no reason, or stand in a constraint."""
    for question, spot in _questions(subject):
        for choice in question.choices:
            if not choice.points:
                continue
            node = below(spot, "choices", choice.key, "points")
            if question.about == "constraint":
                message = "A constraint gives points; it is reported beside the result and never scored."
                yield wrong(spot, node, "KB030", message, "Delete `points`, or write `about: interest`.")
            elif child(below(spot, "choices", choice.key), "because") is None:
                remedy = "Write `because: {says: ..., from: SOURCE}` below it."
                yield wrong(spot, node, "KB029", "These points have no reason.", remedy)


def outsiders(subject: Subject) -> Iterator[Finding]:
    """Yield each role that gets points somewhere and is not among those that the questionnaire tells apart."""
    fit = subject.pack.fit
    told = set(fit.roles) if fit else set()
    for question, spot in _questions(subject):
        for choice in question.choices:
            for role in choice.points:
                if role not in told:
                    told.add(role)
                    message = f"`{role}` gets points and is not one of the roles at the top of the file."
                    node = below(spot, "choices", choice.key, "points", role)
                    yield wrong(spot, node, "KB035", message, "Add it to `roles`, or delete its points.")


def titles_in_questions(subject: Subject) -> Iterator[Finding]:
    """Yield the questions and choices that name a role: who knows the title answers the title."""
    titles = {words_of(role.name): role.name for role in subject.pack.roles.values()}
    for question, spot in _questions(subject):
        texts: list[tuple[str, tuple[str, ...]]] = [(question.asks, ("asks",))]
        texts += [(choice.says, ("choices", choice.key, "says")) for choice in question.choices]
        for text, keys in texts:
            if title := _title_in(words_of(text), titles):
                message = f"This names the role `{title}`; ask about the work instead."
                yield wrong(spot, below(spot, *keys), "KB031", message, "Say what one does, not what one is called.")


def first_questions(subject: Subject) -> Iterator[Finding]:
    """Yield a finding unless five questions are first, at least four of them about interest."""
    fit = subject.pack.fit
    if fit is None or subject.has_findings("fit.yaml"):
        return
    first = [question for question in fit.questions if question.first]
    interest = sum(question.about == "interest" for question in first)
    if len(first) == FIRST and interest >= FIRST_INTEREST:
        return
    root = subject.draft.roots["fit.yaml"]
    node = child(root, "questions") or root
    message = f"{len(first)} questions are `first`, {interest} of them about interest."
    remedy = "Write `first: yes` at five questions, at least four of them with `about: interest`."
    yield wrong(Spot("fit.yaml", node, node), node, "KB032", message, remedy)


def _questions(subject: Subject) -> Iterator[tuple[Question, Spot]]:
    """Yield the questions that could be read, with where they stand."""
    for question in subject.pack.fit.questions if subject.pack.fit else ():
        yield question, subject.spot("question", question.key)


def _title_in(words: tuple[str, ...], titles: dict[tuple[str, ...], str]) -> str:
    """Return the title that stands among words, '' for none; a plural counts."""
    for title, name in titles.items():
        width = len(title)
        for start in range(len(words) - width + 1):
            there = words[start : start + width]
            if there == title or there == (*title[:-1], f"{title[-1]}s"):
                return name
    return ""
