"""The nudge benchmark sends what it says it sends, and does nothing where nothing is due."""

from argparse import Namespace
from contextlib import aclosing

import pytest

from benchmarks.nudges.fill import DUE, PLATFORM, fill
from benchmarks.nudges.ours import burst, nothing_due
from bot.nudges.model import DeliveryState
from bot.store.engine import open_store


async def states(url: str, people: int) -> list[DeliveryState]:
    async with aclosing(await open_store(url)) as store:
        return [one.state for number in range(people) for one in await store.deliveries.of(number + 1, 10)]


@pytest.mark.parametrize("lanes", [1, 3])
async def test_a_burst_sends_every_rule_of_every_lane_once(url: str, lanes: int) -> None:
    await fill(url, rules=250, lanes=lanes)
    told = await burst(Namespace(url=url, ask=False, takes=0, at_once=500))
    assert told["sent"] == 250
    assert await states(url, 250) == [DeliveryState.SENT] * 250
    async with aclosing(await open_store(url)) as store:
        assert await store.rules.due(f"{PLATFORM}:0", DUE, 1) == []


async def test_an_idle_sweep_does_nothing(sqlite_url: str) -> None:
    await fill(sqlite_url, rules=20, lanes=2)
    assert (await nothing_due(Namespace(url=sqlite_url)))["wall"] > 0
    assert await states(sqlite_url, 20) == []
