"""Texts are ranked by likeness, and what tells it is loaded when it is first needed."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from bot.likeness import alike, by_likeness, likest, meant
from bot.pack.load import shipped_pack

WORDS = st.lists(st.text("abcde", min_size=1, max_size=6), max_size=8)


@given(st.text("abcde", min_size=1, max_size=6), WORDS, st.integers(0, 100), st.integers(1, 4))
def test_no_more_than_the_most_are_ranked_the_likest_first_and_none_below_the_least(
    text: str, known: list[str], least: int, most: int
) -> None:
    ranked = by_likeness(text, known, least, most)

    scores = [score for _, score, _ in ranked]
    assert len(scores) <= most
    assert scores == sorted(scores, reverse=True)
    assert all(score >= least and known[place] == name for name, score, place in ranked)
    assert likest(text, known, least) == (ranked[0][0] if ranked else None)


def test_a_text_is_wholly_like_itself_and_words_in_another_order_only_where_that_is_asked_for() -> None:
    assert alike("maths", "maths") == 100
    assert likest("how much maths", ["maths how much"], 100) is None
    assert by_likeness("how much maths", ["maths how much"], 100, any_order=True) == [("maths how much", 100, 0)]


def test_a_misspelt_word_means_the_likest_or_none() -> None:
    assert meant("also-caled", ("name", "also-called"), 85) == "also-called"
    assert meant("also-caled", (), 85) is None


def test_an_answer_loads_its_own_command_and_only_for_a_slip_what_compares_texts() -> None:
    script = (
        "import asyncio, sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from bot.app import Bot; from bot.request import Request\n"
        "bot = Bot(Path(sys.argv[1]), None, lambda: False)\n"
        "asyncio.run(bot.answer(Request(sys.argv[2], datetime(2026, 12, 1, tzinfo=UTC))))\n"
        "assert ('rapidfuzz' in sys.modules) == (sys.argv[3] == 'slip')\n"
        "assert 'bot.commands.compare' in sys.modules and 'bot.commands.nudge' not in sys.modules"
    )
    for line, kind in (("compare ai ml salary", "right"), ("compare ai ml salery", "slip")):
        subprocess.run([sys.executable, "-c", script, str(shipped_pack()), line, kind], check=True)
