"""The format of a pack, once: which files there are, which fields they have, what each field holds.

Reading, did-you-mean and the JSON Schema for editors all follow from the tables here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.pack.containers import Field, Keyed, Record, Seq
from bot.pack.entries import CLAIM, FROM, Entries
from bot.pack.figures import FIGURE_FORM, UNIT_FORM, figure_range, table, unit
from bot.pack.making import (
    Head,
    choice,
    fit,
    question,
    roadmap,
    role,
    source,
    step,
    task,
    tombstone,
    topic,
)
from bot.pack.model import Aspect, Named, Resource
from bot.pack.shapes import DOTTED, ID, NAME, ONE_CHARACTER, Either, Matched, Ref, Text, Whole, Word

if TYPE_CHECKING:
    from bot.pack.shapes import Shape

_TITLE = Text(100)
_LABEL = Text(75)
_TEXT = Text()
_NAMES = Seq(Text(60))
_AN_ID = Matched(ID, "KB010", "an id", "Keep to small letters, digits and hyphens.")
_DATE = Matched(
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "KB015", "a date", "Write it as 2026-11-21.", date.fromisoformat
)


def _printed(text: str) -> str:
    """Return a year, month or date; ValueError for a day that there is not."""
    if len(text) == len("2026-06-01"):
        date.fromisoformat(text)
    return text


_PRINTED = Matched(
    re.compile(r"[12][0-9]{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?|not-said"),
    *("KB015", "a year, month or date", "Write 2026, 2026-06, 2026-06-01 or `not-said`."),
    make=_printed,
)
_URL = Matched(re.compile(r"https?://[^\s<>\"']+"), "KB021", "a link", "Write it whole, with https:// in front.")
_FIGURE = Matched(
    *(FIGURE_FORM, "KB016", "a figure", "Write 6-10, 141000, 90000+ or `not-said`; the lower end first."),
    make=figure_range,
)
_UNIT = Matched(
    *(UNIT_FORM, "KB017", "a known unit", "Write it like `lakh INR a year`, `USD a year` or `months`."),
    make=unit,
)
_YES_NO = Word({"yes": True, "no": False})
_A_ROLE = Ref(("role",))
_STATEMENT = Ref(("statement",))


def _one_of(*words: str) -> Word:
    return Word({word: word for word in words})


def _need(shape: Shape, into: str = "") -> Field:
    return Field(shape, required=True, into=into)


def _named(kind: str) -> Keyed:
    return Keyed(Record(Named, {"name": _need(_LABEL), "also-called": Field(_NAMES)}, key_as="id"), declares=kind)


_PACK = Record(
    Head,
    {
        "id": _need(_AN_ID),
        "name": _need(_TITLE),
        "report-to": _need(_TEXT),
        "roles": Field(Seq(_A_ROLE)),
        "about": Field(Seq(_TEXT)),
        "not-covered": Field(Keyed(_A_ROLE, key=NAME)),
        "regions": Field(_named("region")),
        "levels": Field(_named("level")),
    },
)
_SOURCES = Keyed(
    Record(
        source,
        {
            "name": _need(Text(160)),
            "short": _need(_LABEL),
            "kind": _need(
                _one_of(*("vendor", "publisher", "unsigned", "practitioner", "report", "platform", "documentation"))
            ),
            "interest": _need(_LABEL),
            "printed": _need(_PRINTED),
            "read-on": _need(_DATE),
            "url": Field(_URL),
            "via": Field(Ref(("source",))),
            "note": Field(_TEXT),
        },
        key_as="id",
    ),
    declares="source",
)
_ASPECTS = Keyed(
    Record(
        Aspect,
        {
            "name": _need(_LABEL),
            "also-called": _need(_NAMES),
            "question": Field(_TITLE),
            "review-months": _need(Whole(1, 120)),
            "shown-in": Field(_one_of("compare", "roadmap")),
        },
        key_as="id",
    ),
    declares="aspect",
)
_GAPS = Keyed(_TEXT, of=Ref(("aspect",)), declares="statement", id="{file}.{name}.not-said")
_ROLE = Record(
    role,
    {
        "name": _need(_LABEL),
        "short": Field(Text(30)),
        "also-called": Field(_NAMES),
        "alias-notes": Field(Keyed(CLAIM, key=NAME)),
        "nearest": Field(_A_ROLE),
        "not-said": Field(_GAPS),
    },
    key_as="id",
    rest=Entries(),
    rest_key=Ref(("aspect",)),
)
_TOPIC = Record(
    topic,
    {"roles": Field(Seq(_A_ROLE, least=2)), "not-said": Field(_GAPS)},
    key_as="id",
    rest=Entries(),
    rest_key=Ref(("aspect",)),
)
_FIGURES = Record(
    table,
    {
        "name": _need(_TITLE),
        "aspect": _need(Ref(("aspect",))),
        "region": Field(Ref(("region",))),
        "unit": _need(_UNIT),
        "describes": _need(Text(40)),
        "data-year": _need(_PRINTED, "year"),
        "from": FROM,
        "where": _need(Text(120)),
        "note": Field(_TEXT),
        "figures": _need(
            Keyed(
                Keyed(_FIGURE, of=Ref(("level",)), declares="figure", id="{file}.{key}.{name}", least=1),
                of=Ref(("role",), also=("any",)),
                least=1,
            )
        ),
    },
    key_as="id",
)
_TASK = Record(
    task,
    {
        "title": _need(_TITLE),
        "minutes": _need(Whole(20, 120, "KB023")),
        "done-when": _need(_TEXT),
        "skill": _need(Ref(("skill",))),
        "tip": Field(_TEXT),
    },
    key_as="id",
)
_RESOURCE = Record(
    Resource,
    {
        "title": _need(_TITLE),
        "url": _need(_URL),
        "free": _need(_YES_NO),
        "from": Field(FROM.shape, into="sources"),
    },
)
_STEP = Record(
    step,
    {
        "title": _need(_TITLE),
        "needs": Field(Seq(Ref(("step",), local=True))),
        "learn": Field(Seq(CLAIM)),
        "skills": Field(Seq(Ref(("skill",)))),
        "tools": Field(Seq(Ref(("tool",)))),
        "hours": _need(Whole(1, 1000)),
        "done-when": _need(_TEXT),
        "mistake": Field(_STATEMENT),
        "project": Field(_STATEMENT),
        "see": Field(Seq(_STATEMENT)),
        "resources": Field(Seq(_RESOURCE, most=3)),
        "tasks": _need(Either(Keyed(_TASK, declares="task", least=3, most=8), Seq(Ref(("task",)), least=3, most=8))),
    },
    key_as="id",
)
_ROADMAP = Record(
    roadmap,
    {
        "name": _need(_LABEL),
        "role": _need(_A_ROLE),
        "variant-of": Field(Ref(("roadmap",))),
        "total": Field(Seq(CLAIM)),
        "steps": _need(Keyed(_STEP, declares="step", id="{file}.{name}", least=1)),
    },
    key_as="id",
)
_CHOICE = Record(
    choice,
    {
        "says": _need(_LABEL),
        "points": Field(Keyed(Whole(1, 10), of=_A_ROLE)),
        "because": Field(CLAIM),
        "means": Field(Keyed(CLAIM, of=_A_ROLE)),
        "check": Field(_STATEMENT),
    },
    key_as="key",
)
_QUESTION = Record(
    question,
    {
        "asks": _need(_TITLE),
        "about": _need(_one_of("interest", "constraint")),
        "first": Field(_YES_NO),
        "choices": _need(Keyed(_CHOICE, key=ONE_CHARACTER, least=2, most=5)),
    },
    key_as="key",
)
_FIT = Record(
    fit,
    {
        "roles": _need(Seq(_A_ROLE, least=2)),
        "undecided": Field(_STATEMENT),
        "trials": Field(Keyed(_TEXT, of=_A_ROLE)),
        "asks-for": Field(Keyed(_STATEMENT, of=_A_ROLE)),
        "questions": _need(Keyed(_QUESTION, key=ONE_CHARACTER, declares="question", least=5)),
    },
)
_GONE = Keyed(
    Record(
        tombstone,
        {"renamed-to": Field(_TEXT), "merged-into": Field(_TEXT), "retired": Field(_TEXT)},
        key_as="id",
        any_of=("renamed-to", "merged-into", "retired"),
    ),
    key=DOTTED,
    declares="tombstone",
)


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: its name or pattern in the folder, its shape, and the kinds of id that it holds.

    `declares` is the kind of id that its file name is.
    """

    pattern: str
    shape: Shape
    holds: tuple[str, ...] = ()
    declares: str = ""


FILES = {
    "pack": FileKind("pack.yaml", _PACK, ("region", "level")),
    "sources": FileKind("sources.yaml", _SOURCES, ("source",)),
    "aspects": FileKind("aspects.yaml", _ASPECTS, ("aspect",)),
    "skills": FileKind("skills.yaml", _named("skill"), ("skill",)),
    "tools": FileKind("tools.yaml", _named("tool"), ("tool",)),
    "role": FileKind("roles/*.yaml", _ROLE, ("role", "statement"), "role"),
    "topic": FileKind("topics/*.yaml", _TOPIC, ("statement",), "topic"),
    "figures": FileKind("figures/*.yaml", _FIGURES, ("figure",), "table"),
    "roadmap": FileKind("roadmaps/*.yaml", _ROADMAP, ("roadmap", "step", "task"), "roadmap"),
    "fit": FileKind("fit.yaml", _FIT, ("question",)),
    "gone": FileKind("gone.yaml", _GONE),
}
