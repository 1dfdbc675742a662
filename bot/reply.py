"""What is answered, as meaning: a title, a closed set of blocks, actions. How it looks is a renderer's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True)
class Cited:
    """Plain text with the ids of the sources that say it and of the pack's statements shown by it.

    No sources means that the words are the bot's own.
    """

    text: str
    sources: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Cited


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, with an optional heading."""

    items: tuple[Cited, ...]
    heading: Cited | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One label and one value; `at` is the moment that the value tells, which some platforms can show by any clock."""

    label: str
    value: Cited
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows of label and value: the form for a phone; the heading gives their common frame, once."""

    rows: tuple[Fact, ...]
    heading: Cited | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A true table, for at most four narrow columns; every row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cited, ...], ...]
    heading: Cited | None = None


class StepState(StrEnum):
    """How far a step or task is."""

    DONE = "done"
    KNOWN = "known"
    STARTED = "started"
    NEXT = "next"
    OPEN = "open"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """One step or task with its state; `detail` is a short second line."""

    label: str
    state: StepState
    detail: Cited | None = None


@dataclass(frozen=True, slots=True)
class Steps:
    """An ordered list of steps."""

    items: tuple[Step, ...]
    heading: Cited | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a share from 0 to 1, and the caption that says in words what its length shows."""

    label: str
    share: float
    caption: Cited


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars on one common scale."""

    items: tuple[Bar, ...]
    heading: Cited | None = None


NoteKind = Literal["caveat", "hint", "ours"]


@dataclass(frozen=True, slots=True)
class Note:
    """A line apart: a caveat that could change a decision, a hint, or the mark that something is the bot's own.

    `views` are what different sources say to it, side by side.
    """

    text: Cited
    kind: NoteKind = "hint"
    views: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source as it stands under an answer: its id and its line (who, when, what they sell)."""

    source: str
    line: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of the answer; position N here is the number [N] behind a cited text."""

    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A text to keep, as a file of that name; where none can be sent it is shown like a paragraph."""

    text: Cited
    name: str


Block = Paragraph | Document | Bullets | Facts | Table | Steps | Bars | Note | Sources


@dataclass(frozen=True, slots=True)
class Button:
    """A line that somebody types for you: a label (at most 75 characters) and a canonical command line."""

    label: str
    line: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A labelled choice of at most 25 buttons."""

    label: str
    options: tuple[Button, ...]


Action = Button | Menu


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer; `asks_for` names the parameter (`region`) whose value would have made it more exact."""

    title: str
    blocks: tuple[Block, ...] = ()
    actions: tuple[Action, ...] = ()
    asks_for: str | None = None


def cited(part: object) -> list[Cited]:
    """List every cited text in a reply, block or tuple, in reading order."""
    found: list[Cited] = []
    _collect(part, found)
    return found


def _collect(part: object, found: list[Cited]) -> None:
    if isinstance(part, Cited):
        found.append(part)
    elif isinstance(part, tuple):
        for item in part:
            _collect(item, found)
    elif part is not None and not isinstance(part, str):
        # by the fields themselves: dataclasses.fields() costs more than all the rest of this
        for name in getattr(part, "__dataclass_fields__", ()):
            _collect(getattr(part, name), found)


def buttons(reply: Reply) -> Iterator[Button]:
    """Yield every button of a reply, those in menus included, in reading order."""
    for action in reply.actions:
        if isinstance(action, Button):
            yield action
        else:
            yield from action.options


def source_numbers(reply: Reply) -> dict[str, int]:
    """Return each source's number from 1, in the order of the Sources block; any that it leaves out follow."""
    listed = (line.source for block in reply.blocks if isinstance(block, Sources) for line in block.lines)
    cites = (source for text in cited(reply.blocks) for source in text.sources)
    return {source: number for number, source in enumerate(dict.fromkeys((*listed, *cites)), start=1)}
