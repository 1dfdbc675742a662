"""A workspace that removes the app in the middle of a sweep and installs it again: all goes on, nothing is twice."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot.nudges.calendar import Occurrence, Rule
from bot.nudges.message import compose
from bot.nudges.model import DeliveryState
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.pack.model import Pack
from bot.request import Learner
from bot.store.engine import Store
from bot.store.migrate import migrate
from tests.doubles.slack import SECRET, Slack, Team, direct_of, playing_slack
from tests.slack.test_installs import KEY, ONE, install, many
from tests.slack.test_slack_process import PATIENCE, ended, started

AGAIN = Team(token="xoxb-again", id="T1")  # noqa: S106 - of a Slack that is played
PEOPLE = ("U1", "U2", "U3")


def now() -> datetime:
    return datetime.now(UTC)


async def due(store: Store, roadmap: str) -> None:
    """Let people opt in to nudges towards a roadmap, the first of them due just now."""
    at = now().replace(microsecond=0) - timedelta(seconds=5)
    rule = Rule(frozenset({at.weekday()}), time(at.hour, at.minute, at.second), "UTC")
    for person in PEOPLE:
        learner = await store.learners.ensure(Learner("slack:T1", person), at - timedelta(days=1))
        await store.learners.set_roadmap(learner.id, roadmap)
        await store.rules.set(learner, rule, Occurrence(at.date(), at), at)


def settings_of(slack: Slack, url: str) -> dict[str, str]:
    """Return what a worker of many workspaces is given."""
    return {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "a-client-secret",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.address,
        "WAYMARK_SECRET_KEY": KEY,
        "DATABASE_URL": url,
    }


async def called(slack: Slack, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while [method for method, _ in slack.calls].count("chat.postMessage") < number:  # noqa: ASYNC110 - it calls
            await asyncio.sleep(0.02)


async def test_what_an_old_worker_is_told_of_the_old_token_does_not_stop_the_new_installation(
    tmp_path: Path, postgres_url: str, pack: Pack
) -> None:
    await migrate(postgres_url)
    async with playing_slack() as slack, many(tmp_path, slack, url=postgres_url, now=now) as bench:
        await install(bench, ONE)
        store = await bench.assembly.bot.store()
        await due(store, "ml-engineer")
        slack.slow["chat.postMessage"] = 1.0
        process = await started(tmp_path, name="nudges", **settings_of(slack, postgres_url))
        await called(slack, len(PEOPLE))

        slack.slow.clear()
        slack.teams.clear()  # with the app, its token goes
        await bench.people.event({"type": "app_uninstalled"})
        await bench.settled()
        assert await store.lanes.ids() == ()
        await install(bench, AGAIN)
        await due(store, "ai-engineer")
        beside = Worker("beside", store, bench.assembly.sender.platform(), lambda nudge: compose(pack, nudge), now)
        assert dict(await sweep(beside)) == {DeliveryState.SENT: len(PEOPLE)}

        process.send_signal(signal.SIGTERM)  # it waits for its calls, which Slack refuses for the old token
        code, _, told = await ended(process)
        assert code == 0, told
        lane = await store.lanes.find("slack:T1")
        assert lane is not None
        assert (lane.stopped, lane.held_by) == (None, None)
        assert Counter(each.channel for each in slack.messages) == {direct_of(person): 1 for person in PEOPLE}
        assert all("AI engineer" in each.text for each in slack.messages)
        assert slack.violations == []


async def test_a_real_worker_goes_on_with_the_new_installation_and_sends_each_nudge_once(
    tmp_path: Path, postgres_url: str
) -> None:
    await migrate(postgres_url)
    async with playing_slack() as slack, many(tmp_path, slack, url=postgres_url, now=now) as bench:
        await install(bench, ONE)
        store = await bench.assembly.bot.store()
        await due(store, "ml-engineer")
        slack.slow["chat.postMessage"] = 0.3
        settings = settings_of(slack, postgres_url) | {"NUDGES_PER_SECOND": "2"}
        process = await started(tmp_path, name="nudges", **settings)
        await called(slack, 1)
        await bench.people.event({"type": "app_uninstalled"})
        await bench.settled()
        assert await store.learners.find(Learner("slack:T1", "U1")) is None
        await install(bench, AGAIN)
        await due(store, "ai-engineer")
        async with asyncio.timeout(PATIENCE):
            while len([each for each in slack.messages if "AI engineer" in each.text]) < len(PEOPLE):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        code, _, told = await ended(process)
        assert code == 0, told
        towards = Counter((each.channel, "AI engineer" in each.text) for each in slack.messages)
        assert {key: number for key, number in towards.items() if number > 1} == {}
        assert sum(new for _, new in towards) == len(PEOPLE)
        assert len(towards) - len(PEOPLE) <= 2  # that were under way when the app was removed
