"""Replies of every shape, for tests that hold of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bot.reply import (
    Bar,
    Bars,
    Block,
    Bullets,
    Button,
    Cited,
    Document,
    Fact,
    Facts,
    Menu,
    Note,
    Paragraph,
    Reply,
    SourceLine,
    Sources,
    Step,
    Steps,
    StepState,
    Table,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TRICKS = (
    "plain words",
    "a\nforged: line",
    "\x1b[31mred\x1b[0m",
    "\u202eright to left",
    "line\u2028separator",
    "*bold* _it_ <b> [link](http://x) @everyone `code`",
    "कितना गणित",
    "naïve – “quoted”",
    "x" * 90,
)
SOURCES = ("aptech", "valenx", "h2k")
LABELS = st.one_of(st.sampled_from(TRICKS), st.text(min_size=1, max_size=30))
TEXTS = st.builds(Cited, LABELS, st.lists(st.sampled_from(SOURCES), unique=True, max_size=3).map(tuple))
HEADINGS = st.none() | TEXTS


def several(each: SearchStrategy) -> SearchStrategy:
    """Return tuples of one to four."""
    return st.lists(each, min_size=1, max_size=4).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw a table whose rows are as long as its columns are many."""
    columns = draw(several(LABELS))
    row = st.tuples(*(TEXTS for _ in columns))
    return Table(columns, draw(several(row)), draw(HEADINGS))


BLOCKS: SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, TEXTS),
    st.builds(Document, TEXTS, st.just("waymark.json")),
    st.builds(Note, TEXTS, st.sampled_from(("caveat", "hint", "ours")), st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(Bullets, several(TEXTS), HEADINGS),
    st.builds(Facts, several(st.builds(Fact, LABELS, TEXTS)), HEADINGS),
    tables(),
    st.builds(Steps, several(st.builds(Step, LABELS, st.sampled_from(StepState), HEADINGS)), HEADINGS),
    st.builds(Bars, several(st.builds(Bar, LABELS, st.floats(0, 1), TEXTS)), HEADINGS),
)
SOURCE_LINES = st.builds(
    lambda lines: Sources(tuple(SourceLine(*pair) for pair in zip(SOURCES, lines, strict=True))),
    st.tuples(*(LABELS for _ in SOURCES)),
)
BUTTONS = st.builds(Button, LABELS, st.just("compare ai-engineer"))
ACTIONS = st.one_of(BUTTONS, st.builds(Menu, LABELS, several(BUTTONS)))
REPLIES = st.builds(
    lambda title, blocks, sources, actions: Reply(title, (*blocks, sources), actions),
    LABELS,
    several(BLOCKS),
    SOURCE_LINES,
    st.lists(ACTIONS, max_size=5).map(tuple),
)


def labels(part: object) -> list[str]:
    """Return every label in a reply or block: of rows, steps, bars, columns, sources and actions."""
    if isinstance(part, tuple):
        return [found for item in part for found in labels(item)]
    match part:
        case Reply():
            return [part.title, *labels(part.blocks), *labels(part.actions)]
        case Facts(rows=rows):
            return labels(rows)
        case Table(columns=columns):
            return list(columns)
        case Steps(items=items) | Bars(items=items):
            return labels(items)
        case Sources(lines=lines):
            return [line.line for line in lines]
        case Menu():
            return [part.label, *labels(part.options)]
        case Fact() | Step() | Bar() | Button():
            return [part.label]
    return []
