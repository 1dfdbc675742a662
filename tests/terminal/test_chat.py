"""The chat: what is typed, what is pressed by number, and how it ends."""

from __future__ import annotations

import asyncio

from adapters.terminal.chat import Chat
from bot.reply import Button, Menu, Reply

PAY, MATHS, HELP = Button("Pay", "compare ai salary"), Button("Maths", "compare ai maths"), Button("Help", "waymark")
NUDGE, NUDGED = "a nudge", Reply("Your task", actions=(Button("Done", "nudge done #1"),))
CARD = Reply("AI engineer", actions=(Menu("Look closer", (PAY, MATHS)), HELP))


def talk(*lines: str, answers: dict[str, Reply] | None = None) -> tuple[list[str], list[tuple[str, bool]]]:
    """Chat with a bot that gives these answers, else one without choices; return the titles and what was asked."""
    asked: list[tuple[str, bool]] = []
    titles: list[str] = []

    async def answer(text: str, *, pressed: bool) -> Reply:
        asked.append((text, pressed))
        return (answers or {"ai": CARD}).get(text, Reply(f"<{text}>"))

    async def through() -> None:
        chat = Chat(answer, lambda reply: titles.append(reply.title))
        for line in lines:
            if line == NUDGE:
                chat.bring(NUDGED)
            elif not await chat.take(line):
                return

    asyncio.run(through())
    return titles, asked


def test_a_typed_line_is_answered_as_it_was_typed() -> None:
    assert talk("Compare  AI – ML\n") == (["<Compare  AI – ML\n>"], [("Compare  AI – ML\n", False)])


def test_a_number_presses_the_choice_last_shown_under_it() -> None:
    assert talk("ai", "2")[1] == [("ai", False), ("waymark", True)]


def test_a_number_opens_a_menu_whose_options_are_the_next_choices() -> None:
    titles, asked = talk("ai", "1", "2")
    assert titles == ["AI engineer", "Look closer", "<compare ai maths>"]
    assert asked[1:] == [("compare ai maths", True)]


def test_an_opened_menu_ends_with_the_way_back_to_what_it_stood_under() -> None:
    titles, asked = talk("ai", "1", "3", "1", "back", "2")
    assert titles == ["AI engineer", "Look closer", "AI engineer", "Look closer", "AI engineer", "<waymark>"]
    assert asked == [("ai", False), ("waymark", True)]


def test_a_typed_label_presses_what_is_shown_under_it() -> None:
    titles, asked = talk("ai", "look closer", "MATHS", "maths")
    assert titles == ["AI engineer", "Look closer", "<compare ai maths>", "<maths>"]
    assert asked[1:] == [("compare ai maths", True), ("maths", False)]


def test_the_dots_of_a_menu_may_be_typed_along() -> None:
    assert talk("ai", "Look closer …")[0] == talk("ai", "look closer...")[0] == ["AI engineer", "Look closer"]


def test_back_means_nothing_special_where_it_is_not_offered() -> None:
    assert talk("ai", "back")[0] == ["AI engineer", "<back>"]


def test_a_number_that_is_not_there_says_which_are_and_keeps_the_choices() -> None:
    titles, asked = talk("ai", "7", "0", "2")
    assert titles[1:3] == [
        "There is no number 7 here; I have numbers 1 to 2.",
        "There is no number 0 here; I have numbers 1 to 2.",
    ]
    assert asked[-1] == ("waymark", True)


def test_one_choice_is_not_called_several() -> None:
    titles, _ = talk("ai", "2", answers={"ai": Reply("A", actions=(HELP,))})
    assert titles[1] == "There is no number 2 here; I have only number 1."


def test_a_number_where_nothing_was_offered_says_so() -> None:
    assert talk("3") == (["There is nothing to choose by number yet, so 3 says nothing to me. Try: help"], [])


def test_a_number_of_a_thousand_digits_is_no_choice() -> None:
    titles, asked = talk("ai", "1" * 1000)
    assert titles[1].startswith("There is no number 111111111 here")
    assert len(asked) == 1


def test_digits_of_other_scripts_press_like_ours_or_are_asked() -> None:
    titles, _ = talk("ai", "\uff12")  # a full-width two, as phones type it
    assert titles[1] == "<waymark>"


def test_an_answer_without_choices_takes_the_old_ones_away() -> None:
    titles, _ = talk("ai", "hello", "1")
    assert titles[2].startswith("There is nothing to choose by number yet")


def test_an_empty_line_gets_one_helpful_line_and_keeps_the_choices() -> None:
    titles, asked = talk("ai", "  \n", "2")
    assert titles[1] == "Type a question, the number of a choice, or: help"
    assert asked[-1] == ("waymark", True)


def test_the_chat_ends_when_somebody_says_so() -> None:
    assert talk("ai", " Exit\n", "ai")[0] == ["AI engineer"]


def test_the_choices_of_what_comes_unasked_are_the_ones_to_press() -> None:
    titles, asked = talk("ai", NUDGE, "1")
    assert titles[:2] == ["AI engineer", "Your task"]
    assert asked[-1] == ("nudge done #1", True)
