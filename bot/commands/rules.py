"""How the fit counts: every question, every choice, its points and whose word they rest on. Knows no learner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.sheet import all_questions
from bot.present import claim_cited, in_one_line, menus, sources_of
from bot.reply import Bullets, Button, Cited, Fact, Facts, Note, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.pack.model import Choice, Fit, Pack, Question

_RULES = (
    "Only what you like counts. Months, degree and maths are shown beside the result and never change it.",
    "A career's score is what your answers gave it, out of what the same questions could have given it.",
    "Careers less than an eighth apart stay tied. Skipping costs nothing.",
    "Questions and points are ours; the reason behind each answer is a source's.",
    "It says what you would like to do, not what you would be good at.",
)


def reason_id(question: Question, choice: Choice, role: str | None = None) -> str:
    """Name a choice's reason, or what it means for one role, as a statement that can be reported."""
    return ".".join(("fit", question.key, choice.key, *((role,) if role else ())))


def how_it_counts(fit: Fit) -> Reply:
    """Show the rules, and a door to each question."""
    doors = [Button(question.asks, f"fit rules ={question.key}") for question in all_questions(fit)]
    return Reply(
        "How answers count",
        (Bullets(tuple(Cited(rule) for rule in _RULES)),),
        (*menus("What each question counts", doors), Button("Start", "fit")),
    )


def how_one_counts(pack: Pack, question: Question) -> Reply:
    """Show what each choice of one question counts for, and why."""
    rows = tuple(row for choice in question.choices for row in _rows(pack, question, choice))
    apart = "Shown beside the result, never counted." if question.about == "constraint" else "Points are ours."
    blocks = (Facts(rows), Note(Cited(apart), "ours"))
    return Reply(
        question.asks,
        (*blocks, *sources_of(blocks, pack)),
        (Button("All questions", "fit rules"), Button("Start", "fit")),
    )


def _rows(pack: Pack, question: Question, choice: Choice) -> Iterator[Fact]:
    if choice.because:
        because = claim_cited(choice.because, pack, reason_id(question, choice))
        points = ", ".join(f"{pack.roles[role].name} +{points}" for role, points in choice.points.items())
        yield Fact(choice.says, Cited(f"{points}. {because.text}", because.sources, because.statements))
    for role, claim in choice.means.items():
        means = claim_cited(claim, pack, reason_id(question, choice, role))
        yield Fact(choice.says, Cited(f"{pack.roles[role].name}: {means.text}", means.sources, means.statements))
    if choice.check:
        yield Fact(choice.says, in_one_line(pack.statements[choice.check], pack))
    if not (choice.because or choice.means or choice.check):
        yield Fact(choice.says, Cited("Nothing to add."))
