"""Blocks -> lines of Discord's markdown, for a narrow screen. Pure; knows no component and no limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, assert_never

from adapters.discord.markup import at_start, escaped
from bot.reply import (
    Bars,
    Block,
    Bullets,
    Cited,
    Document,
    Facts,
    Note,
    Paragraph,
    Sources,
    Step,
    Steps,
    StepState,
    Table,
)

if TYPE_CHECKING:
    from bot.reply import Bar, Fact

Numbers = Mapping[str, int]

_STATES = {
    StepState.DONE: ("✓", ""),
    StepState.KNOWN: ("✓", " (known)"),
    StepState.STARTED: ("◐", " (started)"),
    StepState.NEXT: ("→", " (next)"),
    StepState.OPEN: ("○", ""),
    StepState.SKIPPED: ("–", " (skipped)"),
}
_BAR = 10  # marks of a full bar


def text_of(block: Block, numbers: Numbers) -> str:
    """Write one block; `numbers` are those of its sources."""
    return "\n".join(line for line in _lines(block, numbers) if line)


def _lines(block: Block, numbers: Numbers) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _cited(block.text, numbers, first=True)
        case Note():
            yield from _note(block, numbers)
        case Document():
            pass  # it is sent as a file
        case Bullets():
            yield _heading(block.heading, numbers)
            yield from (_item(item, numbers) for item in block.items)
        case Facts():
            yield _frame(block.heading, numbers)
            yield from (_fact(row, numbers) for row in block.rows)
        case Table():
            yield _heading(block.heading, numbers)
            yield from (line for row in block.rows for line in _row(block.columns, row, numbers))
        case Steps():
            yield _heading(block.heading, numbers)
            yield from (line for step in block.items for line in _step(step, numbers))
        case Bars():
            yield _heading(block.heading, numbers)
            yield from (line for bar in block.items for line in _bar(bar, numbers))
        case Sources():
            listed = (f"[{numbers[line.source]}] {escaped(line.line)}" for line in block.lines)
            yield small(" · ".join(listed))
        case _:
            assert_never(block)


def small(markdown: str) -> str:
    """Write a line in small print."""
    return f"-# {markdown}"


def bold(markdown: str) -> str:
    """Write words in bold; nothing where there are none."""
    return f"**{markdown}**" if markdown else ""


def _cited(text: Cited, numbers: Numbers, *, first: bool = False) -> str:
    """Write a cited text with its sources' numbers; `first` if a line begins with it."""
    marks = "".join(f"[{numbers[source]}]" for source in text.sources)
    return f"{(at_start if first else escaped)(text.text)} {marks}".strip()


def _heading(heading: Cited | None, numbers: Numbers) -> str:
    return "" if heading is None else bold(_cited(heading, numbers))


def _frame(heading: Cited | None, numbers: Numbers) -> str:
    """Write what rows of label and value have in common: apart from the labels, which are bold."""
    return f"*{frame}*" if heading is not None and (frame := _cited(heading, numbers)) else ""


def _item(item: Cited, numbers: Numbers) -> str:
    return f"- {_cited(item, numbers, first=True)}"


def _labelled(label: str, value: Cited, numbers: Numbers) -> str:
    return f"**{escaped(label)}:** {_cited(value, numbers)}"


def _fact(row: Fact, numbers: Numbers) -> str:
    """Write a row; a moment also as how far away it is, which Discord keeps up to date by the reader's own clock."""
    told = _labelled(row.label, row.value, numbers)
    return told if row.at is None else f"{told} (<t:{int(row.at.timestamp())}:R>)"


def _note(note: Note, numbers: Numbers) -> Iterator[str]:
    match note.kind:
        case "caveat":
            yield f"**Note:** {_cited(note.text, numbers)}"
        case "hint" | "ours":
            yield small(_cited(note.text, numbers))
        case _:
            assert_never(note.kind)
    yield from (_item(view, numbers) for view in note.views)


def _row(columns: tuple[str, ...], row: tuple[Cited, ...], numbers: Numbers) -> Iterator[str]:
    """Write a table's row as an item of label and value, which fits any width."""
    for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
        yield ("  - " if place else "- ") + _labelled(column, cell, numbers)


def _step(step: Step, numbers: Numbers) -> Iterator[str]:
    mark, word = _STATES[step.state]
    label = escaped(step.label)
    yield f"{mark} {bold(label) if step.state is StepState.NEXT else label}{word}"
    if step.detail is not None:
        yield small(_cited(step.detail, numbers))


def _bar(bar: Bar, numbers: Numbers) -> Iterator[str]:
    """Write a bar as marks over its caption; any share above none shows at least one."""
    full = max(round(bar.share * _BAR), 1 if bar.share > 0 else 0)
    yield _labelled(bar.label, bar.caption, numbers)
    yield "▰" * full + "▱" * (_BAR - full)
