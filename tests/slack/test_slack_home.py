"""The App Home within Slack's limits: what is too much for one view stands behind a button, or on further pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from adapters.slack.home import ADMIN, Home
from adapters.slack.parts import actions, context, heading
from adapters.slack.people import Person
from adapters.slack.render import Around, message
from bot.pack.load import load_pack, shipped_pack
from bot.reply import Button, Cited, Note, Reply
from bot.wire import from_wire
from tests.doubles.slack_bench import AT
from tests.doubles.slack_limits import VIEW_BLOCKS, broken_limits
from tests.slack.test_slack_render import OWN


@dataclass
class Client:
    """Keeps the views that are published."""

    views: list[dict[str, Any]] = field(default_factory=list)

    async def views_publish(self, *, user_id: str, view: dict[str, Any]) -> None:
        assert user_id == "U1"
        self.views.append(view)


@dataclass
class Answers:
    """Answers each line with so many blocks."""

    blocks: int
    words: str = "word"
    people: Any = None
    bot: Any = field(default_factory=lambda: SimpleNamespace(pack=load_pack(shipped_pack())))

    def now(self) -> object:
        return AT

    async def lately_admin(self, _person: Person, _at: object) -> bool:
        return True

    async def private(self, _person: Person, line: str, **_: object) -> dict[str, Any]:
        rows = [context(self.words) for _ in range(self.blocks)]
        return {"blocks": [*heading(line), *rows, *actions((Button("Help", "waymark"),))]}


@pytest.mark.parametrize(("blocks", "words"), [(1, "word"), (47, "word"), (5, "w" * 1900)])
async def test_a_home_never_breaks_a_limit_and_has_a_way_to_every_part(blocks: int, words: str) -> None:
    answers, client = Answers(blocks, words), Client()
    answers.people = answers
    await Home(cast("Any", answers)).publish(Person("slack:T1", "U1", cast("Any", client)))
    (view,) = client.views
    assert broken_limits(view, VIEW_BLOCKS) == []
    titles = [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]
    assert titles == ["roadmap", "nudge", ADMIN]
    pressed = [e.get("value") for block in view["blocks"] if block["type"] == "actions" for e in block["elements"]]
    assert (ADMIN in pressed) is (blocks > 1)  # what did not fit is one press away


async def test_where_the_home_is_short_of_room_the_roadmap_is_open_and_the_admins_part_is_not() -> None:
    answers, client = Answers(45), Client()
    answers.people = answers
    await Home(cast("Any", answers)).publish(Person("slack:T1", "U1", cast("Any", client)))
    (view,) = client.views
    titles = [(n, b["text"]["text"]) for n, b in enumerate(view["blocks"]) if b["type"] == "header"]
    assert titles == [(0, "roadmap"), (48, "nudge"), (96, ADMIN)]
    labels = [e["text"]["text"] for b in view["blocks"][96:] if b["type"] == "actions" for e in b["elements"]]
    assert labels[0] == "Open"


def test_a_long_answer_in_the_home_is_turned_page_by_page() -> None:
    reply = Reply("Long", tuple(Note(Cited(f"line {number}")) for number in range(130)))
    told, page = "", 1
    while True:
        payload = message(reply, OWN, Around("waymark export", page))
        assert len(payload["blocks"]) < VIEW_BLOCKS - 10
        told += str(payload["blocks"])
        values = [e["value"] for b in payload["blocks"] if b["type"] == "actions" for e in b["elements"]]
        if page + 1 not in [from_wire(value).page for value in values]:
            break
        page += 1
    assert page > 2
    assert all(f"line {number}'" in told for number in range(130))
