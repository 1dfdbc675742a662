"""/compare: the answer first, every figure in its frame, one caveat at most, and a way out of every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.app import Bot
from bot.pack.model import Disagreement, Pack
from bot.reply import Button, Facts, Menu, Note, Reply, Sources, buttons, cited, source_numbers
from bot.request import Learner
from tests.conftest import Say, words

QUESTIONS = yaml.safe_load((Path(__file__).parent.parent / "questions.yaml").read_text(encoding="utf-8"))


def lines(reply: Reply) -> list[str]:
    """List the lines behind a reply's buttons."""
    return [button.line for button in buttons(reply)]


def shown(reply: Reply) -> set[str]:
    """List the ids of the statements in a reply."""
    return {identifier for text in cited(reply.blocks) for identifier in text.statements}


async def test_two_roles_show_their_three_largest_differences_and_the_doors_to_the_rest(say: Say) -> None:
    reply = await say("compare ai ml")
    tables = [block for block in reply.blocks if isinstance(block, Facts)]
    assert len(tables) == 3
    for table in tables:
        assert [row.label for row in table.rows] == ["AI", "ML"]
        assert all(row.value.sources for row in table.rows)
    assert any(isinstance(action, Menu) for action in reply.actions)
    assert {"compare ai-engineer ml-engineer salary", "roadmap ml-engineer", "fit"} <= set(lines(reply))


async def test_the_order_in_which_roles_are_named_is_kept(say: Say) -> None:
    assert (await say("compare ml ai")).title == "ML engineer / AI engineer"


async def test_one_role_is_shown_as_a_card(say: Say) -> None:
    reply = await say("compare researcher")
    assert reply.title == "ML researcher"
    assert "compare ml-researcher maths" in lines(reply)


async def test_pay_never_puts_two_currencies_into_one_block(say: Say) -> None:
    reply = await say("compare ai ml salary")
    frames = [block.heading.text for block in reply.blocks if isinstance(block, Facts) and block.heading]
    assert any("India" in frame and "rupees" in frame for frame in frames)
    assert any("United States" in frame and "dollars" in frame for frame in frames)
    assert not any("rupees" in frame and "dollars" in frame for frame in frames)


async def test_a_level_that_nobody_gives_is_said_to_be_missing(say: Say) -> None:
    assert "no figure in our sources" in words(await say("compare ai ml salary india mid"))


async def test_only_the_level_that_was_asked_for_is_shown(say: Say) -> None:
    table = next(block for block in (await say("compare ai ml salary india senior")).blocks if isinstance(block, Facts))
    assert [(row.label, row.value.text) for row in table.rows] == [("Senior", "AI 20–40 · ML 25–50")]


async def test_a_region_alone_is_a_question_about_pay(say: Say) -> None:
    assert (await say("compare ai ml india")).title.startswith("Pay")


async def test_the_region_is_asked_once_and_then_remembered(say: Say) -> None:
    first = await say("compare ai ml salary")
    assert first.asks_for == "region"
    home = next(line for line in lines(first) if line.startswith("compare home us"))
    answered = await say(home)
    assert "India" not in " ".join(b.heading.text for b in answered.blocks if isinstance(b, Facts) and b.heading)
    again = await say("compare ai ml salary")
    assert again.asks_for is None
    assert "compare ai-engineer ml-engineer salary india" in lines(again)


async def test_what_one_learner_prefers_is_nothing_to_another(say: Say) -> None:
    await say("compare home us ai ml salary")
    other = await say("compare ai ml salary", who=Learner("terminal", "other"))
    assert other.asks_for == "region"


async def test_sources_that_differ_stand_side_by_side_each_with_its_number(say: Say) -> None:
    reply = await say("compare ai ml salary india")
    caveat = next(block for block in reply.blocks if isinstance(block, Note) and block.kind == "caveat")
    assert len(caveat.views) == 3
    assert all(view.sources for view in caveat.views)


async def test_every_source_that_is_cited_is_listed(say: Say) -> None:
    for line in ("compare ai ml salary", "compare ai developer", "compare ai ml maths", "need phd?"):
        reply = await say(line)
        listed = [line.source for block in reply.blocks if isinstance(block, Sources) for line in block.lines]
        assert list(source_numbers(reply)) == listed


async def test_everything_is_one_press_further_and_holds_what_the_short_answer_holds(say: Say, pack: Pack) -> None:
    short = await say("compare ai ml who-fits")
    assert "compare all ai-engineer ml-engineer who-fits" in lines(short)
    full = await say("compare all ai-engineer ml-engineer who-fits")
    assert shown(short) < shown(full)
    disputed = {s.id for s in pack.statements.values() if isinstance(s.content, Disagreement)}
    assert shown(full) | disputed >= {
        s.id
        for s in pack.statements.values()
        if s.aspect == "who-fits" and set(s.roles) <= {"ai-engineer", "ml-engineer"}
    }


