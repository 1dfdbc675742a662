"""Plain text: what it looks like, that nothing is lost, and that nothing in a pack or a question can forge a line."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from replies import BLOCKS, REPLIES, labels

from bot.plain import plain, visible
from bot.reply import (
    Bar,
    Bars,
    Block,
    Bullets,
    Button,
    Cited,
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
    cited,
    source_numbers,
)

APTECH = SourceLine("aptech", "Aptech 2026, sells courses")
VALENX = SourceLine("valenx", "Valenx 2026-06, sells a book")


def shown(*blocks: Block) -> str:
    return plain(Reply("T", blocks)).removeprefix("T\n\n")


def test_an_answer_reads_from_its_title_over_its_facts_to_its_sources_and_choices() -> None:
    pay = Facts(
        (
            Fact("Fresher", Cited("AI 6–10 · ML 7–12", ("aptech",))),
            Fact("Mid", Cited("no figure in our sources")),
        ),
        Cited("India, lakh rupees a year", ("aptech", "valenx")),
    )
    actions = (Button("US", "compare us"), Menu("More", (Button("Maths", "m"), Button("Data", "d"))))
    assert plain(Reply("Pay: AI / ML", (pay, Sources((APTECH, VALENX))), actions)).splitlines() == [
        "Pay: AI / ML",
        "",
        "India, lakh rupees a year [1][2]",
        "Fresher: AI 6–10 · ML 7–12 [1]",
        "Mid: no figure in our sources",
        "",
        "[1] Aptech 2026, sells courses · [2] Valenx 2026-06, sells a book",
        "",
        "[US]",
        "More: [Maths] [Data]",
    ]


def test_the_state_of_a_step_is_told_by_its_mark_and_in_words() -> None:
    steps = Steps(tuple(Step(state.value.title(), state) for state in StepState), Cited("Steps"))
    assert shown(steps).splitlines() == [
        "Steps",
        "[x] Done",
        "[x] Known (known)",
        "[~] Started (started)",
        "[>] Next (next)",
        "[ ] Open",
        "[-] Skipped (skipped)",
    ]


def test_a_steps_detail_stands_under_it() -> None:
    assert shown(Steps((Step("Git", StepState.OPEN, Cited("2 of 5 tasks")),))) == "[ ] Git\n    2 of 5 tasks"


def test_a_table_becomes_rows_of_label_and_value() -> None:
    table = Table(("Level", "AI", "ML"), ((Cited("Fresher"), Cited("6–10"), Cited("7–12")),))
    assert shown(table) == "Level: Fresher\n  AI: 6–10\n  ML: 7–12"


def test_a_bar_is_told_by_its_caption() -> None:
    assert shown(Bars((Bar("AI engineer", 0.75, Cited("6 of 8 points")),))) == "AI engineer: 6 of 8 points"


def test_a_list_stands_under_its_heading() -> None:
    assert shown(Bullets((Cited("One."), Cited("Two.")), Cited("Both", ("h2k",)))) == "Both [1]\n- One.\n- Two."


def test_only_a_caveat_is_called_a_note() -> None:
    hint, caveat = Note(Cited("Try this.")), Note(Cited("Sources differ."), "caveat")
    assert shown(hint, caveat) == "Try this.\n\nNote: Sources differ."


def test_what_the_sources_say_to_a_caveat_stands_under_it() -> None:
    note = Note(Cited("Sources differ."), "caveat", (Cited("More.", ("aptech",)), Cited("Less.", ("h2k",))))
    assert shown(note) == "Note: Sources differ.\n- More. [1]\n- Less. [2]"


def test_a_reply_of_a_title_alone_is_one_line() -> None:
    assert plain(Reply("Nothing here.")) == "Nothing here."


def test_every_block_of_a_narrow_answer_fits_forty_columns_where_its_parts_do() -> None:
    table = Table(("Level", "AI", "ML"), tuple((Cited(level), Cited("6–10"), Cited("7–12")) for level in "abc"))
    facts = Facts((Fact("Senior", Cited("AI 20–40 · ML 25–50")),), Cited("India, lakh rupees a year"))
    text = plain(Reply("Pay", (table, facts, Steps((Step("Learn NumPy", StepState.STARTED),)))))
    assert max(map(len, text.splitlines())) <= 40


@given(REPLIES)
def test_no_text_citation_or_label_is_lost(reply: Reply) -> None:
    text = plain(reply)
    numbers = source_numbers(reply)
    for part in cited(reply.blocks):
        assert f"{visible(part.text)} {''.join(f'[{numbers[s]}]' for s in part.sources)}".strip() in text
    for label in labels(reply):
        assert visible(label) in text


@given(BLOCKS)
def test_no_text_can_add_a_line_of_its_own(block: Block) -> None:
    tame = shown(block).splitlines()
    parts = len(list(cited(block))) + len(labels(block))
    assert len(tame) <= parts


@given(st.text())
def test_visible_text_has_no_character_that_hides_moves_or_reorders(text: str) -> None:
    joiners = "\u200c\u200d"
    assert not [
        c for c in visible(text) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and c not in joiners
    ]


@given(st.text())
def test_visible_text_keeps_every_letter_and_digit(text: str) -> None:
    def letters(words: str) -> list[str]:
        return [c for c in words if unicodedata.category(c)[0] in "LMNPS"]

    assert letters(visible(text)) == letters(text)


def test_terminal_colours_and_reversed_text_are_taken_out_of_what_is_shown() -> None:
    assert shown(Paragraph(Cited("\x1b[31mred\x1b[0m \u202eevil\u202c\nSources: none"))) == (
        "[31mred [0m evil Sources: none"
    )


def test_hindi_spelled_with_joiners_stays_whole() -> None:
    assert visible("क्\u200dष") == "क्\u200dष"
