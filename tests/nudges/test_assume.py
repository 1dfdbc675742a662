"""The runbook after a restored backup: what went out after the backup is not sent again. On both databases."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import pytest
from platforms import DAILY, MONDAY, WEEKLY, Clock, World, only

from bot.nudges.assume import assume_sent
from bot.nudges.model import DeliveryState
from bot.nudges.outcome import Envelope, Outcome, Pace, Sent
from bot.request import Learner
from bot.store.engine import open_store
from bot.store.migrate import migrate

PEOPLE = [f"person {number}" for number in range(30)]
Copy = Callable[[], str]


@pytest.fixture
def copy(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Copy:
    """Return what dumps the database, which nobody has open, into another one and gives its address."""

    def of_sqlite() -> str:
        shutil.copyfile(url.removeprefix("sqlite:///"), tmp_path / "restored.sqlite3")
        return f"sqlite:///{tmp_path / 'restored.sqlite3'}"

    def of_postgres() -> str:
        server = request.getfixturevalue("postgres")
        name = url.partition("?")[0].rpartition("/")[2]
        server.psql(f"CREATE DATABASE {name}_restored TEMPLATE {name}")
        restored: str = server.get_uri(f"{name}_restored")
        return restored

    return of_sqlite if url.startswith("sqlite") else of_postgres


async def test_a_backup_made_in_the_middle_of_a_sweep_sends_nothing_twice(url: str, copy: Copy) -> None:
    await migrate(url)
    async with aclosing(await open_store(url)) as store:
        world, crowd, gate = World(store, pace=Pace(float("inf"), 3)), asyncio.Event(), asyncio.Event()
        for person in PEOPLE:
            await world.learner(person)

        async def wait_at_the_gate(envelope: Envelope) -> Outcome:
            if len(world.platform.calls) == 5:
                crowd.set()
            await gate.wait()
            return Sent(str(envelope.delivery_id))

        world.platform.answers = [Sent("1"), Sent("2"), *[wait_at_the_gate] * (len(PEOPLE) - 2)]
        sweeping = asyncio.create_task(world.sweep())
        await crowd.wait()
        await store.aclose()  # its connections come back when they are needed
        backup = copy()
        gate.set()
        assert await sweeping == {DeliveryState.SENT: len(PEOPLE)}

    async with aclosing(await open_store(backup)) as store:
        restored = World(store, Clock(MONDAY + timedelta(hours=1)))
        until = MONDAY + timedelta(minutes=30)
        assert await assume_sent(store, until, restored.clock.now()) == len(PEOPLE) - 2
        assert await assume_sent(store, until, restored.clock.now()) == 0
        assert await restored.sweep() == {}
        states = [await only_state(restored, person) for person in PEOPLE]
        assert Counter(states) == {DeliveryState.SENT: 2, DeliveryState.ASSUMED: len(PEOPLE) - 2}
        restored.clock.at = MONDAY + timedelta(days=7)
        assert await restored.sweep() == {DeliveryState.SENT: len(PEOPLE)}


async def test_every_occurrence_that_was_due_by_then_is_recorded(world: World) -> None:
    daily, weekly = await world.learner("daily", DAILY), await world.learner("weekly", WEEKLY)
    now = MONDAY + timedelta(days=2, hours=5)
    assert await assume_sent(world.store, now, now) == 4
    assert [one.key for one in await world.deliveries(daily)] == ["w:2026-11-23", "w:2026-11-24", "w:2026-11-25"]
    assert [one.key for one in await world.deliveries(weekly)] == ["w:2026-11-23"]
    assert all(state is DeliveryState.ASSUMED for state, _ in await world.states(daily))


async def test_what_is_due_later_goes_out_as_usual(world: World) -> None:
    early = await world.learner("early")
    world.clock.forward(minutes=30)
    late = await world.learner("late", DAILY)
    assert await assume_sent(world.store, MONDAY, world.clock.now()) == 1
    world.clock.at = MONDAY + timedelta(days=1)
    await world.sweep()
    assert world.platform.people() == ["late"]
    assert (await world.rule(early)).due != (await world.rule(late)).due


async def only_state(world: World, person: str) -> DeliveryState:
    """Return the state of a learner's one delivery; one that was assumed has to say until when."""
    learner = await world.store.learners.find(Learner("terminal", person))
    assert learner
    delivery = only(await world.deliveries(learner))
    assert delivery.key == "w:2026-11-23"
    assert (delivery.state is DeliveryState.ASSUMED) == ("until 2026-11-23T09:30:00Z" in (delivery.reason or ""))
    return delivery.state
