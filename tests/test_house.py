"""What admins have forbidden is nowhere offered and nowhere shown; what the store cannot tell is done without."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import Bot
from bot.house import NO_NUDGES, Freedom, House
from bot.pack.load import shipped_pack
from bot.pack.model import Pack
from bot.plain import plain
from bot.reply import Reply, buttons, cited
from bot.request import Learner, Place, Request
from bot.store.engine import Store, open_store
from tests.conftest import words

REFUSED = ("The admins here", "Only the admins")
NUDGES_OFF = House("h", forbidden=frozenset({Freedom.NUDGES}))
ANA = Learner("terminal", "ana")
STRONG = ".eamatasbwa"  # answers that lead to one career

In = Callable[..., Awaitable[Reply]]


@pytest.fixture
def within(bot: Bot, at: datetime) -> In:
    async def ask(house: House, line: str, place: Place = Place.PRIVATE) -> Reply:
        return await bot.answer(Request(line, at, ANA if place is Place.PRIVATE else None, place, house=house))

    return ask


def strict(pack: Pack, *hidden: str) -> House:
    return House("h", frozenset(hidden or list(pack.aspects)[1:]), frozenset(Freedom))


async def walked(within: In, house: House, presses: int = 3) -> dict[str, Reply]:
    """Press whatever is offered, from the bare commands on; return each line's answer."""
    answers: dict[str, Reply] = {}
    lines = ["compare", "roadmap", "fit", "waymark", "compare ai ml", f"fit {STRONG}", "roadmap follow ml-engineer"]
    for _ in range(presses):
        fresh = list(dict.fromkeys(line for line in lines if line not in answers))
        for line in fresh:
            answers[line] = await within(house, line)
        lines = [each.line for line in fresh for each in buttons(answers[line]) if "forget" not in each.line][:150]
    return answers


@pytest.mark.parametrize("hidden", [(), ("salary",), ("maths", "wrong-reasons", "choosing", "mistakes", "projects")])
async def test_nothing_that_admins_have_forbidden_is_offered_or_shown_within_three_presses(
    within: In, pack: Pack, hidden: tuple[str, ...]
) -> None:
    house = strict(pack, *hidden)
    gone = {each.id for each in pack.statements.values() if each.aspect in house.hidden}
    gone |= {each.id for table in pack.figures.values() if table.aspect in house.hidden for each in table.figures}
    for line, reply in (await walked(within, house)).items():
        assert not reply.title.startswith(REFUSED), line
        assert not [each.line for each in buttons(reply) if each.line.startswith("nudge")], line
        assert {one for text in cited(reply.blocks) for one in text.statements} & gone == set(), line


async def test_the_end_of_the_fit_and_a_roadmap_offer_nudges_only_where_they_are_allowed(within: In) -> None:
    for line in (f"fit {STRONG}", "roadmap ml-engineer", "roadmap follow ml-engineer"):
        offers = [
            "Study nudges" in [each.label for each in buttons(await within(house, line))]
            for house in (House("h"), NUDGES_OFF)
        ]
        assert offers == [True, False], line


@pytest.mark.parametrize("line", ["nudge", "nudge test", "nudge mon 9:00", "nudge resume", "nudge ml-engineer"])
async def test_who_types_it_reads_in_one_sentence_that_they_are_off(within: In, line: str) -> None:
    reply = await within(NUDGES_OFF, line)
    assert reply.title.startswith(NO_NUDGES)
    assert [each.label for each in buttons(reply)] == ["My roadmap", "Stop my nudges"]
    assert [each.label for each in buttons(await within(NUDGES_OFF, "nudge stop"))] == []


async def test_help_says_what_is_off_and_gives_no_example_that_is_hidden(within: In, pack: Pack) -> None:
    assert NO_NUDGES in words(await within(NUDGES_OFF, "waymark"))
    assert NO_NUDGES not in words(await within(House("h"), "waymark"))
    for house in (House("h"), strict(pack, "salary")):
        (typed,) = [text for text in words(await within(house, "waymark")).splitlines() if "any order" in text]
        reply = await within(house, typed.partition(": ")[2])
        assert not reply.title.startswith(REFUSED)
        assert reply.blocks


