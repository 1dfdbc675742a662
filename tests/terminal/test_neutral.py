"""The answer as JSON: the shape that docs/terminal.md promises."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from replies import REPLIES

from adapters.neutral import as_json
from bot.reply import Button, Cited, Fact, Facts, Menu, Note, Reply, Step, Steps, StepState


def test_blocks_and_actions_carry_their_type_and_every_field_its_name() -> None:
    text = Cited("Sources differ.", ("aptech",), ("ai.pay",))
    help_ = Button("Help", "waymark")
    reply = Reply("Pay", (Note(text, "caveat"), Steps((Step("Git", StepState.NEXT),))), (help_, Menu("More", (help_,))))
    written = {"text": "Sources differ.", "sources": ["aptech"], "statements": ["ai.pay"]}
    button = {"type": "button", "label": "Help", "line": "waymark"}
    assert json.loads(as_json(reply)) == {
        "title": "Pay",
        "blocks": [
            {"type": "note", "text": written, "kind": "caveat", "views": []},
            {"type": "steps", "items": [{"label": "Git", "state": "next", "detail": None}], "heading": None},
        ],
        "actions": [button, {"type": "menu", "label": "More", "options": [button]}],
        "asks_for": None,
    }


@given(REPLIES)
def test_every_reply_is_json_that_names_the_type_of_each_block(reply: Reply) -> None:
    read = json.loads(as_json(reply))
    assert [block["type"] for block in read["blocks"]] == [type(block).__name__.lower() for block in reply.blocks]
    assert len(read["actions"]) == len(reply.actions)


def test_the_moment_of_a_fact_is_written_as_iso_8601() -> None:
    fact = Fact("Next", Cited("Monday"), datetime(2026, 11, 23, 9, tzinfo=UTC))
    (row,) = json.loads(as_json(Reply("T", (Facts((fact,)),))))["blocks"][0]["rows"]
    assert row["at"] == "2026-11-23T09:00:00+00:00"
