"""A reply that is too long for one message, in pages: no text is lost, and each page names its own sources.

Pure; what fits is for a platform to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import assert_never

from bot.reply import (
    Bars,
    Block,
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
    cited,
    source_numbers,
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a reply, counted from 1; `numbers` are those that the sources have in the whole of it."""

    reply: Reply
    numbers: Mapping[str, int]
    number: int = 1
    count: int = 1


def pages(reply: Reply, fits: Callable[[Page], bool], longest: int) -> tuple[Page, ...]:
    """Part a reply into as few pages as `fits` allows, in order; title and actions stand on each.

    No text of a page is longer than `longest` characters, if the reply is parted at all. A list that goes on, on
    the next page, has its heading there again. What does not fit on a page of its own gets one all the same.
    """
    whole = Page(reply, source_numbers(reply))
    if fits(whole):
        return (whole,)
    parted: list[tuple[_Piece, ...]] = []
    here: tuple[_Piece, ...] = ()
    for piece in _pieces(reply, longest):
        if here and not fits(replace(whole, reply=_page_of(reply, (*here, piece)), count=99)):
            parted.append(here)
            here = ()
        here = (*here, piece)
    parted.append(here)
    made = [_page_of(reply, each) for each in parted]
    made[-1] = _with_uncited(made, reply)
    return tuple(Page(each, whole.numbers, number, len(made)) for number, each in enumerate(made, start=1))


_Piece = tuple[int, Block]  # the place of the block that it is of, and the least of that block


def _pieces(reply: Reply, longest: int) -> list[_Piece]:
    told = (block for block in reply.blocks if not isinstance(block, Sources))
    return [(place, part) for place, block in enumerate(told) for part in _parts(block, longest)]


def _page_of(reply: Reply, pieces: Sequence[_Piece]) -> Reply:
    """Put pieces together again, with the lines of the sources that they cite."""
    blocks = tuple(
        block
        for _, group in groupby(pieces, key=lambda piece: piece[0])
        for block in _joined([block for _, block in group])
    )
    used = {source for text in cited(blocks) for source in text.sources}
    return replace(reply, blocks=(*blocks, *_sources(reply, lambda source: source in used)))


def _with_uncited(made: Sequence[Reply], reply: Reply) -> Reply:
    """Give the last page the sources that no page cites, too."""
    named = {
        line.source for page in made[:-1] for block in page.blocks if isinstance(block, Sources) for line in block.lines
    }
    last = made[-1]
    told = tuple(block for block in last.blocks if not isinstance(block, Sources))
    used = {source for text in cited(told) for source in text.sources}
    return replace(last, blocks=(*told, *_sources(reply, lambda source: source in used or source not in named)))


def _sources(reply: Reply, wanted: Callable[[str], bool]) -> Iterator[Sources]:
    for block in reply.blocks:
        if isinstance(block, Sources):
            lines = tuple(line for line in block.lines if wanted(line.source))
            if lines:
                yield Sources(lines)


def _parts(block: Block, longest: int) -> Iterator[Block]:
    """Part a block as far as it goes: one item or row each, long texts broken; every part has the heading."""
    match block:
        case Paragraph() | Document():
            yield from (replace(block, text=text) for text in broken(block.text, longest))
        case Note():
            *first, last = broken(block.text, longest)
            yield from (Note(text, block.kind) for text in first)
            views = [text for view in block.views for text in broken(view, longest)]
            yield from (Note(last, block.kind, (view,)) for view in views) if views else (Note(last, block.kind),)
        case Bullets():
            yield from (replace(block, items=(text,)) for item in block.items for text in broken(item, longest))
        case Facts():
            yield from (
                replace(block, rows=(replace(row, value=text),))
                for row in block.rows
                for text in broken(row.value, longest)
            )
        case Table():
            yield from (replace(block, rows=(row,)) for row in block.rows)
        case Steps():
            yield from (replace(block, items=(step,)) for step in block.items)
        case Bars():
            yield from (replace(block, items=(bar,)) for bar in block.items)
        case Sources():
            yield block
        case _:
            assert_never(block)


def _joined(parts: Sequence[Block]) -> Iterator[Block]:
    """Put the parts of one block together again, as far as they were one."""
    whole = parts[0]
    for part in parts[1:]:
        match whole, part:
            case (Bullets(), Bullets()):
                whole = replace(whole, items=(*whole.items, *part.items))
            case (Steps(), Steps()):
                whole = replace(whole, items=(*whole.items, *part.items))
            case (Bars(), Bars()):
                whole = replace(whole, items=(*whole.items, *part.items))
            case (Facts(), Facts()):
                whole = replace(whole, rows=(*whole.rows, *part.rows))
            case (Table(), Table()):
                whole = replace(whole, rows=(*whole.rows, *part.rows))
            case (Note(), Note()) if whole.text == part.text:
                whole = replace(whole, views=(*whole.views, *part.views))
            case _:
                yield whole
                whole = part
    yield whole


def broken(text: Cited, longest: int) -> tuple[Cited, ...]:
    """Break a text at spaces into parts of at most `longest` characters, each with all that it cites."""
    left, parts = text.text, []
    while len(left) > longest:
        cut = left.rfind(" ", 0, longest + 1)
        cut = cut if cut > 0 else longest
        parts.append(left[:cut])
        left = left[cut:].lstrip(" ")
    return tuple(replace(text, text=part) for part in (*parts, left) if part or not parts)
