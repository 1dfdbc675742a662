"""What a line is read as: the canonical line and its command, or nothing for what no button can carry."""

from __future__ import annotations

import pytest

from bot.commands import COMMANDS
from bot.meant import meant
from bot.pack.find import vocabulary_of
from bot.pack.load import load_pack, shipped_pack

VOCABULARY = vocabulary_of(load_pack(shipped_pack()))


@pytest.mark.parametrize(
    ("text", "line", "personal"),
    [
        ("AI vs. ml", "compare ai-engineer ml-engineer", False),
        ("/compare why ai ml salary", "compare why ai-engineer ml-engineer salary", False),
        ("/roadmap ml", "roadmap ml-engineer", True),
        ("fit", "fit", True),
    ],
)
def test_a_command_has_its_line_and_says_whether_it_is_personal(text: str, line: str, *, personal: bool) -> None:
    found = meant(text, COMMANDS, VOCABULARY)
    assert found
    assert (found.line, found.command.personal) == (line, personal)


@pytest.mark.parametrize(
    "text", ["what is the weather on the moon", "compare zzzzqqq", "nudge mon 9am Lissabonn an der Spree", ""]
)
def test_what_is_no_command_or_holds_words_of_ones_own_has_none(text: str) -> None:
    assert meant(text, COMMANDS, VOCABULARY) is None
