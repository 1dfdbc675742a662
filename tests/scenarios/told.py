"""What an answer tells, line by line without any markup, so that all platforms can be held to the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.plain import visible
from bot.reply import (
    Bars,
    Bullets,
    Cited,
    Document,
    Facts,
    Note,
    Paragraph,
    Reply,
    Sources,
    Steps,
    Table,
    source_numbers,
)

if TYPE_CHECKING:
    from bot.reply import Block

_MARK = re.compile(r"^(?:[-•–·~→✓◐○]|\[[ x~>-]\])\s+")
_SOURCE = re.compile(r" · (?=\[\d+\] )")
_OURS = re.compile(r"…|Page \d+ of \d+|[█░▰▱]+")
_WORDS = {"known": " (known)", "started": " (started)", "next": " (next)", "skipped": " (skipped)"}
_NOTED = re.compile(r'"(?:seen|heard)_at": "[^"]*"')  # noted now and then only; on Slack the App Home is an answer, too
_LONG = 900  # characters; a longer text may be parted over pages


def lines_of(text: str) -> set[str]:
    """List the lines of what somebody reads, without what marks them; of sources, one line each."""
    lines = (part for line in _NOTED.sub("", text).splitlines() for part in _SOURCE.split(line))
    bare = (" ".join(_MARK.sub("", line.strip()).split()) for line in lines)
    return {line for line in bare if line and not _OURS.fullmatch(line)}


def lines_told(reply: Reply) -> set[str]:
    """List what a reply tells, each text with the numbers of its sources."""
    numbers = source_numbers(reply)
    told = (reply.title, *(line for block in reply.blocks for line in _lines(block, numbers)))
    return lines_of("\n".join(map(visible, told)))


def apart(shown: set[str], told: set[str]) -> tuple[set[str], set[str]]:
    """Return what is missing from what was shown, and what is shown beyond what was to be told."""
    missing, beyond = told - shown, shown - told
    for line in [line for line in missing if len(line) > _LONG]:
        parts = {part for part in beyond if part in line}
        if sum(len("".join(part.split())) for part in parts) == len("".join(line.split())):
            missing, beyond = missing - {line}, beyond - parts
    return missing, beyond


def _lines(block: Block, numbers: Mapping[str, int]) -> Iterator[str]:
    def cited(text: Cited | None) -> str:
        return f"{text.text} {''.join(f'[{numbers[source]}]' for source in text.sources)}" if text else ""

    match block:
        case Paragraph(text) | Document(text):
            yield cited(text)
        case Note(text, kind, views):
            yield ("Note: " if kind == "caveat" else "") + cited(text)
            yield from map(cited, views)
        case Bullets(items, heading):
            yield from map(cited, (heading, *items))
        case Facts(rows, heading):
            yield cited(heading)
            yield from (f"{row.label}: {cited(row.value)}" for row in rows)
        case Table(columns, rows, heading):
            yield cited(heading)
            yield from (f"{label}: {cited(cell)}" for row in rows for label, cell in zip(columns, row, strict=True))
        case Steps(items, heading):
            yield cited(heading)
            yield from (f"{step.label}{_WORDS.get(step.state, '')}" for step in items)
            yield from (cited(step.detail) for step in items)
        case Bars(items, heading):
            yield cited(heading)
            yield from (f"{bar.label}: {cited(bar.caption)}" for bar in items)
        case Sources(lines):
            yield from (f"[{numbers[line.source]}] {line.line}" for line in lines)
