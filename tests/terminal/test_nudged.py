"""Nudges in a chat: what falls due is shown above the line being typed, and its buttons can be pressed by number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.terminal.send import terminal as terminal_platform
from bot.nudges.calendar import Occurrence, Rule
from bot.nudges.model import DeliveryState
from bot.nudges.outcome import CannotTell, Envelope, Refused, Sent
from bot.reply import Reply
from bot.request import Learner
from bot.store.alone import alone
from bot.store.engine import open_store
from tests.terminal.conftest import Terminal

if TYPE_CHECKING:
    from bot.nudges.model import Delivery

LOCAL = Learner("terminal", "local")
CTRL_D = "\x04"
PROMPT = "\x1b[0m>"
TITLE = "Install Python and run a script"
Start = Callable[..., Terminal]
Due = Callable[[], Awaitable[None]]
Became = Callable[[], Awaitable["list[Delivery]"]]


@pytest.fixture
def due(environment: dict[str, str]) -> Due:
    """Return what makes the nudge of the local learner fall due a second ago."""

    async def make() -> None:
        at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
        async with aclosing(await open_store(environment["DATABASE_URL"])) as store:
            learner = await store.learners.ensure(LOCAL, at - timedelta(days=1))
            await store.learners.set_roadmap(learner.id, "ai-engineer")
            rule = Rule(frozenset({at.weekday()}), at.time(), "UTC")
            await store.rules.set(learner, rule, Occurrence(at.date(), at), at)

    return make


@pytest.fixture
def became(environment: dict[str, str]) -> Became:
    """Return what lists the deliveries to the local learner."""

    async def read() -> list[Delivery]:
        async with aclosing(await open_store(environment["DATABASE_URL"])) as store:
            learner = await store.learners.find(LOCAL)
            return list(await store.deliveries.of(learner.id, 10)) if learner else []

    return read


async def test_a_nudge_that_is_due_appears_and_is_answered_by_number(terminal: Start, due: Due, became: Became) -> None:
    await due()
    chat = terminal("chat")
    chat.wait_for(TITLE)
    chat.wait_for(PROMPT)
    chat.type("1\r")
    chat.wait_for("Done: ")
    chat.wait_for(PROMPT)
    chat.type(CTRL_D)
    assert chat.end() == 0
    (only,) = await became()
    assert (only.state, only.answer) == (DeliveryState.SENT, "done")


async def test_a_nudge_does_not_disturb_the_line_that_is_being_typed(terminal: Start, due: Due) -> None:
    chat = terminal("chat")
    chat.wait_for(PROMPT)
    chat.type("compare ai ml ma")
    chat.wait_for("compare ai ml ma")
    await due()  # the chat finds the database when it is there
    chat.wait_for(TITLE)
    chat.type("ths\r")
    chat.wait_for("Maths: AI engineer / ML engineer")
    chat.wait_for(PROMPT)
    chat.type(CTRL_D)
    assert chat.end() == 0


async def test_a_chat_leaves_the_nudges_to_a_worker_that_runs(
    terminal: Start, due: Due, became: Became, environment: dict[str, str]
) -> None:
    await due()
    with alone(environment["DATABASE_URL"]):
        chat = terminal("chat", LOG_LEVEL="INFO")
        chat.wait_for("chat.without_nudges")
        chat.type("compare ai ml maths\r")
        chat.wait_for("Maths: AI engineer / ML engineer")
        chat.wait_for(PROMPT)
        chat.type(CTRL_D)
        assert chat.end() == 0
    assert TITLE not in chat.shown
    assert await became() == []


async def test_what_was_shown_has_arrived_and_is_never_looked_for() -> None:
    shown: list[Reply] = []

    async def show(reply: Reply) -> None:
        shown.append(reply)

    platform = terminal_platform(show, 5)
    assert await platform.send(envelope()) == Sent("7")
    assert shown == [Reply("a nudge")]
    assert isinstance(await platform.look(envelope()), CannotTell)


async def test_what_nobody_can_see_any_more_is_refused_for_the_whole_terminal() -> None:
    async def show(_: Reply) -> None:
        raise BrokenPipeError

    assert await terminal_platform(show, 5).send(envelope()) == Refused("BrokenPipeError", of_lane=True)


def envelope() -> Envelope:
    return Envelope(7, 1, "terminal", "local", None, datetime(2026, 11, 23, tzinfo=UTC), Reply("a nudge"))
