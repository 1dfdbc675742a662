"""The types of a knowledge pack, frozen; what the YAML means once it has been read. Knows no file and no YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

SourceKind = Literal["vendor", "publisher", "unsigned", "practitioner", "report", "platform", "documentation"]


@dataclass(frozen=True, slots=True)
class Source:
    """Something that was read: who says it, what they sell, when it was printed and read.

    `printed` is a year, `YYYY-MM` or a full date as text, None where the source does not say.
    `via` is the source in which this one is quoted, where it was not read itself.
    """

    id: str
    name: str
    short: str
    kind: SourceKind
    interest: str | None
    printed: str | None
    read_on: date
    url: str | None = None
    via: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with a name that people type: a region, level, skill or tool."""

    id: str
    name: str
    also_called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aspect:
    """One question that can be put to every role; `review_months` is the age at which its statements are re-read."""

    id: str
    name: str
    also_called: tuple[str, ...]
    review_months: int
    shown_in: Literal["compare", "roadmap"] = "compare"
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What sources say, in our words. `names` are skills and tools, listed in place of or behind the text.

    `where` lets a reviewer find it; `year` is the year of the data, `region` the place it speaks of.
    """

    text: str
    sources: tuple[str, ...]
    names: tuple[str, ...] = ()
    where: str | None = None
    region: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A topic on which sources disagree, with at least two views."""

    topic: str
    views: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What no source says; the words are ours."""

    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the pack says, under one aspect, about no role (the field as a whole), one, or several together.

    `degree` (0 none to 4 most, ours) orders differences and is never shown. `also_asked` are questions it answers.
    """

    id: str
    aspect: str
    roles: tuple[str, ...]
    content: Claim | Disagreement | Gap
    title: str | None = None
    also_asked: tuple[str, ...] = ()
    degree: int | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A career; `short` is its label in narrow rows, `nearest` the role whose roadmap comes closest.

    `alias_notes` say what is special about a name that resolves to this role.
    """

    id: str
    name: str
    short: str
    also_called: tuple[str, ...]
    alias_notes: Mapping[str, Claim]
    nearest: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure counts; money has a currency (ISO 4217) and a period, and `scale` is what one unit of it is."""

    text: str
    currency: str | None = None
    period: str | None = None
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number or range, in the unit of its table; `high` is None for 'at least'. `low` None: not said."""

    id: str
    role: str | None
    level: str
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One printed table of numbers and what all of them share.

    `describes` is what a number stands for (average, range, estimate), None where the source does not say;
    `year` the year of the data.
    """

    id: str
    name: str
    aspect: str
    region: str | None
    unit: Unit
    describes: str | None
    year: str | None
    sources: tuple[str, ...]
    where: str
    figures: tuple[Figure, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to learn from: official documentation, or what a source names."""

    title: str
    url: str
    free: bool
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work of 20 to 120 minutes, ours; it teaches one skill."""

    id: str
    title: str
    minutes: int
    done_when: str
    skill: str
    tip: str | None = None


@dataclass(frozen=True, slots=True)
class RoadmapStep:
    """One step: what the sources ask for (`learn`), and our tasks, hours and measure of done.

    `mistake`, `project` and `see` are statement ids.
    """

    id: str
    title: str
    needs: tuple[str, ...]
    learn: tuple[Claim, ...]
    skills: tuple[str, ...]
    tools: tuple[str, ...]
    hours: int
    done_when: str
    tasks: tuple[Task, ...]
    mistake: str | None = None
    project: str | None = None
    see: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The steps towards a role. A variant arranges the tasks of `variant_of` in other steps and shares its progress."""

    id: str
    name: str
    role: str
    total: tuple[Claim, ...]
    steps: tuple[RoadmapStep, ...]
    variant_of: str | None = None

    @property
    def progress_key(self) -> str:
        """The id under which progress on this roadmap is kept."""
        return self.variant_of or self.id


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question. `points` are ours and need `because`; `means` says what it implies for a role.

    `check` is the statement id of a wrong reason that this answer triggers.
    """

    key: str
    says: str
    points: Mapping[str, int]
    because: Claim | None
    means: Mapping[str, Claim]
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the fit; only `interest` scores, a `constraint` is reported beside the result."""

    key: str
    asks: str
    about: Literal["interest", "constraint"]
    first: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """The questionnaire: which roles it tells apart, its questions in order, a trial project (our words) a role.

    `undecided` is the id of the statement that is shown when nothing wins; `asks_for` the id, by role, of the
    statement that is shown whenever that role leads, because it decides whether the way in is open.
    """

    roles: tuple[str, ...]
    questions: tuple[Question, ...]
    trials: Mapping[str, str]
    undecided: str | None
    asks_for: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What became of an id that went away: `renamed-to` and `merged-into` name another, `retired` none."""

    id: str
    fate: Literal["renamed-to", "merged-into", "retired"]
    to: str | None


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack; mappings keep the order of the files. `version` changes with every change of content.

    `by_aspect` holds the statements once more, by aspect: what nearly every answer begins with.
    """

    id: str
    name: str
    version: str
    report_to: str
    about: tuple[str, ...]
    not_covered: Mapping[str, str]
    regions: Mapping[str, Named]
    levels: Mapping[str, Named]
    aspects: Mapping[str, Aspect]
    sources: Mapping[str, Source]
    skills: Mapping[str, Named]
    tools: Mapping[str, Named]
    roles: Mapping[str, Role]
    statements: Mapping[str, Statement]
    figures: Mapping[str, FigureTable]
    roadmaps: Mapping[str, Roadmap]
    fit: Fit | None
    gone: Mapping[str, Tombstone]
    by_aspect: Mapping[str, tuple[Statement, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the statements by aspect."""
        sorted_out: dict[str, list[Statement]] = {}
        for statement in self.statements.values():
            sorted_out.setdefault(statement.aspect, []).append(statement)
        frozen = {aspect: tuple(found) for aspect, found in sorted_out.items()}
        object.__setattr__(self, "by_aspect", frozen)  # the class is frozen; this is still its making
