"""A pack without some of its aspects: whole in itself, and silent on what was left out."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import Bot
from bot.house import House
from bot.pack.load import load_pack, shipped_pack
from bot.pack.model import Pack
from bot.pack.view import without
from bot.plain import plain
from bot.reply import buttons
from bot.request import Learner, Place, Request

PACK = load_pack(shipped_pack())


@given(st.frozensets(st.sampled_from(sorted(PACK.aspects))))
def test_nothing_in_it_refers_to_what_was_left_out(hidden: frozenset[str]) -> None:
    view = without(PACK, hidden)
    assert next(iter(view.aspects)) == next(iter(PACK.aspects))
    assert {each.aspect for each in (*view.statements.values(), *view.figures.values())} <= view.aspects.keys()
    assert view.fit is not None
    used = {*view.fit.asks_for.values(), view.fit.undecided}
    used |= {choice.check for question in view.fit.questions for choice in question.choices}
    for roadmap in view.roadmaps.values():
        used |= {each for step in roadmap.steps for each in (step.mistake, step.project, *step.see)}
    assert used - {None} <= view.statements.keys()


def test_an_aspect_that_no_pack_has_hides_nothing(pack: Pack) -> None:
    assert without(pack, frozenset({"no-such"})) is pack


@pytest.mark.parametrize("place", [Place.PRIVATE, Place.PUBLIC])
async def test_no_door_leads_to_a_hidden_aspect_within_three_presses(bot: Bot, at: datetime, place: Place) -> None:
    house = House("h", frozenset(list(bot.pack.aspects)[1::2]))
    who = Learner("terminal", "local")
    lines, seen = ["compare", "roadmap", "fit", "waymark", "compare ai ml", "fit .aababa"], set[str]()
    for _ in range(3):
        onward: dict[str, None] = {}
        for line in lines:
            seen.add(line)
            reply = await bot.answer(Request(line, at, who, place, house=house))
            assert "The admins here have hidden" not in reply.title, line
            assert "Something broke" not in reply.title, line
            onward |= dict.fromkeys(button.line for button in buttons(reply) if button.line.split()[0] == "compare")
        lines = [line for line in onward if line not in seen and "home" not in line][:80]


async def test_two_houses_with_other_rules_do_not_share_kept_answers(bot: Bot, at: datetime) -> None:
    def asked(*hidden: str) -> Request:
        return Request("compare ai ml salary", at, None, Place.PUBLIC, house=House("h", frozenset(hidden)))

    pay = next(each.id for each in bot.pack.aspects.values() if each.name == "Pay")
    first = plain(await bot.answer(asked()))
    assert plain(await bot.answer(asked(pay))).startswith("The admins here have hidden “Pay”.")
    assert "[Maths]" not in plain(await bot.answer(asked("maths")))
    assert "[Maths]" in first
    assert plain(await bot.answer(asked())) == first
