"""The drawing for colour terminals: nothing is lost, no colour is needed, nothing in a text is obeyed."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replies import REPLIES, labels
from rich.console import Console

from adapters.terminal.render import render
from bot.plain import visible
from bot.reply import (
    Bar,
    Bars,
    Button,
    Cited,
    Fact,
    Facts,
    Menu,
    Note,
    Reply,
    Step,
    Steps,
    StepState,
    cited,
    source_numbers,
)


def drawn(reply: Reply, width: int = 80, *, numbered: bool = True, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=colour,
        color_system="standard" if colour else None,
    )
    console.print(render(reply, width, numbered=numbered), width=width)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip()


@given(REPLIES, st.sampled_from((30, 40, 84)))
def test_no_character_of_a_text_citation_or_label_is_lost_at_any_width(reply: Reply, width: int) -> None:
    numbers = source_numbers(reply)
    top = [action.label for action in reply.actions]
    marks = [f"[{numbers[source]}]" for text in cited(reply.blocks) for source in text.sources]
    wanted = [*(text.text for text in cited(reply.blocks)), *labels(reply.blocks), *top, *marks]
    have = Counter(drawn(reply, width))
    lost = Counter("".join("".join(map(visible, wanted)).split())) - have
    assert not lost


@given(REPLIES)
def test_what_is_asked_once_shows_every_line_to_type_and_every_option_of_a_menu(reply: Reply) -> None:
    text = drawn(reply, 4000, numbered=False)
    for action in reply.actions:
        assert visible(action.label) in text
        assert all(visible(option.label) in text for option in getattr(action, "options", ()))
        assert getattr(action, "line", "") in text


@given(REPLIES)
def test_no_escape_sequence_of_a_text_reaches_the_terminal(reply: Reply) -> None:
    assert "\x1b" not in drawn(reply)
    assert "\x1b[31mred" not in drawn(reply, colour=True)


@pytest.mark.parametrize("width", [30, 56, 84])
def test_no_line_is_longer_than_the_window(width: int) -> None:
    facts = Facts((Fact("A label that is rather long", Cited("a value " * 20, ("h2k",))),), Cited("heading " * 12))
    buttons = tuple(Button(f"A choice with number {number}", "compare") for number in range(12))
    assert max(map(len, drawn(Reply("title " * 20, (facts,), buttons), width).splitlines())) <= width


def test_label_and_value_stand_side_by_side_where_there_is_room() -> None:
    facts = Facts((Fact("Senior", Cited("AI 20–40")), Fact("Mid", Cited("no figure"))), Cited("India"))
    assert drawn(Reply("Pay", (facts,))) == "Pay\n\nIndia\nSenior  AI 20–40\nMid     no figure"


def test_a_long_label_stands_over_its_value() -> None:
    facts = Facts((Fact("What it takes to begin", Cited("Python.")),))
    assert drawn(Reply("T", (facts,)), 40) == "T\n\nWhat it takes to begin\n  Python."


def test_the_state_of_a_step_needs_no_colour() -> None:
    steps = Steps(tuple(Step(state.value.title(), state) for state in StepState))
    lines = drawn(Reply("T", (steps,))).splitlines()[2:]
    assert lines == [
        "✓ Done",
        "✓ Known (known)",
        "~ Started (started)",
        "→ Next (next)",
        "· Open",
        "– Skipped (skipped)",
    ]


def test_a_bar_is_as_long_as_its_share_and_says_its_caption() -> None:
    bars = Bars((Bar("AI", 0.5, Cited("half")), Bar("ML", 0.001, Cited("little")), Bar("DS", 0, Cited("nothing"))))
    half, little, nothing = drawn(Reply("T", (bars,))).splitlines()[2:]
    assert [line.count("█") for line in (half, little, nothing)] == [8, 1, 0]
    assert [line.split()[-1] for line in (half, little, nothing)] == ["half", "little", "nothing"]


def test_a_caveat_is_marked() -> None:
    assert drawn(Reply("T", (Note(Cited("Sources differ."), "caveat"),))).endswith("! Sources differ.")


def test_what_the_sources_say_to_a_caveat_stands_under_it() -> None:
    note = Note(Cited("Sources differ."), "caveat", (Cited("More."), Cited("Less.")))
    assert drawn(Reply("T", (note,))).endswith("! Sources differ.\n  • More.\n  • Less.")


def test_choices_are_numbered_and_a_menu_shows_that_it_opens() -> None:
    reply = Reply("T", actions=(Button("Pay", "p"), Menu("Look closer", (Button("Maths", "m"),))))
    assert "1 Pay" in drawn(reply)
    assert "2 Look closer …" in drawn(reply)
    assert "Maths" not in drawn(reply)