async def test_why_so_vague_names_every_statement_and_where_to_report_it(say: Say, pack: Pack) -> None:
    said = words(await say("compare why ai ml salary india"))
    assert "pay-india" in said
    assert "ai-and-ml.salary.who-pays-more" in said
    assert pack.version in said
    assert pack.report_to in said


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("compare pilot", "don’t know “pilot”"),
        ("compare ai ml data-scientist researcher ai salary demand", "takes one aspect"),
        ("compare ai data analyst", "not covered"),
        ("how do i become a prompt engineer", "not covered"),
        ("x" * 10_000, "10,000 characters"),
        ("\x1b[31mcompare\x1b[0m \u202eai", "comes closest"),
        ("مرحبا كيف حالك", "I read English"),
        ("क्या हाल है", "I read English"),
        ("人工智能工程师工资", "I read English"),
        ("ok", "Tell me two careers"),
        ("thanks a lot!", "Tell me two careers"),
        ("why?", "Tell me two careers"),
        ("hello there how are you", "Tell me two careers"),
        ("12345", "our sources"),
        ("/foo bar", "There is no /foo here."),
        ("fit 99", "/fit needs nothing after it"),
        ("roadmap ai 500h", "A week has 168 hours"),
        ("roadmap ai -5h", "A week has 168 hours"),
        ("roadmap ai 0 hours", "A week has 168 hours"),
        ("🤖🤖", "Tell me two careers"),
        ("", "Tell me two careers"),
        ("///", "Tell me two careers"),
    ],
)
async def test_bad_input_gets_a_sentence_and_a_way_out(say: Say, typed: str, sentence: str) -> None:
    reply = await say(typed)
    assert sentence in words(reply)
    assert reply.actions
    assert "\x1b" not in reply.title


async def test_a_role_named_twice_is_told_and_answered(say: Say) -> None:
    reply = await say("compare ai ai-engineer")
    assert "one and the same" in words(reply)
    assert reply.title == "AI engineer"


async def test_an_alias_with_a_history_brings_its_note_and_the_notes_source(say: Say) -> None:
    reply = await say("compare ai developer ml")
    note = next(block for block in reply.blocks if isinstance(block, Note))
    assert note.text.sources == ("unsigned",)
    assert "unsigned" in source_numbers(reply)


async def test_all_that_is_said_and_what_limits_it_lead_back_to_the_answer(say: Say) -> None:
    answer = await say("compare ai ml salary india")
    for view in ("compare all ai ml salary india", "compare why ai ml salary india"):
        back = (await say(view)).actions[0]
        assert isinstance(back, Button)
        assert back.label == "Back"
        assert await say(back.line) == answer


async def test_a_guess_is_told(say: Say) -> None:
    assert "I read “mll” as ML engineer" in words(await say("compare ai mll"))


@pytest.mark.parametrize("question", QUESTIONS["covered"], ids=lambda question: question["asks"])
async def test_a_plain_question_finds_its_answer(say: Say, pack: Pack, question: dict[str, list[str]]) -> None:
    tables = {figure.id: table.id for table in pack.figures.values() for figure in table.figures}
    found = shown(await say(str(question["asks"])))
    found |= {tables[identifier] for identifier in found if identifier in tables}
    assert found & set(question["finds"])


@pytest.mark.parametrize("typed", ["banana split", "python snake care", "weather in lisbon tomorrow", "best pizza"])
async def test_a_word_in_common_with_the_pack_does_not_answer_what_is_about_something_else(
    say: Say, typed: str
) -> None:
    assert (await say(typed)).title.startswith("I only know what our sources say")


@pytest.mark.parametrize("question", QUESTIONS["uncovered"])
async def test_a_role_that_the_sources_leave_out_is_named_as_left_out(say: Say, question: dict[str, str]) -> None:
    title = (await say(question["asks"])).title
    assert title.casefold().startswith(question["names"])
    assert "not covered" in title


@pytest.mark.parametrize(
    ("typed", "title", "told"),
    [
        ("what is the ai engineer salary in india?", "Pay: AI engineer", "India, lakh rupees a year"),
        ("ok and salary?", "Pay: AI engineer / ML engineer", "United States"),
        ("thanks! what is the pay for a senior in india", "Pay: AI engineer / ML engineer", "Senior"),
    ],
)
async def test_a_question_of_names_alone_is_answered_for_all_that_it_names(
    say: Say, typed: str, title: str, told: str
) -> None:
    reply = await say(typed)
    assert reply.title.startswith(title)
    assert told in "\n".join((words(reply), *(button.label for button in buttons(reply))))


async def test_small_talk_is_answered_with_no_fact(say: Say) -> None:
    for typed in ("yes", "no thanks", "good night", "cool"):
        assert not shown(await say(typed))


@pytest.mark.parametrize(
    "text",
    ["what is the capital of france", "tell me a joke", "weather today", "who is virat kohli", "best pizza near me"],
)
async def test_what_the_sources_do_not_answer_is_not_answered(say: Say, text: str) -> None:
    reply = await say(text)
    assert not shown(reply)
    assert "compare" in lines(reply)


async def test_a_free_answer_shows_three_things_at_most_and_names_what_each_is_about(say: Say) -> None:
    reply = await say("what is a vector database")
    assert 0 < len(shown(reply)) <= 3
    assert "LLMs and generative AI: AI engineer" in words(reply)


async def test_an_answer_is_made_once_for_everybody(bot: Bot, say: Say) -> None:
    first = await say("compare ai ml maths")
    assert await say("compare maths ML, AI", who=Learner("terminal", "other")) is not first
    assert await say("ai ml math", who=Learner("terminal", "other")) is first
    assert bot.pack is not None
