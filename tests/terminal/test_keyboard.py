"""A person at a real terminal: prompt, completion, history, colour, leaving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory

from adapters.terminal.keyboard import Words, history
from tests.terminal.conftest import Terminal

Start = Callable[..., Terminal]
CTRL_C, CTRL_D = "\x03", "\x04"
PROMPT = "\x1b[0m>"


@pytest.mark.parametrize("leave", [CTRL_C, CTRL_D, "quit\r"])
def test_a_chat_greets_answers_and_is_left_politely(terminal: Start, leave: str) -> None:
    chat = terminal("chat")
    chat.wait_for(PROMPT)
    assert "compare ai ml" in chat.shown
    chat.type("compare ai ml maths\r")
    chat.wait_for("Maths: AI engineer / ML engineer")
    chat.wait_for(PROMPT)
    chat.type(leave)
    assert chat.end() == 0
    assert "Traceback" not in chat.shown


def test_the_history_is_kept_for_its_owner_alone(terminal: Start, tmp_path: Path) -> None:
    chat = terminal("chat")
    chat.wait_for(PROMPT)
    chat.type("compare ai\r")
    chat.wait_for("Look closer")
    chat.wait_for(PROMPT)
    chat.type(CTRL_D)
    chat.end()
    file = tmp_path / ".local" / "state" / "waymark" / "history"
    assert "+compare ai\n" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_colour_is_used_at_a_terminal_and_not_with_no_color(terminal: Start) -> None:
    coloured, bare = terminal("ask", "compare ai"), terminal("ask", "compare ai", NO_COLOR="1")
    assert (coloured.end(), bare.end()) == (0, 0)
    assert "\x1b[1;36mAI engineer" in coloured.shown
    assert "\x1b" not in bare.shown


def test_a_terminal_without_abilities_gets_plain_text(terminal: Start) -> None:
    dumb = terminal("ask", "compare ai", TERM="dumb")
    dumb.end()
    assert "\x1b" not in dumb.shown


def test_history_goes_without_a_file_where_none_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    assert isinstance(history(tmp_path / "taken"), InMemoryHistory)
    assert isinstance(history(tmp_path / "free"), FileHistory)


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("", ["compare", "roadmap"]),
        ("com", ["compare"]),
        ("/COM", ["compare"]),
        ("compare ai ml-", ["ml-engineer", "ml-researcher"]),
        ("compare xyz", []),
    ],
)
def test_the_word_before_the_cursor_is_completed(text: str, completed: list[str]) -> None:
    words = Words(lambda line: ["ml-engineer", "ml-researcher"] if " " in line else ["compare", "roadmap"])
    assert [each.text for each in words.get_completions(Document(text), CompleteEvent())] == completed
