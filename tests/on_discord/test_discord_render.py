"""What is sent to Discord: nothing is lost, no limit is broken, nothing in a text is obeyed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from doubles.discord_limits import FILE, nested, refused_by_limits, refused_by_schema, with_schema
from hypothesis import given
from hypothesis import strategies as st
from replies import REPLIES, labels

from adapters.discord.attached import parted
from adapters.discord.markup import at_start, escaped
from adapters.discord.render import render, render_all
from adapters.discord.rows import IN_DM, Press, marked, pressed
from bot.answers import all_answers
from bot.app import Bot
from bot.plain import visible
from bot.reply import (
    Bar,
    Bars,
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
    buttons,
    cited,
)
from bot.request import Place, Request
from bot.wire import Wire, to_wire

LINE = "compare ai-engineer"
SHARE = (Press("Share", to_wire(LINE, share=True)),)
LONG = st.builds(
    lambda reply, count, word: replace(
        reply, blocks=(*reply.blocks[:-1], *(Paragraph(Cited(word * count)) for _ in range(6)), reply.blocks[-1])
    ),
    REPLIES,
    st.integers(1, 300),
    st.sampled_from(("word ", "*_*", "अंक ", "😀", "x")),
)


def shown(components: list[dict]) -> str:
    """Return all text of a message, as markdown, and that of its files."""
    told = (part.get("content") if part["type"] != FILE else part["text"] for part in nested(components))
    return "\n".join(each for each in told if each is not None)


def read(markdown: str) -> str:
    """Return what a reader sees of escaped text."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown).replace("\u200b", "")


def labelled(components: list[dict]) -> dict[str, str]:
    """Return the ids of all buttons and options by their labels."""
    found = {}
    for part in nested(components):
        for each in (part, *part.get("options", ())):
            if "label" in each:
                found[each["label"]] = each.get("custom_id", each.get("value"))
    return found


def every_page(reply: Reply) -> list[list[dict]]:
    """Draw all pages, by their numbers."""
    count = len(render_all(reply))
    return [render(reply, LINE, page, beside=SHARE) for page in range(1, count + 1)]


@given(REPLIES | LONG)
def test_no_limit_is_broken_by_any_page_of_any_reply(reply: Reply) -> None:
    for components in (*every_page(reply), *render_all(reply)):
        assert not refused_by_limits({"components": components})


@with_schema
@given(REPLIES)
def test_every_page_is_as_the_published_schema_has_it(reply: Reply) -> None:
    path = "/channels/{channel_id}/messages"
    for components in every_page(reply)[:1]:
        assert not refused_by_schema("POST", path, {"components": parted(components)[0], "flags": 1 << 15})


@given(REPLIES | LONG)
def test_no_character_of_a_text_citation_or_label_is_lost_over_the_pages(reply: Reply) -> None:
    wanted = [*(text.text for text in cited(reply.blocks)), *labels(reply.blocks), reply.title]
    for have in ("".join(map(shown, every_page(reply))), "".join(map(shown, render_all(reply)))):
        lost = Counter("".join("".join(map(visible, wanted)).split())) - Counter(read(have))
        assert not lost
        named = {source for text in cited(reply.blocks) for source in text.sources}
        assert all(f"[{number}]" in have for number in range(1, len(named) + 1))


@given(REPLIES)
def test_every_button_and_option_is_there_and_carries_its_line(reply: Reply) -> None:
    there = [(part.get("label"), part.get("custom_id")) for part in nested(render(reply)) if part["type"] == 2]
    there += [(o["label"], o["value"]) for part in nested(render(reply)) for o in part.get("options", ())]
    assert sorted((label[:60], pressed(wire)[1].line) for label, wire in there) == sorted(
        ((visible(button.label) or "…")[:60], button.line) for button in buttons(reply)
    )


