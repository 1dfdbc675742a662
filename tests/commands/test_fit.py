"""/fit as people press through it, from the first question to the kept result."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import LINE_LIMIT
from bot.commands.sheet import read_sheet, write_sheet
from bot.commands.verdict import verdict, whole_reason
from bot.plain import body
from bot.reply import Bars, Facts, Note, Paragraph, Reply, buttons, cited
from bot.request import Learner, Place, Request
from bot.scoring import Band, score
from tests.instruments import shipped, shipped_fit

if TYPE_CHECKING:
    from bot.app import Bot

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LEARNER = Learner("terminal", "asha")
STRONG_AI = ".eamatcsbwb"
TIE = ".eambtcsdwb"
FLAT = ".eamctbsdwd"
RESEARCH = ".ecmctdsawb"


class Chat:
    """One learner with the bot: types a line, or presses a button of the last answer by its label."""

    def __init__(self, bot: Bot, learner: Learner = LEARNER) -> None:
        self.bot = bot
        self.learner = learner
        self.last = Reply("")

    async def say(self, line: str) -> Reply:
        self.last = await self.bot.answer(Request(line, AT, self.learner))
        return self.last

    async def press(self, label: str) -> Reply:
        found = [button.line for button in buttons(self.last) if button.label == label]
        assert len(found) == 1, (label, [button.label for button in buttons(self.last)])
        return await self.say(found[0])


@pytest.fixture
def chat(bot: Bot) -> Chat:
    return Chat(bot)


def labels(reply: Reply) -> list[str]:
    return [button.label for button in buttons(reply)]


async def test_bare_fit_asks_the_first_question_at_once(chat: Chat) -> None:
    reply = await chat.say("/fit")
    assert reply.title == "Question 1 of 5"
    assert "Nothing is stored" in body(reply)
    assert shipped_fit().questions[0].asks in body(reply)
    assert labels(reply)[:5] == [choice.says for choice in shipped_fit().questions[0].choices]


async def test_five_presses_lead_to_a_result(chat: Chat) -> None:
    await chat.say("fit")
    for number, question in enumerate(shipped_fit().questions[:5]):
        assert chat.last.title == f"Question {number + 1} of 5"
        await chat.press(next(choice.says for choice in question.choices if choice.key == STRONG_AI[2 + 2 * number]))
    assert chat.last.title == "A strong fit: AI engineer"
    assert "AI roadmap" in labels(chat.last)
    assert "Ten more questions" not in labels(chat.last)


async def test_a_question_shows_its_choices_skip_and_back_and_nothing_else(chat: Chat) -> None:
    reply = await chat.say("fit .eama")
    question = shipped_fit().questions[2]
    assert labels(reply) == [*(choice.says for choice in question.choices), "Skip", "Back"]
    assert body(reply) == f"Question 3 of 5\n\n{question.asks}"


async def test_back_asks_the_last_question_again(chat: Chat) -> None:
    await chat.say("fit .eama")
    assert (await chat.press("Back")).title == "Question 2 of 5"
    assert (await chat.press("Back")).title == "Question 1 of 5"


async def test_back_in_the_second_round_stays_in_it(chat: Chat) -> None:
    await chat.say(f"fit {TIE}paba")
    assert chat.last.title == "Question 8 of 15"
    assert (await chat.press("Back")).title == "Question 7 of 15"
    assert (await chat.press("Back")).title == "Question 6 of 15"
    assert (await chat.press("Back")).title == "Question 5 of 5"


async def test_who_skips_everything_gets_no_winner_and_a_way_on(chat: Chat) -> None:
    await chat.say("fit")
    for _ in range(5):
        await chat.press("Skip")
    assert chat.last.title == "Not enough answers to say"
    assert not any(isinstance(block, Bars) for block in chat.last.blocks)
    assert not any("roadmap" in label for label in labels(chat.last))
    assert (await chat.press("The ones you skipped")).title == "Question 1 of 5"


async def test_only_the_skipped_questions_are_asked_again(chat: Chat) -> None:
    await chat.say("fit .eam-tcs-wb")
    await chat.press("The ones you skipped")
    assert shipped_fit().questions[1].asks in body(chat.last)
    await chat.press("Far enough to use it and to see why something fails")
    assert shipped_fit().questions[3].asks in body(chat.last)
    await chat.press("Thousands use it every day, and it holds")
    assert chat.last.title == "A strong fit: AI engineer"


async def test_a_tie_stays_a_tie_and_ten_more_questions_follow(chat: Chat) -> None:
    await chat.say(f"fit {TIE}")
    assert chat.last.title == "Too close to call: AI engineer and ML engineer"
    assert {"AI roadmap", "ML roadmap"} <= set(labels(chat.last))
    await chat.press("Ten more questions")
    for number in range(6, 16):
        assert chat.last.title == f"Question {number} of 15"
        await chat.say(next(buttons(chat.last)).line)
    assert "Question" not in chat.last.title
    assert "Ten more questions" not in labels(chat.last)


@pytest.mark.parametrize("sheet", [TIE, FLAT, ".e-m-t-s-w-"])
async def test_without_a_winner_the_articles_advice_stands_as_theirs(chat: Chat, sheet: str) -> None:
    reply = await chat.say(f"fit {sheet}")
    undecided = shipped_fit().undecided
    advice = [each for each in cited(reply.blocks) if undecided in each.statements]
    assert len(advice) == 1
    assert advice[0].sources
    assert "not we" in body(reply)
    assert "A weekend" not in body(reply)


async def test_a_flat_result_names_nobody(chat: Chat) -> None:
    reply = await chat.say(f"fit {FLAT}")
    assert reply.title == "Flat: no career stands out"
    assert not any("roadmap" in label for label in labels(reply))
    assert "Ten more questions" in labels(reply)


async def test_the_result_says_why_in_bars_that_rest_on_sources(chat: Chat) -> None:
    reply = await chat.say(f"fit {STRONG_AI}")
    bars = next(block for block in reply.blocks if isinstance(block, Bars))
    assert len(bars.items) == 3
    assert all(0 < bar.share <= 1 and bar.caption.sources for bar in bars.items)
    assert "%" not in body(reply)


async def test_the_named_change_is_one_press_and_does_what_it_says(chat: Chat) -> None:
    await chat.say(f"fit {TIE}")
    named = next(b.text.text for b in chat.last.blocks if isinstance(b, Paragraph) and "What would" in b.text.text)
    reply = await chat.press("Try that change")
    winner = reply.title.removeprefix("A strong fit: ").removeprefix("A moderate fit: ")
    assert f"would put {winner} first." in named


async def test_every_answer_can_be_changed(chat: Chat) -> None:
    await chat.say(f"fit {STRONG_AI}")
    await chat.press("Your answers")
    assert labels(chat.last)[:5] == [question.asks for question in shipped_fit().questions[:5]]
    await chat.press(shipped_fit().questions[2].asks)
    assert "Now: Those who build a product and meet its users" in body(chat.last)
    await chat.press("A lab that publishes what it finds")
    assert chat.last.title == "A strong fit: AI engineer"
    await chat.press("Your answers")
    assert "A lab that publishes what it finds" in body(chat.last)
    assert (await chat.press("Back to the result")).title == "A strong fit: AI engineer"


async def test_an_answer_can_be_left_as_it_is(chat: Chat) -> None:
    await chat.say(f"fit change =t {STRONG_AI}")
    await chat.press("Leave it")
    assert chat.last.title == "Your answers"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("fit .eazzma", "Question 3 of 5"),  # a question that went away is dropped
        ("fit .eamz", "Question 2 of 5"),  # a choice that went away is asked again
        ("fit .eamatcsbw9", "Question 5 of 5"),
        ("fit .99", "Question 1 of 5"),
    ],
)
async def test_old_keys_are_dropped_and_their_question_is_asked_again(chat: Chat, line: str, title: str) -> None:
    assert (await chat.say(line)).title == title


async def test_an_old_question_cannot_be_changed_and_leads_back(chat: Chat) -> None:
    await chat.say(f"fit change =9 {STRONG_AI}")
    assert chat.last.title == "I do not ask that question. Choose one of your answers."
    assert (await chat.press("Your answers")).title == "Your answers"


@pytest.mark.parametrize("verb", ["why", "answers", "change", "change =e", "keep", "keep .zz"])
async def test_what_needs_answers_leads_to_the_questions(chat: Chat, verb: str) -> None:
    assert (await chat.say(f"fit {verb}")).title.startswith("That needs answers first")
    assert (await chat.press("Start")).title == "Question 1 of 5"


async def test_a_result_is_kept_only_when_asked_and_waits_at_the_start(chat: Chat) -> None:
    await chat.say(f"fit {STRONG_AI}")
    await chat.say("fit")
    assert "Your kept result" not in labels(chat.last)
    await chat.say(f"fit {STRONG_AI}")
    assert "Kept." in body(await chat.press("Keep this"))
    assert "Keep this" not in labels(chat.last)
    assert "It is kept already." in body(await chat.say(f"fit keep {STRONG_AI}"))
    await chat.say("fit")
    assert (await chat.press("Your kept result")).title == "A strong fit: AI engineer"


async def test_a_kept_result_is_nobody_elses(chat: Chat) -> None:
    await chat.say(f"fit keep {STRONG_AI}")
    other = Chat(chat.bot, Learner("terminal", "ben"))
    assert "Your kept result" not in labels(await other.say("fit"))


async def test_the_research_result_says_what_that_career_asks_for(chat: Chat) -> None:
    reply = await chat.say(f"fit {RESEARCH}")
    shown = {statement for each in cited(reply.blocks) for statement in each.statements}
    assert shipped_fit().asks_for["ml-researcher"] in shown


async def test_a_wrong_reason_is_named_only_when_it_was_given(chat: Chat) -> None:
    def cautions(reply: Reply) -> list[str]:
        return [b.text.statements[0] for b in reply.blocks if isinstance(b, Note) and b.kind == "caveat"]

    assert cautions(await chat.say(f"fit {STRONG_AI}")) == []
    assert cautions(await chat.say("fit .eematcsbwb")) == ["learning.wrong-reasons.salary"]
    several = "fit .eematcsewb"
    assert cautions(await chat.say(several)) == ["learning.wrong-reasons.salary"]
    assert len(cautions(await chat.say(several.replace("fit", "fit why")))) == 2


async def test_what_limits_a_learner_stands_apart(chat: Chat) -> None:
    reply = await chat.say(f"fit {STRONG_AI}")
    apart = next(block for block in reply.blocks if isinstance(block, Facts))
    assert apart.heading is not None
    assert apart.heading.text == "Beside it, never counted"
    assert apart.rows[0].label == "In six to twelve months"
    hurry = await chat.say(f"fit {STRONG_AI[:-1]}a")
    assert hurry.title == reply.title


async def test_in_public_only_a_door_is_shown(chat: Chat) -> None:
    reply = await chat.bot.answer(Request(f"fit {STRONG_AI}", AT, LEARNER, Place.PUBLIC))
    assert reply.blocks == ()
    assert [button.line for button in buttons(reply)] == [f"fit {STRONG_AI}"]


async def test_every_reason_and_every_meaning_has_a_door(chat: Chat) -> None:
    await chat.say("fit")
    await chat.press("How answers count")
    shown: set[str] = set()
    for door in [button for button in buttons(chat.last) if button.line.startswith("fit rules =")]:
        shown |= {statement for each in cited((await chat.say(door.line)).blocks) for statement in each.statements}
    assert _all_ids() <= shown


def _all_ids() -> set[str]:
    """Name every reason, meaning and wrong reason of the shipped questionnaire."""
    choices = [(question, choice) for question in shipped_fit().questions for choice in question.choices]
    ids = {f"fit.{q.key}.{c.key}" for q, c in choices if c.because}
    ids |= {f"fit.{q.key}.{c.key}.{role}" for q, c in choices for role in c.means}
    return ids | {c.check for _, c in choices if c.check}


SHEETS = [dict(zip("emtsw", keys, strict=True)) for keys in product("abcde-", "abcde-", "abcde-", "abcde-", "ac")]


@given(st.sampled_from(SHEETS))
def test_every_result_of_five_fits_a_phone(sheet: dict[str, str]) -> None:
    assert len(body(verdict(shipped(), shipped_fit(), sheet))) <= 1200


@given(st.fixed_dictionaries({q.key: st.sampled_from([c.key for c in q.choices]) for q in shipped_fit().questions}))
def test_every_button_of_every_result_fits_the_wire(sheet: dict[str, str]) -> None:
    for reply in (verdict(shipped(), shipped_fit(), sheet), whole_reason(shipped(), shipped_fit(), sheet)):
        assert all(len(button.line) <= LINE_LIMIT and len(button.label) <= 75 for button in buttons(reply))
        assert len({button.line for button in buttons(reply)}) == len(labels(reply))
    assert len(body(verdict(shipped(), shipped_fit(), sheet))) <= 1350


@given(st.fixed_dictionaries({q.key: st.sampled_from([c.key for c in q.choices]) for q in shipped_fit().questions}))
def test_whatever_stands_first_is_said_to_stand_first(sheet: dict[str, str]) -> None:
    result = score(shipped_fit(), sheet)
    title = verdict(shipped(), shipped_fit(), sheet).title
    named = [role for role in shipped_fit().roles if shipped().roles[role].name in title]
    assert tuple(named) == (() if result.band is Band.FLAT else result.leaders)


@given(st.text(alphabet="abcdemtsw-.9", max_size=40))
def test_a_sheet_survives_being_written(rest: str) -> None:
    sheet = read_sheet(f".{rest}", shipped_fit())
    assert read_sheet(write_sheet(sheet), shipped_fit()) == sheet
