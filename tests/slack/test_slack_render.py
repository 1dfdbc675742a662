"""Answers as Slack shows them: within every limit, nothing lost, nothing that pings or formats."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replies import BLOCKS, REPLIES, TEXTS

from adapters.slack.names import Names, names
from adapters.slack.render import PIECE, Around, message
from bot.app import Bot
from bot.commands import COMMANDS
from bot.errors import SettingsError
from bot.paging import broken
from bot.plain import plain, visible
from bot.reply import (
    Bar,
    Bars,
    Block,
    Button,
    Cited,
    Fact,
    Facts,
    Note,
    Paragraph,
    Reply,
    Step,
    Steps,
    StepState,
    Table,
    buttons,
    cited,
    source_numbers,
)
from bot.wire import from_wire
from tests.conftest import Say
from tests.doubles.slack_limits import broken_limits
from tests.slack.shown import shown

OWN = names(COMMANDS)
HUGE = st.builds(Cited, st.sampled_from(("long words " * 600, "x" * 7000, "कितना गणित " * 300)), st.just(("aptech",)))


def every_page(reply: Reply, line: str = "compare ai-engineer") -> list[dict[str, object]]:
    """Press from page to page until there is no other."""
    made = [message(reply, OWN, Around(line))]
    while f"{len(made) + 1}|{line}" in json.dumps(made[-1]):
        made.append(message(reply, OWN, Around(line, page=len(made) + 1)))
    return made


@given(REPLIES)
def test_no_limit_of_slack_is_broken_and_no_fact_or_citation_is_lost(reply: Reply) -> None:
    payload = message(reply, OWN)
    assert broken_limits(payload) == []
    numbers = source_numbers(reply)
    told = " ".join(shown(payload).split())
    for part in cited(reply.blocks):
        assert f"{visible(part.text)} {''.join(f'[{numbers[s]}]' for s in part.sources)}".strip() in told


@given(
    st.lists(
        BLOCKS | st.builds(Paragraph, HUGE) | st.builds(Facts, st.tuples(st.builds(Fact, st.just("L"), HUGE))),
        max_size=80,
    ),
    st.data(),
)
def test_what_is_too_long_stands_whole_on_its_pages(blocks: list[Block], data: st.DataObject) -> None:
    reply = Reply("Title", tuple(blocks), data.draw(st.sampled_from(((), (Button("Help", "waymark"),)))))
    made = every_page(reply)
    assert [problem for page in made for problem in broken_limits(page)] == []
    told = "".join("".join(shown(page).split()) for page in made)
    for part in cited(reply.blocks):
        for piece in broken(part, PIECE) if len(made) > 1 else (part,):
            assert "".join(visible(piece.text).split()) in told


@given(REPLIES)
def test_every_button_carries_its_line_and_stands_there_once(reply: Reply) -> None:
    blocks = message(reply, OWN)["blocks"]
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    carried = [
        value
        for each in elements
        for value in ([each["value"]] if "value" in each else [o["value"] for o in each["options"]])
    ]
    assert [from_wire(value).line for value in carried] == [button.line for button in buttons(reply)]


@given(REPLIES)
def test_the_text_is_the_whole_answer_with_nothing_that_could_mention_or_link(reply: Reply) -> None:
    text = message(reply, OWN)["text"]
    assert "<" not in text
    assert text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == plain(reply)


@given(TEXTS)
def test_words_are_literal_and_never_markup(words: Cited) -> None:
    blocks = message(Reply("T", (Paragraph(words), Note(words))), OWN)["blocks"]
    assert "mrkdwn" not in json.dumps(blocks)


def test_a_state_a_bar_and_a_label_are_told_in_words_or_shape_not_by_colour() -> None:
    reply = Reply(
        "T",
        (
            Steps((Step("Git", StepState.KNOWN), Step("SQL", StepState.NEXT, Cited("2 of 5")))),
            Bars((Bar("AI", 0.01, Cited("1 of 99")), Bar("ML", 0, Cited("none")))),
            Table(("Level", "AI"), ((Cited("Fresher"), Cited("6–10")),)),
        ),
    )
    told = shown(message(reply, OWN))
    assert "✓ Git\n (known)" in told
    assert "→ SQL\n (next)\n\n     2 of 5" in told
    assert "█░░░░░░░░░░░ 1 of 99" in told
    assert "░░░░░░░░░░░░ none" in told
    assert "Level:\n Fresher\nAI:\n 6–10" in told


def test_without_a_line_the_answer_says_that_there_is_more() -> None:
    reply = Reply("T", tuple(Paragraph(Cited("long words " * 200)) for _ in range(9)))
    assert "There is more than fits here" in shown(message(reply, OWN))
    assert "There is more than fits here" not in shown(message(reply, OWN, Around("compare")))


async def test_every_answer_of_the_pack_fits_on_one_page_from_its_bare_commands(bot: Bot, say: Say) -> None:
    for name in bot.commands:
        reply = await say(name)
        payload = message(reply, OWN, Around(name))
        assert broken_limits(payload) == []
        assert f"2|{name}" not in json.dumps(payload)


def test_help_shows_the_names_that_hold() -> None:
    called = names({"compare": 0, "fit": 0}, prefix="wm-", renamed="fit=my-fit")
    reply = Reply("Try /compare, /fit or and/compare", (Paragraph(Cited("See https://x.org/compare and /compare.")),))
    told = shown(message(reply, called))
    assert told == "Try /wm-compare, /my-fit or and/compare\nSee https://x.org/compare and /wm-compare."


@pytest.mark.parametrize(
    ("typed", "line"), [("/wm-compare", "compare ai"), ("/waymark", "waymark ai"), ("/MY-FIT", "fit ai")]
)
def test_a_command_is_known_by_the_name_that_holds(typed: str, line: str) -> None:
    called = names({"compare": 0, "fit": 0, "waymark": 0}, prefix="wm-", renamed="fit=my-fit waymark=waymark")
    assert called.line(typed, " ai ") == line


@pytest.mark.parametrize(
    ("prefix", "renamed", "word"),
    [
        ("", "comparee=x", "comparee"),
        ("Ä", "", "/Äcompare"),
        ("", "compare=fit", "one name to two"),
        ("", "fit=", "the command /,"),
    ],
)
def test_names_that_slack_would_not_take_are_one_clear_sentence(prefix: str, renamed: str, word: str) -> None:
    with pytest.raises(SettingsError) as told:
        names({"compare": 0, "fit": 0}, prefix, renamed)
    assert word in told.value.sentence


def test_names_that_are_the_bots_own_change_no_text() -> None:
    assert replace(OWN, said=str) == Names(OWN.by_command)