@pytest.mark.parametrize(
    "text",
    [
        "*bold* _it_ ~~no~~ `code` ||spoiler||",
        "[link](http://x.example)",
        "<@123> <#1> <t:1:R> </a:1> <https://x.example>",
        "> quote",
        ":smile:",
        "back\\slash",
    ],
)
def test_markup_in_a_text_is_shown_and_not_obeyed(text: str) -> None:
    made = escaped(text)
    assert read(made) == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_~`|<>\[\]]", re.sub(r"https?://[\w./]+", "", made))


@pytest.mark.parametrize(
    "text", ["# no heading", "- no item", "+ no item", "1. no item", "23) no item", "-# not small"]
)
def test_a_line_that_begins_like_a_list_or_heading_is_none(text: str) -> None:
    made = at_start(text)
    assert read(made) == text
    assert not re.match(r"[#+-]|\d+[.)]", made)


@given(st.text())
def test_no_text_can_call_everybody(text: str) -> None:
    assert not re.search(r"@everyone|@here", escaped(text + "@everyone @here @Everyone"), re.IGNORECASE)


def test_an_address_stays_as_it_is_and_is_no_markup() -> None:
    assert escaped("see https://x.example/a_b_c?d=1, *now*") == "see https://x.example/a_b_c?d=1, \\*now\\*"


def test_an_answer_reads_well_on_a_narrow_screen() -> None:
    reply = Reply(
        "Pay",
        (
            Facts((Fact("Senior", Cited("20–40")),), Cited("India", ("a",))),
            Bullets((Cited("Depth pays.", ("b",)),), Cited("Why")),
            Steps((Step("Git", StepState.DONE), Step("Python", StepState.NEXT, Cited("30 minutes")))),
            Bars((Bar("AI", 0.5, Cited("half")),)),
            Note(Cited("Sources differ."), "caveat", (Cited("More."),)),
            Note(Cited("Ours."), "ours"),
            Sources((SourceLine("a", "Aptech"), SourceLine("b", "Valenx"))),
        ),
    )
    assert shown(render(reply)).splitlines() == [
        "### Pay",
        "",
        "*India [1]*",
        "**Senior:** 20–40",
        "",
        "**Why**",
        "- Depth pays. [2]",
        "",
        "✓ Git",
        "→ **Python** (next)",
        "-# 30 minutes",
        "",
        "**AI:** half",
        "▰▰▰▰▰▱▱▱▱▱",
        "",
        "**Note:** Sources differ.",
        "- More.",
        "",
        "-# Ours.",
        "-# [1] Aptech · [2] Valenx",
    ]


def test_a_table_becomes_items_of_label_and_value_which_fit_any_width() -> None:
    table = Table(("Role", "Pay"), ((Cited("AI"), Cited("6–10", ("a",))), (Cited("ML"), Cited("7–12"))), Cited("India"))
    reply = Reply("Pay", (table, Sources((SourceLine("a", "Aptech"),))))
    assert shown(render(reply)).splitlines()[2:7] == [
        "**India**",
        "- **Role:** AI",
        "  - **Pay:** 6–10 [1]",
        "- **Role:** ML",
        "  - **Pay:** 7–12",
    ]


@pytest.mark.parametrize(("title", "said"), [("Done.", "Done."), ("# 1. Done.", "\\# 1. Done."), ("- it", "\\- it")])
def test_a_title_with_nothing_below_it_is_a_sentence_and_no_heading(title: str, said: str) -> None:
    assert shown(render(Reply(title))) == said


def test_pages_turn_by_the_line_that_made_them_and_share_posts_it() -> None:
    reply = Reply("T", tuple(Paragraph(Cited(f"{number} " + "word " * 150)) for number in range(12)))
    first, second = (labelled(render(reply, LINE, page, beside=SHARE)) for page in (1, 2))
    assert pressed(first["Next page"]) == ("", Wire(LINE, 2))
    assert pressed(second["Page before"]) == ("", Wire(LINE))
    assert pressed(first["Share"]) == ("", Wire(LINE, share=True))
    assert "Page before" not in first


def test_a_page_that_there_is_not_any_more_is_the_last_one() -> None:
    assert "Page" not in shown(render(Reply("T"), LINE, 7))


def test_many_buttons_become_two_rows_and_a_menu_in_which_none_is_missing() -> None:
    reply = Reply("T", actions=tuple(Button(f"B{number}", f"compare x{number}") for number in range(20)))
    rows = render(reply)[1:]
    assert [len(row["components"]) for row in rows] == [5, 4, 1]
    assert labelled(rows) == {f"B{number}": f"compare x{number}" for number in range(20)} | {}


def test_the_same_line_twice_has_two_ids_that_mean_the_same() -> None:
    reply = Reply(
        "T", actions=(Button("A", LINE), Button("B", LINE), Menu("M", (Button("C", LINE), Button("D", LINE))))
    )
    ids = labelled(render(reply))
    assert len({ids["A"], ids["B"]}) == len({ids["C"], ids["D"]}) == 2
    assert {pressed(each)[1].line for each in ids.values()} == {LINE}


def test_share_stands_beside_the_other_buttons_and_not_under_the_menus() -> None:
    reply = Reply("T", actions=(Button("A", LINE), Menu("M", (Button("C", "compare"),))))
    rows = render(reply, LINE, beside=SHARE)[1:]
    assert [part["label"] for part in rows[0]["components"]] == ["A", "Share"]


def test_a_press_says_what_it_is_for_and_keeps_its_line() -> None:
    assert pressed(marked(IN_DM, "fit .ea")) == (IN_DM, Wire("fit .ea"))
    assert pressed("fit .ea") == ("", Wire("fit .ea"))


async def test_every_answer_of_the_shipped_pack_can_be_sent_and_most_fit_one_page(bot: Bot) -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    lines = list(await all_answers(bot, at))
    parted = 0
    for line in lines:
        parts = render_all(await bot.answer(Request(line, at, place=Place.PUBLIC)))
        parted += len(parts) > 1
        assert not any(refused_by_limits({"components": components}) for components in parts), line
    assert parted < len(lines) / 20


def test_a_moment_stands_in_words_and_as_how_far_away_it_is_by_any_clock() -> None:
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    reply = Reply("T", (Facts((Fact("Next", Cited("Monday at 09:00"), at),)),))
    assert shown(render(reply)).endswith("**Next:** Monday at 09:00 (<t:1795424400:R>)")
