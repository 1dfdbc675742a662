"""Slack while the database is away: what is the same for everybody is answered, all else says that it broke."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.slack.listener import BROKEN
from bot.request import Learner
from bot.store.migrate import migrate
from tests.doubles.slack import People, Team, playing_slack
from tests.doubles.slack_bench import AT, Bench
from tests.doubles.wire_to_database import DatabaseWire, wired
from tests.slack.test_installs import ONE, install, many

TWO = Team(token="xoxb-second", id="T2")  # noqa: S106 - of a Slack that is played


@dataclass
class Ground:
    """Two workspaces on a database that can be cut off, and a clock."""

    wire: DatabaseWire
    bench: Bench
    first: People
    second: People
    at: datetime = AT

    def forward(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)


@pytest.fixture
async def ground(tmp_path: Path, postgres_url: str) -> AsyncIterator[Ground]:
    await migrate(postgres_url)
    async with AsyncExitStack() as held:
        slack = await held.enter_async_context(playing_slack())
        wire, address = await held.enter_async_context(wired(postgres_url))
        made: list[Ground] = []
        bench = await held.enter_async_context(
            many(tmp_path, slack, url=address, now=lambda: made[0].at if made else AT)
        )
        for team in (ONE, TWO):
            await install(bench, team)
        slack.users["UADMIN"] = {"is_admin": True}
        first, second = (People(slack, bench.people.deliver, team) for team in (ONE, TWO))
        made.append(Ground(wire, bench, first, second))
        yield made[0]
        assert slack.violations == []


async def test_compare_is_answered_by_the_rules_that_were_known_last(ground: Ground) -> None:
    await ground.first.open_home("UADMIN")
    await ground.bench.settled()
    await ground.first.press("UADMIN", "Pay", "UADMIN")
    await ground.bench.settled()
    for people in (ground.first, ground.second):
        assert await people.command("/compare", "ai ml")
    ground.forward(5)
    ground.wire.cut()
    hidden = await ground.first.command("/compare", "ai ml salary")
    shown = await ground.second.command("/compare", "ai ml salary")
    assert hidden is not None
    assert shown is not None
    assert hidden.text.startswith("The admins here have hidden “Pay”.")
    assert shown.text.startswith("Pay")
    assert "Share here" in shown.labels()


async def test_where_no_rules_were_ever_known_compare_is_answered_and_not_to_be_shared(ground: Ground) -> None:
    assert await ground.first.command("/compare", "ai ml")
    await ground.second.event({"type": "app_home_opened", "user": "U2", "tab": "messages", "channel": "DU2"})
    ground.wire.cut()
    seen = await ground.second.command("/compare", "ai ml salary", "U2")
    assert seen is not None
    assert seen.text.startswith("Pay")
    assert "Share here" not in seen.labels()


async def test_what_needs_the_database_says_that_it_broke_and_works_again_when_it_is_back(ground: Ground) -> None:
    old = await ground.first.command("/compare", "ai ml")
    assert old is not None
    assert await ground.first.command("/roadmap", "follow ml-engineer")
    ground.forward(1)
    ground.wire.cut()
    seen = await ground.first.command("/roadmap")
    assert seen is not None
    assert "broke on our side" in seen.text
    await ground.first.press(old, "Share here")
    assert (await ground.bench.settled())[-1].text == BROKEN["text"]
    await ground.first.write("need a phd?")
    assert (await ground.bench.settled())[-1].text == BROKEN["text"]
    await ground.first.mention("compare ai ml")
    below = (await ground.bench.settled())[-1]
    assert (below.text, below.thread) == (BROKEN["text"], "1.5")
    ground.wire.mend()
    ground.forward(5)
    again = await ground.first.command("/roadmap")
    assert again is not None
    assert again.text.startswith("ML engineer: your next task")
    await ground.first.press(old, "Share here")
    assert "Shared by" in (await ground.bench.settled())[-1].text


async def test_a_workspace_that_leaves_meanwhile_is_told_of_again_and_then_deleted(ground: Ground) -> None:
    assert await ground.first.command("/roadmap", "follow ml-engineer")
    store = await ground.bench.assembly.bot.store()
    ground.wire.cut()
    with pytest.raises(AssertionError, match="503"):  # which is what makes Slack deliver it again
        await ground.first.event({"type": "app_uninstalled"})
    ground.wire.mend()
    assert await store.learners.find(Learner("slack:T1", "U1")) is not None
    await ground.first.event({"type": "app_uninstalled"})
    await ground.bench.settled()
    assert await store.learners.find(Learner("slack:T1", "U1")) is None
    assert await store.lanes.ids() == ("slack:T2",)
