"""/fit: five questions, a result, ten more where it stays open. The whole state is the sheet in the line."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from collections.abc import Mapping
from typing import Annotated

from bot.command import QUESTION, SHEET, Ask, Effect, command
from bot.commands.rules import how_it_counts, how_one_counts
from bot.commands.sheet import (
    all_questions,
    asked,
    first_questions,
    next_open,
    read_sheet,
    write_sheet,
)
from bot.commands.verdict import verdict, whole_reason
from bot.errors import UserError
from bot.pack.model import Fit, Pack, Question
from bot.present import menus
from bot.reply import Button, Cited, Fact, Facts, Note, Paragraph, Reply
from bot.scoring import SKIPPED

Sheet = Annotated[str, SHEET]
Key = Annotated[str | None, QUESTION]


async def fit(ask: Ask, sheet: Sheet = ".") -> Reply:
    """Find which career fits what you like: five short questions."""
    questionnaire = _fit_of(ask.pack)
    given = read_sheet(sheet, questionnaire)
    if not given:
        return await _opening(ask, questionnaire)
    return _onward(ask.pack, questionnaire, given)


async def more(ask: Ask, sheet: Sheet = ".") -> Reply:
    """Ask the further questions, which settle what five leave open."""
    questionnaire = _fit_of(ask.pack)
    given = read_sheet(sheet, questionnaire)
    question = next_open(all_questions(questionnaire), given)
    return _question(questionnaire, given, question) if question else verdict(ask.pack, questionnaire, given)


async def why(ask: Ask, sheet: Sheet = ".") -> Reply:
    """Show what each answer adds to a result, and why."""
    questionnaire = _fit_of(ask.pack)
    return whole_reason(ask.pack, questionnaire, _answered(sheet, questionnaire))


async def answers(ask: Ask, sheet: Sheet = ".") -> Reply:
    """List your answers; each can be changed."""
    questionnaire = _fit_of(ask.pack)
    given = _answered(sheet, questionnaire)
    line = write_sheet(given)
    questions = [question for question in asked(questionnaire, given) if question.key in given]
    return Reply(
        "Your answers",
        (Facts(tuple(Fact(q.asks, Cited(_said(q, given[q.key]))) for q in questions)),),
        (
            *menus("Change an answer", [Button(q.asks, f"fit change ={q.key} {line}") for q in questions]),
            Button("Back to the result", f"fit {line}"),
            Button("Start again", "fit"),
        ),
    )


async def change(ask: Ask, key: Key = None, sheet: Sheet = ".") -> Reply:
    """Ask one question again."""
    questionnaire = _fit_of(ask.pack)
    given = _answered(sheet, questionnaire)
    question = next((q for q in questionnaire.questions if q.key == key), None)
    if question is None:
        back = Button("Your answers", f"fit answers {write_sheet(given)}")
        raise UserError("I do not ask that question. Choose one of your answers.", (back,))
    now = f"Now: {_said(question, given.get(question.key, SKIPPED))}"
    return Reply(
        "Change an answer",
        (Paragraph(Cited(question.asks)), Note(Cited(now))),
        (*_choices(question, given), Button("Leave it", f"fit answers {write_sheet(given)}")),
    )


async def keep(ask: Ask, sheet: Sheet = ".") -> Reply:
    """Keep a result, so that it waits for you at the start of /fit."""
    questionnaire = _fit_of(ask.pack)
    given = _answered(sheet, questionnaire)
    text = write_sheet(given)
    store = await ask.store()
    learner = await store.learners.ensure(ask.who(), ask.at)
    before = await store.fits.find(learner.id)
    kept_already = before is not None and before.sheet == text
    if not kept_already:
        await store.fits.keep(learner.id, text, ask.pack.version, ask.at)
    note = "It is kept already." if kept_already else "Kept. It waits for you at /fit; /waymark privacy deletes it."
    reply = verdict(ask.pack, questionnaire, given, kept=True)
    return Reply(reply.title, (Note(Cited(note)), *reply.blocks), reply.actions)


async def rules(ask: Ask, key: Key = None) -> Reply:
    """Show how the answers count, and whose word that rests on."""
    questionnaire = _fit_of(ask.pack)
    question = next((q for q in questionnaire.questions if q.key == key), None)
    return how_one_counts(ask.pack, question) if question else how_it_counts(questionnaire)


def _fit_of(pack: Pack) -> Fit:
    if pack.fit is None:
        raise UserError("This pack has no questionnaire. Comparing works.", (Button("Compare careers", "compare"),))
    return pack.fit


def _answered(sheet: str, fit: Fit) -> dict[str, str]:
    """Read a sheet that has to hold something."""
    given = read_sheet(sheet, fit)
    if not given:
        raise UserError("That needs answers first: a few short questions.", (Button("Start", "fit"),))
    return given


async def _opening(ask: Ask, fit: Fit) -> Reply:
    count = {5: "Five"}.get(len(first_questions(fit)), str(len(first_questions(fit))))
    first = _onward(ask.pack, fit, {})
    promise = f"{count} short questions, about two minutes. Nothing is stored unless you ask me to keep it."
    return Reply(
        first.title,
        (Note(Cited(promise)), *first.blocks),
        (*first.actions, *await _kept(ask, fit), Button("How answers count", "fit rules")),
    )


async def _kept(ask: Ask, fit: Fit) -> tuple[Button, ...]:
    if ask.learner is None or not ask.has_store():
        return ()
    store = await ask.store()
    learner = await store.learners.find(ask.learner)
    kept = learner and await store.fits.find(learner.id)
    if not kept:
        return ()
    return (Button("Your kept result", f"fit {write_sheet(read_sheet(kept.sheet, fit))}"),)


def _onward(pack: Pack, fit: Fit, given: Mapping[str, str]) -> Reply:
    question = next_open(asked(fit, given), given)
    return verdict(pack, fit, given) if question is None else _question(fit, given, question)


def _question(fit: Fit, given: Mapping[str, str], question: Question) -> Reply:
    round_ = asked(fit, {**given, question.key: SKIPPED})
    back = (Button("Back", _before(fit, given)),) if given else ()
    return Reply(
        f"Question {round_.index(question) + 1} of {len(round_)}",
        (Paragraph(Cited(question.asks)),),
        (*_choices(question, given), *back),
    )


def _choices(question: Question, given: Mapping[str, str]) -> tuple[Button, ...]:
    """Offer the choices and the skip; a question that was answered keeps its place on the sheet."""
    options = [*((choice.says, choice.key) for choice in question.choices), ("Skip", SKIPPED)]
    return tuple(Button(says, f"fit {write_sheet({**given, question.key: key})}") for says, key in options)


def _before(fit: Fit, given: Mapping[str, str]) -> str:
    """Write the line that asks the last answered question again; past the first round, that is still a question."""
    *kept, last = given.items()
    first = {question.key for question in first_questions(fit)}
    verb = "fit more" if last[0] not in first and first.issuperset(dict(kept)) else "fit"
    return f"{verb} {write_sheet(dict(kept))}"


def _said(question: Question, key: str) -> str:
    return next((choice.says for choice in question.choices if choice.key == key), "skipped")


FIT = command(
    fit,
    personal=True,
    verbs=(
        command(more, personal=True),
        command(why, personal=True),
        command(answers, personal=True),
        command(change, personal=True),
        command(keep, effect=Effect.STATE),
        command(rules),
    ),
    also_called=(
        "quiz",
        "help-me-choose",
        "which-one-fits-me",
        "what-suits-me",
        "which-career-suits-me",
        "which-career-fits-me",
    ),
)