async def test_an_answer_kept_for_a_house_without_rules_is_not_given_in_one_with_them(within: In, pack: Pack) -> None:
    lines = ("compare ai ml", "compare ai ml salary", "ml engineer salary?", "waymark", "compare ml-engineer")
    for place in Place:
        free = [plain(await within(House("a"), line, place)) for line in lines]
        bound = [plain(await within(replace(strict(pack, "salary"), id="b"), line, place)) for line in lines]
        again = [plain(await within(House("c"), line, place)) for line in lines]
        assert free == again
        assert not any("lakh" in text for text in bound)
        assert any("lakh" in text for text in free)


async def test_a_button_of_an_admin_stays_where_everything_is_forbidden(bot: Bot, at: datetime, pack: Pack) -> None:
    asked = Request("waymark erase @U2", at, ANA, house=strict(pack), admin=True)
    assert [each.label for each in buttons(await bot.answer(asked))] == ["Yes, erase it all", "Keep it"]


# The store away


@pytest.fixture
async def cut_off(tmp_path: Path) -> AsyncIterator[Bot]:
    """Yield a bot that has once opened its store, in which nothing can be found any more."""
    file = tmp_path / "waymark.sqlite3"

    async def opened() -> Store:
        return await open_store(f"sqlite:///{file}")

    made = Bot(shipped_pack(), opened)
    await (await made.store()).houses.hide("known", "salary", datetime.fromisoformat("2026-11-21T12:00Z"))
    await made.house("known", datetime.fromisoformat("2026-11-21T12:00Z"))
    with closing(sqlite3.connect(file)) as connection:
        for table in ("house_rule", "learner"):
            connection.execute(f"DROP TABLE {table}")
    yield made
    await made.close()


async def test_what_is_the_same_for_everybody_is_answered_without_the_store(cut_off: Bot, at: datetime) -> None:
    reply = await cut_off.answer(Request("compare ai ml salary", at, ANA))
    assert reply.title.startswith("Pay")


async def test_rules_that_were_known_hold_on_while_the_store_is_away(cut_off: Bot, at: datetime) -> None:
    with capture_logs() as logs:
        house = await cut_off.house("known", at + timedelta(hours=5))
    assert [each["event"] for each in logs] == ["store.away"]
    assert (house.known, house.hidden) == (True, frozenset({"salary"}))
    reply = await cut_off.answer(Request("compare ai ml salary", at, ANA, house=house))
    assert reply.title == "The admins here have hidden “Pay”."


async def test_a_house_that_nobody_could_look_up_is_answered_and_puts_nothing_before_everybody(
    cut_off: Bot, at: datetime
) -> None:
    house = await cut_off.house("new", at)
    assert (house.known, house.allows(Freedom.SHARING), house.allows(Freedom.NUDGES)) == (False, False, True)
    assert (await cut_off.answer(Request("compare ai ml salary", at, ANA, house=house))).title.startswith("Pay")


async def test_a_store_that_does_not_answer_in_time_is_not_waited_for(tmp_path: Path, at: datetime) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'waymark.sqlite3'}")

    async def opened() -> Store:
        return store

    bot = Bot(shipped_pack(), opened)
    async with store.database.writing(), asyncio.timeout(20):  # the one connection there is
        house = await bot.house("h", at)
    assert not house.known
    await bot.close()


async def test_a_store_may_take_its_time_to_open(tmp_path: Path, at: datetime) -> None:
    async def slowly() -> Store:
        await asyncio.sleep(1)  # longer than it may then take to answer
        return await open_store(f"sqlite:///{tmp_path / 'waymark.sqlite3'}")

    bot = Bot(shipped_pack(), slowly)
    assert (await bot.house("h", at)).known
    await bot.close()
