"""Reply -> what Slack shows: blocks within every limit, and the whole answer as text for who cannot see them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, assert_never

from adapters.slack.names import Names
from adapters.slack.parts import BLOCKS, Json, actions, bold, context, heading, listed, rich, section, size, text
from bot.paging import Page, pages
from bot.plain import plain, visible
from bot.reply import (
    Bar,
    Bars,
    Bullets,
    Document,
    Facts,
    Note,
    Paragraph,
    Reply,
    Sources,
    Step,
    Steps,
    StepState,
    Table,
)
from bot.wire import LAST_PAGE, to_wire

if TYPE_CHECKING:
    from bot.reply import Block, Cited

ROOM = 9000  # characters in a message; Slack refuses somewhere above 13,000 and does not say where
ROWS = BLOCKS - 6  # blocks; leaves room for what stands around an answer
PIECE = 1500  # characters of one text where an answer is parted
_BAR = 12  # squares of a full bar

_STATES = {
    StepState.DONE: ("✓", ""),
    StepState.KNOWN: ("✓", " (known)"),
    StepState.STARTED: ("~", " (started)"),
    StepState.NEXT: ("→", " (next)"),
    StepState.OPEN: ("·", ""),
    StepState.SKIPPED: ("–", " (skipped)"),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an answer: its canonical line, the page that is wanted, further buttons by what they carry.

    Without a line there is no other page to be had, and the answer says so.
    """

    line: str | None = None
    page: int = 1
    more: tuple[tuple[str, str], ...] = ()
    above: tuple[Json, ...] = ()


def message(reply: Reply, names: Names, around: Around = Around()) -> Json:
    """Render a reply as the `text` and `blocks` of a message; what does not fit stands on further pages.

    `text` is the whole page in plain words: screen readers and notifications have nothing else.
    """
    parted = pages(reply, lambda page: _fits(page, names), PIECE)
    page = parted[min(around.page, len(parted), LAST_PAGE) - 1]
    blocks = [*around.above, *page_blocks(page, names)]
    onward = (*_turning(page, around.line), *around.more)
    if page.count > 1 and around.line is None:
        blocks.append(context("There is more than fits here. Ask for less at once."))
    blocks += actions(page.reply.actions, onward)
    words = names.said(plain(page.reply, page.numbers))
    return {"text": escaped(words), "blocks": blocks}


def escaped(words: str) -> str:
    """Escape the three characters that could begin a mention or a link."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def page_blocks(page: Page, names: Names) -> list[Json]:
    """Render a page without its actions."""
    look = _Look(page.numbers, names)
    title = names.said(visible(page.reply.title))
    return [*heading(title), *chain.from_iterable(look.blocks(block) for block in page.reply.blocks)]


def _fits(page: Page, names: Names) -> bool:
    blocks = [*page_blocks(page, names), *actions(page.reply.actions)]
    return len(blocks) <= ROWS and size(blocks) <= ROOM


def _turning(page: Page, line: str | None) -> Iterator[tuple[str, str]]:
    """Offer the pages beside this one, as labels and what their buttons carry."""
    if line is None:
        return
    if page.number > 1:
        yield f"Back to page {page.number - 1}", to_wire(line, page.number - 1)
    if page.number < min(page.count, LAST_PAGE):
        yield f"Page {page.number + 1} of {page.count}", to_wire(line, page.number + 1)


@dataclass(frozen=True, slots=True)
class _Look:
    """What all blocks of an answer share: the numbers of its sources, and the names of the commands."""

    numbers: Mapping[str, int]
    names: Names

    def blocks(self, block: Block) -> Sequence[Json]:
        match block:
            case Paragraph() | Document():
                return rich([section(text(self._cited(block.text)))])
            case Note():
                return self._note(block)
            case Bullets():
                return rich([*self._heading(block.heading), *self._listed(block.items)])
            case Facts():
                rows = (self._labelled(row.label, row.value) for row in block.rows)
                return rich([*self._heading(block.heading), *rows])
            case Table():
                lines = chain.from_iterable(self._row(block.columns, row) for row in block.rows)
                return rich([*self._heading(block.heading), *lines])
            case Steps():
                return rich([*self._heading(block.heading), *map(self._step, block.items)])
            case Bars():
                return rich([*self._heading(block.heading), *map(self._bar, block.items)])
            case Sources():
                return [
                    context(
                        " · ".join(f"[{self.numbers[line.source]}] {self._said(line.line)}" for line in block.lines)
                    )
                ]
            case _:
                assert_never(block)

    def _said(self, words: str) -> str:
        return self.names.said(visible(words))

    def _cited(self, cited: Cited) -> str:
        marks = "".join(f"[{self.numbers[source]}]" for source in cited.sources)
        return f"{self._said(cited.text)} {marks}".strip()

    def _heading(self, words: Cited | None) -> Iterator[Json]:
        if words is not None:
            yield section(bold(self._cited(words)))

    def _listed(self, items: Iterable[Cited]) -> Iterator[Json]:
        yield listed(section(text(self._cited(item))) for item in items)

    def _labelled(self, label: str, value: Cited) -> Json:
        return section(bold(f"{self._said(label)}:"), text(f" {self._cited(value)}"))

    def _row(self, columns: Sequence[str], row: Sequence[Cited]) -> Iterator[Json]:
        """Write a table's row as its first cell and the others under it, which reads well on a phone."""
        first, *others = (self._labelled(column, cell) for column, cell in zip(columns, row, strict=True))
        yield first
        if others:
            yield listed(others)

    def _step(self, step: Step) -> Json:
        mark, word = _STATES[step.state]
        label = f"{mark} {self._said(step.label)}"
        written = bold(label) if step.state is StepState.NEXT else text(label)
        detail = text(f"\n     {self._cited(step.detail)}") if step.detail is not None else None
        return section(written, text(word), detail)

    def _bar(self, bar: Bar) -> Json:
        """Draw a bar; a share that is not nothing is never drawn as nothing, and its caption says it in words."""
        full = min(_BAR, max(round(bar.share * _BAR), 1 if bar.share > 0 else 0))
        drawn = "█" * full + "░" * (_BAR - full)
        return section(bold(self._said(bar.label)), text(f"\n{drawn} {self._cited(bar.caption)}"))

    def _note(self, note: Note) -> Sequence[Json]:
        said = self._cited(note.text)
        views = self._listed(note.views) if note.views else ()
        match note.kind:
            case "caveat":
                return rich([section(bold("Note:"), text(f" {said}")), *views])
            case "ours" | "hint":
                return [context(said), *(rich(list(views)) if note.views else ())]
            case _:
                assert_never(note.kind)
