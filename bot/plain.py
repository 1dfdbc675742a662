"""Reply -> plain text: the reference rendering, for pipes, logs and screen readers. Knows no width and no platform."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import assert_never

from bot.reply import (
    Action,
    Bars,
    Block,
    Bullets,
    Button,
    Cited,
    Document,
    Facts,
    Menu,
    Note,
    Paragraph,
    Reply,
    Sources,
    Step,
    Steps,
    StepState,
    Table,
    source_numbers,
)

# The words stand where the mark alone would have to be learned.
_MARKS = {
    StepState.DONE: ("[x]", ""),
    StepState.KNOWN: ("[x]", " (known)"),
    StepState.STARTED: ("[~]", " (started)"),
    StepState.NEXT: ("[>]", " (next)"),
    StepState.OPEN: ("[ ]", ""),
    StepState.SKIPPED: ("[-]", " (skipped)"),
}
_JOINERS = "\u200c\u200d"  # invisible, harmless, and part of how Hindi and many emoji are spelled


def plain(reply: Reply, numbers: Mapping[str, int] | None = None) -> str:
    """Write a whole reply as text: title, blocks, actions, a blank line between them, no line feed at the end.

    `numbers` are those of the sources, for a part of a longer reply.
    """
    actions = "\n".join(_action(action) for action in reply.actions)
    return "\n\n".join(part for part in (body(reply, numbers), actions) if part)


def body(reply: Reply, numbers: Mapping[str, int] | None = None) -> str:
    """Write a reply without its actions."""
    numbered = source_numbers(reply) if numbers is None else numbers
    blocks = ("\n".join(_lines(block, numbered)) for block in reply.blocks)
    return "\n\n".join(part for part in (visible(reply.title), *blocks) if part)


def visible(text: str) -> str:
    """Put text on one line that shows all there is: no control, format or direction characters, no line feeds."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(map(_shown, text)).split())


def _shown(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cs":
            return "\ufffd"
        case "Cf":
            return character if character in _JOINERS else ""
        case _:
            return character


def with_citations(text: Cited, numbers: Mapping[str, int]) -> str:
    """Write a cited text with the numbers of its sources behind it."""
    marks = "".join(f"[{numbers[source]}]" for source in text.sources)
    return f"{visible(text.text)} {marks}".strip()


def _lines(block: Block, numbers: Mapping[str, int]) -> Iterator[str]:
    match block:
        case Paragraph() | Document():
            yield with_citations(block.text, numbers)
        case Note():
            mark = "Note: " if block.kind == "caveat" else ""
            yield mark + with_citations(block.text, numbers)
            yield from _listed(block.views, numbers)
        case Bullets():
            yield from _heading(block.heading, numbers)
            yield from _listed(block.items, numbers)
        case Facts():
            yield from _heading(block.heading, numbers)
            yield from (_labelled(row.label, row.value, numbers) for row in block.rows)
        case Table():
            yield from _heading(block.heading, numbers)
            yield from chain.from_iterable(_row(block.columns, row, numbers) for row in block.rows)
        case Steps():
            yield from _heading(block.heading, numbers)
            yield from chain.from_iterable(_step(step, numbers) for step in block.items)
        case Bars():
            yield from _heading(block.heading, numbers)
            yield from (_labelled(bar.label, bar.caption, numbers) for bar in block.items)
        case Sources():
            yield " · ".join(f"[{numbers[line.source]}] {visible(line.line)}" for line in block.lines)
        case _:
            assert_never(block)


def _heading(heading: Cited | None, numbers: Mapping[str, int]) -> Iterator[str]:
    if heading is not None:
        yield with_citations(heading, numbers)


def _listed(items: tuple[Cited, ...], numbers: Mapping[str, int]) -> Iterator[str]:
    yield from (f"- {with_citations(item, numbers)}" for item in items)


def _labelled(label: str, value: Cited, numbers: Mapping[str, int]) -> str:
    return f"{visible(label)}: {with_citations(value, numbers)}"


def _row(columns: tuple[str, ...], row: tuple[Cited, ...], numbers: Mapping[str, int]) -> Iterator[str]:
    """Write a table's row as lines of label and value, which fit any width."""
    for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
        yield ("  " if place else "") + _labelled(column, cell, numbers)


def _step(step: Step, numbers: Mapping[str, int]) -> Iterator[str]:
    mark, word = _MARKS[step.state]
    yield f"{mark} {visible(step.label)}{word}"
    if step.detail is not None:
        yield f"    {with_citations(step.detail, numbers)}"


def _action(action: Action) -> str:
    match action:
        case Button():
            return _bracketed(action)
        case Menu():
            return f"{visible(action.label)}: {' '.join(map(_bracketed, action.options))}"
        case _:
            assert_never(action)


def _bracketed(button: Button) -> str:
    return f"[{visible(button.label)}]"
