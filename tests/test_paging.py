"""Long replies in pages: nothing lost, nothing in the wrong order, the sources of each page on it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from replies import REPLIES

from bot.paging import Page, broken, pages
from bot.plain import body
from bot.reply import (
    Bullets,
    Button,
    Cited,
    Fact,
    Facts,
    Note,
    Paragraph,
    Reply,
    SourceLine,
    Sources,
    cited,
    source_numbers,
)

SOURCES = Sources((SourceLine("aptech", "Aptech"), SourceLine("h2k", "H2K"), SourceLine("valenx", "Valenx")))


def fits_in(room: int):  # noqa: ANN201 - a predicate, as pages() takes it
    return lambda page: len(body(page.reply)) <= room


def texts(made: tuple[Page, ...]) -> list[Cited]:
    """List what the pages say, without headings that are there twice."""
    return [text for page in made for text in cited(page.reply.blocks)]


@given(REPLIES, st.integers(20, 400))
def test_every_text_citation_and_source_line_stands_on_some_page(reply: Reply, room: int) -> None:
    made = pages(reply, fits_in(room), 200)
    told = texts(made)
    assert all(text in told for text in cited(reply.blocks))
    lines = {line for page in made for block in page.reply.blocks if isinstance(block, Sources) for line in block.lines}
    assert lines == {line for block in reply.blocks if isinstance(block, Sources) for line in block.lines}


@given(REPLIES, st.integers(20, 400))
def test_every_page_fits_unless_one_piece_alone_does_not(reply: Reply, room: int) -> None:
    made = pages(reply, fits_in(room), 200)
    assert [page.number for page in made] == list(range(1, len(made) + 1))
    for page in made[:-1]:
        told = [block for block in page.reply.blocks if not isinstance(block, Sources)]
        alone = len(told) == 1 and len(getattr(told[0], "items", getattr(told[0], "rows", (1,)))) == 1
        assert fits_in(room)(page) or alone


@given(REPLIES)
def test_what_fits_is_one_page_as_it_was(reply: Reply) -> None:
    (page,) = pages(reply, lambda _: True, 10)
    assert page == Page(reply, source_numbers(reply))


def test_a_list_that_goes_on_has_its_heading_again_and_the_sources_of_its_page_with_their_numbers() -> None:
    rows = Facts(
        (Fact("Fresher", Cited("6–10", ("aptech",))), Fact("Senior", Cited("20–40", ("valenx",)))), Cited("India")
    )
    reply = Reply("Pay", (rows, SOURCES), (Button("Help", "waymark"),))
    first, second = pages(reply, fits_in(45), 200)
    assert first.reply.blocks == (Facts(rows.rows[:1], Cited("India")), Sources(SOURCES.lines[:1]))
    assert second.reply.blocks == (Facts(rows.rows[1:], Cited("India")), Sources(SOURCES.lines[1:]))
    assert second.numbers["valenx"] == 3
    assert second.reply.actions == reply.actions


def test_a_note_keeps_what_sources_say_to_it() -> None:
    note = Note(Cited("Sources differ."), "caveat", (Cited("More."), Cited("Less.")))
    reply = Reply("T", (Paragraph(Cited("x" * 90)), note))
    assert pages(reply, fits_in(100), 200)[1].reply.blocks == (note,)


def test_a_long_text_is_broken_at_spaces_and_every_part_cites() -> None:
    text = Cited("one two three four", ("aptech",))
    assert broken(text, 9) == (Cited("one two", ("aptech",)), Cited("three", ("aptech",)), Cited("four", ("aptech",)))


@given(st.text(min_size=1), st.integers(1, 20))
def test_a_broken_text_loses_nothing_but_spaces_at_its_breaks(text: str, longest: int) -> None:
    parts = broken(Cited(text), longest)
    assert "".join(part.text for part in parts).replace(" ", "") == text.replace(" ", "")
    assert max(len(part.text) for part in parts) <= longest


def test_lists_of_one_kind_side_by_side_stay_apart() -> None:
    lists = (Bullets((Cited("One."), Cited("Two."))), Bullets((Cited("Three."),)), Paragraph(Cited("x" * 60)))
    assert pages(Reply("T", lists), fits_in(60), 200)[0].reply.blocks == lists[:2]
