"""What a learner is told of what is stored: nothing before the first tick, all of it after, nothing once deleted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.reply import Document, buttons
from bot.request import Learner, Place
from tests.conftest import Say, words


@pytest.mark.parametrize("line", ["waymark privacy", "waymark export", "waymark forget", "waymark forget yes"])
async def test_of_a_stranger_nothing_is_stored_and_asking_stores_nothing(say: Say, tmp_path: Path, line: str) -> None:
    assert "Nothing is kept about you" in words(await say(line))
    assert not (tmp_path / "waymark.sqlite3").exists()


async def test_help_leads_to_what_is_stored(say: Say) -> None:
    assert "waymark privacy" in [button.line for button in buttons(await say("help"))]


async def test_what_is_stored_is_told_in_words(say: Say) -> None:
    await say("roadmap done ai-engineer run-first-script")
    await say("roadmap have git")
    shown = words(await say("waymark privacy"))
    assert all(part in shown for part in ("AI engineer", "1 done", "Git"))


async def test_all_that_is_stored_is_handed_out_as_json(say: Say) -> None:
    await say("roadmap done ai-engineer run-first-script")
    (block,) = (await say("waymark export")).blocks
    assert isinstance(block, Document)
    rows = json.loads(block.text.text)
    assert [row["item"] for row in rows["progress"]] == ["run-first-script"]
    assert rows["learner"][0]["person"] == "local"


async def test_deleting_asks_first_and_then_leaves_nothing(say: Say) -> None:
    await say("roadmap done ai-engineer run-first-script")
    question = await say("waymark forget")
    assert "entries" in words(question)
    assert "1 done" in words(await say("waymark privacy")), "asking deletes nothing"
    assert "Deleted: " in words(await say(next(buttons(question)).line))
    assert "Nothing is kept about you" in words(await say("waymark export"))
    assert (await say("roadmap")).title == "Which roadmap?"


async def test_deleting_leaves_others_alone(say: Say) -> None:
    other = Learner("terminal", "somebody else")
    await say("roadmap done ai-engineer run-first-script", who=other)
    await say("roadmap done ai-engineer run-first-script")
    await say("waymark forget yes")
    assert "1 done" in words(await say("waymark privacy", who=other))


@pytest.mark.parametrize("line", ["waymark privacy", "waymark export", "waymark forget"])
async def test_in_public_nothing_of_it_is_shown(say: Say, line: str) -> None:
    await say("roadmap done ai-engineer run-first-script")
    reply = await say(line, Place.PUBLIC)
    assert reply.blocks == ()
    assert [button.line for button in buttons(reply)] == [line]
