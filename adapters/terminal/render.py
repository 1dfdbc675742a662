"""Reply -> what rich draws in a colour terminal. Pure; what colour says is always said in words or shape as well."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, assert_never

from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Group
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from adapters.terminal.choices import label
from bot.plain import visible
from bot.reply import (
    Bar,
    Bars,
    Bullets,
    Button,
    Document,
    Facts,
    Menu,
    Note,
    Paragraph,
    Sources,
    Step,
    Steps,
    StepState,
    Table,
    source_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import RenderableType

    from bot.reply import Action, Block, Cited, Reply

READABLE = 84  # columns to draw in at most: longer lines are hard to read, however wide the window
_NARROW = 56  # below this, what stands side by side stands under each other
_BAR = 16  # columns of a full bar

_STATES = {
    StepState.DONE: ("✓", "", "green"),
    StepState.KNOWN: ("✓", "known", "green"),
    StepState.STARTED: ("~", "started", "yellow"),
    StepState.NEXT: ("→", "next", "bold cyan"),
    StepState.OPEN: ("·", "", ""),
    StepState.SKIPPED: ("–", "skipped", "dim"),
}


def render(reply: Reply, width: int, *, numbered: bool) -> RenderableType:
    """Draw a whole reply in `width` columns; its choices get numbers to type, or else the lines to type."""
    page = _Page(width, source_numbers(reply))
    parts: list[RenderableType] = [Text(visible(reply.title), "bold cyan")]
    parts += [page.draw(block) for block in reply.blocks]
    if reply.actions:
        parts.append(_choices(reply.actions) if numbered else _lines(reply.actions))
    return Group(*chain.from_iterable((part, Text()) for part in parts))


@dataclass(frozen=True, slots=True)
class _Page:
    """What all blocks of an answer share: the width to draw in, and the number of each source."""

    width: int
    numbers: Mapping[str, int]

    def draw(self, block: Block) -> RenderableType:
        match block:
            case Paragraph() | Document():
                return self._text(block.text)
            case Note():
                return self._note(block)
            case Bullets():
                return self._under(block.heading, self._listed(block.items))
            case Facts():
                rows = [(visible(row.label), self._text(row.value)) for row in block.rows]
                return self._under(block.heading, self._labelled(rows))
            case Table():
                return self._under(block.heading, self._table(block))
            case Steps():
                return self._under(block.heading, _grid(self._step(step) for step in block.items))
            case Bars():
                return self._under(block.heading, self._bars(block.items))
            case Sources():
                lines = (f"[{self.numbers[line.source]}] {visible(line.line)}" for line in block.lines)
                return Text("\n".join(lines), "dim")
            case _:
                assert_never(block)

    def _text(self, text: Cited) -> Text:
        drawn = Text(visible(text.text))
        if text.sources:
            drawn.append(" " + "".join(f"[{self.numbers[source]}]" for source in text.sources), "dim")
        return drawn

    def _under(self, heading: Cited | None, content: RenderableType) -> RenderableType:
        if heading is None:
            return content
        drawn = self._text(heading)
        drawn.stylize_before("bold")
        return Group(drawn, content)

    def _note(self, note: Note) -> RenderableType:
        match note.kind:
            case "caveat":
                return _grid([(Text("!", "bold yellow"), self._said(note))])
            case "ours" | "hint":
                return self._said(note)
            case _:
                assert_never(note.kind)

    def _said(self, note: Note) -> RenderableType:
        text = self._text(note.text)
        return Group(text, self._listed(note.views)) if note.views else text

    def _listed(self, items: tuple[Cited, ...]) -> RenderableType:
        return _grid((Text("•", "dim"), self._text(item)) for item in items)

    def _labelled(self, rows: Iterable[tuple[str, RenderableType]]) -> RenderableType:
        """Put values beside their labels, or under them where there is no room."""
        rows = list(rows)
        longest = max((cell_len(name) for name, _ in rows), default=0)
        if longest <= self.width // 3:
            return _grid(((Text(name, "cyan"), value) for name, value in rows), gap=2)
        return Group(*(Group(Text(name, "cyan"), Padding(value, (0, 0, 0, 2))) for name, value in rows))

    def _table(self, table: Table) -> RenderableType:
        if self.width < _NARROW:
            rows = (zip(map(visible, table.columns), map(self._text, row), strict=True) for row in table.rows)
            return Group(*map(self._labelled, rows))
        grid = Grid(box=None, padding=(0, 3, 0, 0), header_style="cyan")
        for column in table.columns:
            grid.add_column(Text(visible(column)), overflow="fold")
        for row in table.rows:
            grid.add_row(*map(self._text, row))
        return grid

    def _step(self, step: Step) -> tuple[RenderableType, RenderableType]:
        mark, word, style = _STATES[step.state]
        drawn = Text(visible(step.label), style)
        if word:
            drawn.append(f" ({word})", "dim")
        if step.detail is not None:
            drawn = Text("\n").join([drawn, self._text(step.detail)])
        return Text(mark, style), drawn

    def _bars(self, bars: Iterable[Bar]) -> RenderableType:
        return self._labelled((visible(bar.label), self._bar(bar)) for bar in bars)

    def _bar(self, bar: Bar) -> RenderableType:
        caption = self._text(bar.caption)
        drawn = _bar(bar.share)
        return Group(drawn, caption) if self.width < _NARROW else _grid([(drawn, caption)], gap=2)


def _bar(share: float) -> Text:
    """Draw a bar; a share that is not nothing is never drawn as nothing."""
    full = min(_BAR, max(round(share * _BAR), 1 if share > 0 else 0))
    return Text("█" * full, "cyan").append("░" * (_BAR - full), "dim")


def _grid(rows: Iterable[tuple[RenderableType, RenderableType]], gap: int = 1) -> RenderableType:
    """Put a narrow thing before each wide one, which wraps in its own column."""
    grid = Grid.grid(padding=(0, gap, 0, 0))
    grid.add_column(no_wrap=True, overflow="fold")
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def _choices(actions: tuple[Action, ...]) -> RenderableType:
    digits = len(str(len(actions)))
    drawn = (
        Text(f"{number:>{digits}} ", "cyan", overflow="fold").append(label(action), "default")
        for number, action in enumerate(actions, start=1)
    )
    return Columns(drawn, padding=(0, 3), column_first=False, equal=True)


def _lines(actions: tuple[Action, ...]) -> RenderableType:
    """Draw what each button types; of a menu the labels, whose lines would be too many."""
    lines = _grid(
        ((Text(one.line, "cyan"), Text(label(one), "dim")) for one in actions if isinstance(one, Button)), gap=2
    )
    menus = (
        Text(f"{visible(one.label)}: {', '.join(map(label, one.options))}", "dim")
        for one in actions
        if isinstance(one, Menu)
    )
    return Group(lines, *menus)
