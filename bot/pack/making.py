"""Make the model's types of the fields that were read; each function's arguments are the fields' names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.pack.model import (
    Choice,
    Claim,
    Disagreement,
    Fit,
    Gap,
    Question,
    Roadmap,
    RoadmapStep,
    Role,
    Source,
    Statement,
    Task,
    Tombstone,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.pack.model import Named, SourceKind


@dataclass(frozen=True, slots=True)
class Head:
    """What pack.yaml holds."""

    id: str
    name: str
    report_to: str
    roles: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    not_covered: Mapping[str, str] | None = None
    regions: Mapping[str, Named] | None = None
    levels: Mapping[str, Named] | None = None


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A step as its file has it: with its own tasks, or with the ids of tasks of another roadmap."""

    step: RoadmapStep
    borrows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenRoadmap:
    """A roadmap as its file has it; its own `steps` are empty until every step has its tasks."""

    roadmap: Roadmap
    steps: tuple[WrittenStep, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a file of statements holds; `role` is None for a topic."""

    role: Role | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under an aspect, before it is known which roles it is said of."""

    content: Claim | Disagreement | Gap
    title: str | None = None
    also_asked: tuple[str, ...] = ()
    degree: int | None = None


def claim(  # noqa: PLR0913 - one argument a field
    *,
    sources: tuple[str, ...],
    text: str = "",
    names: tuple[str, ...] = (),
    where: str | None = None,
    region: str | None = None,
    year: int | None = None,
) -> Claim:
    """Make a claim of its fields; one that only lists names has no text."""
    return Claim(text, sources, names, where, region, year)


def claim_entry(
    title: str | None = None, also_asked: tuple[str, ...] = (), degree: int | None = None, **said: object
) -> Entry:
    """Make the entry of a claim."""
    return Entry(claim(**said), title, also_asked, degree)  # type: ignore[arg-type]


def disagreement_entry(topic: str, views: tuple[Claim, ...], **more: object) -> Entry:
    """Make the entry of a disagreement."""
    return Entry(Disagreement(topic, views), **more)  # type: ignore[arg-type]


def gap_entry(text: str, **more: object) -> Entry:
    """Make the entry of a gap."""
    return Entry(Gap(text), **more)  # type: ignore[arg-type]


def source(  # noqa: PLR0913 - one argument a field
    *,
    id: str,  # noqa: A002 - the field's name
    name: str,
    short: str,
    kind: SourceKind,
    interest: str,
    printed: str,
    read_on: date,
    url: str | None = None,
    via: str | None = None,
    note: str | None = None,
) -> Source:
    """Make a source; `none` and `not-said` become None."""
    return Source(
        id,
        name,
        short,
        kind,
        None if interest == "none" else interest,
        None if printed == "not-said" else printed,
        read_on,
        url,
        via,
        note,
    )


def _statements(
    stem: str,
    roles: tuple[str, ...],
    aspects: Mapping[str, Mapping[str, Entry]],
    not_said: Mapping[str, str],
) -> tuple[Statement, ...]:
    """Give every entry its id, its aspect and the roles that it is said of."""
    said = [(end, name, entry) for name, entries in aspects.items() for end, entry in entries.items()]
    unsaid = [(f"{name}.not-said", name, gap_entry(text)) for name, text in not_said.items()]
    return tuple(
        Statement(f"{stem}.{end}", name, roles, each.content, each.title, each.also_asked, each.degree)
        for end, name, each in (*said, *unsaid)
    )


def role(  # noqa: PLR0913 - one argument a field
    *,
    id: str,  # noqa: A002 - the field's name
    name: str,
    rest: Mapping[str, Mapping[str, Entry]],
    short: str = "",
    also_called: tuple[str, ...] = (),
    alias_notes: Mapping[str, Claim] | None = None,
    nearest: str | None = None,
    not_said: Mapping[str, str] | None = None,
) -> Said:
    """Make a role and what is said of it; without a `short` its name stands in narrow rows too."""
    made = Role(id, name, short or name, also_called, alias_notes or {}, nearest)
    return Said(made, _statements(id, (id,), rest, not_said or {}))


def topic(
    *,
    id: str,  # noqa: A002 - the field's name
    rest: Mapping[str, Mapping[str, Entry]],
    roles: tuple[str, ...] = (),
    not_said: Mapping[str, str] | None = None,
) -> Said:
    """Make what is said of several roles together, or of the field."""
    return Said(None, _statements(id, roles, rest, not_said or {}))


def task(skill: str, **fields: object) -> Task:
    """Make a task of its fields."""
    return Task(skill=skill, **fields)  # type: ignore[arg-type]


def step(*, tasks: Mapping[str, Task] | tuple[str, ...], **fields: object) -> WrittenStep:
    """Make a step with the tasks that it holds itself, or a variant's with the ids of those that it borrows."""
    borrows = tasks if isinstance(tasks, tuple) else ()
    own = () if isinstance(tasks, tuple) else tuple(tasks.values())
    empty: dict[str, object] = {"needs": (), "learn": (), "skills": (), "tools": ()}
    return WrittenStep(RoadmapStep(tasks=own, **(empty | fields)), borrows)  # type: ignore[arg-type]


def roadmap(  # noqa: PLR0913 - one argument a field
    *,
    id: str,  # noqa: A002 - the field's name
    name: str,
    role: str,
    steps: Mapping[str, WrittenStep],
    total: tuple[Claim, ...] = (),
    variant_of: str | None = None,
) -> WrittenRoadmap:
    """Make a roadmap whose steps may still have to borrow their tasks."""
    return WrittenRoadmap(Roadmap(id, name, role, total, (), variant_of), tuple(steps.values()))


def choice(  # noqa: PLR0913 - one argument a field
    *,
    key: str,
    says: str,
    points: Mapping[str, int] | None = None,
    because: Claim | None = None,
    means: Mapping[str, Claim] | None = None,
    check: str | None = None,
) -> Choice:
    """Make a choice of its fields."""
    return Choice(key, says, points or {}, because, means or {}, check)


def question(
    *,
    key: str,
    asks: str,
    about: Literal["interest", "constraint"],
    choices: Mapping[str, Choice],
    first: bool = False,
) -> Question:
    """Make a question; it is not one of the first unless it says so."""
    return Question(key, asks, about, first, tuple(choices.values()))


def fit(
    *,
    roles: tuple[str, ...],
    questions: Mapping[str, Question],
    trials: Mapping[str, str] | None = None,
    undecided: str | None = None,
    asks_for: Mapping[str, str] | None = None,
) -> Fit:
    """Make the questionnaire."""
    return Fit(roles, tuple(questions.values()), trials or {}, undecided, asks_for or {})


def tombstone(
    *,
    id: str,  # noqa: A002 - the field's name
    renamed_to: str | None = None,
    merged_into: str | None = None,
    retired: str | None = None,  # noqa: ARG001 - the reason is for those who read the file
) -> Tombstone:
    """Make a tombstone of the one fate that is written."""
    if renamed_to:
        return Tombstone(id, "renamed-to", renamed_to)
    if merged_into:
        return Tombstone(id, "merged-into", merged_into)
    return Tombstone(id, "retired", None)
