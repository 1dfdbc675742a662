"""Several processes on one PostgreSQL: what comes to two is done once, and keys change meanwhile."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, aclosing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from pydantic import SecretStr

from adapters.slack.crypt import new_key, sealer
from bot.request import Learner
from bot.store.engine import open_store
from bot.store.installs import Installs
from bot.store.migrate import migrate
from tests.doubles.slack import HttpWay, People, Slack, Team, playing_slack
from tests.doubles.slack_bench import AT, Bench
from tests.slack.test_installs import KEY, ONE, begin, come_back, install, many
from tests.slack.test_slack_process import PATIENCE, ended, over_http

TEAMS = tuple(Team(token=f"xoxb-{number}", id=f"T{number}") for number in range(1, 6))


async def arrived(slack: Slack, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(slack.messages) < number:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.02)


async def test_two_processes_on_one_database_are_one_bot(tmp_path: Path, postgres_url: str) -> None:
    await migrate(postgres_url)
    settings = {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "a-client-secret",
        "WAYMARK_SECRET_KEY": KEY,
        "DATABASE_URL": postgres_url,
    }
    async with AsyncExitStack() as held:
        slack = await held.enter_async_context(playing_slack())
        slack.teams.clear()
        pair = [await held.enter_async_context(over_http(tmp_path, slack, **settings)) for _ in range(2)]
        ways: list[HttpWay] = [way for _, way in pair]
        here, there = (People(slack, way, ONE) for way in ways)

        state = await begin(ways[0])  # a state that two use at once is good for one of them
        slack.codes |= {"c": ONE}
        pages = await asyncio.gather(*(come_back(way, "c", state) for way in ways))
        assert sorted(status for status, _ in pages) == [200, 401]

        await asyncio.gather(*(people.write("compare ai ml", event_id="Ev1") for people in (here, there)))
        await here.command("/roadmap", "follow ml-engineer")
        seen = await there.command("/waymark", "privacy")
        assert seen is not None
        assert "ML engineer" in seen.text

        await asyncio.gather(*(people.event({"type": "app_uninstalled"}) for people in (here, there)))
        async with aclosing(await open_store(postgres_url)) as store, asyncio.timeout(PATIENCE):
            while await store.lanes.ids():  # noqa: ASYNC110 - in another process
                await asyncio.sleep(0.02)
        slack.codes["d"] = ONE
        assert (await come_back(ways[1], "d", await begin(ways[0])))[0] == 200
        before = len(slack.messages)
        for people in (here, there):
            await people.write("compare ai ml")
        await arrived(slack, before + 2)

        for process, _ in pair:
            process.send_signal(signal.SIGTERM)
        assert [(await ended(process))[0] for process, _ in pair] == [0, 0]
        assert sum(message.channel == "DU1" for message in slack.messages) == 3
        assert slack.violations == []
    async with aclosing(await open_store(postgres_url)) as store:
        assert await store.lanes.ids() == ("slack:T1",)
        assert await store.learners.find(Learner("slack:T1", "U1")) is None


async def test_keys_change_while_requests_are_under_way(tmp_path: Path, postgres_url: str) -> None:
    await migrate(postgres_url)
    newer, minutes = new_key(), [0]
    keys = (KEY, f"{KEY},{newer}", f"{newer},{KEY}", newer)  # as docs/slack.md has it
    asked = 0

    def now() -> datetime:
        return AT + timedelta(minutes=2 * minutes[0])  # past what a process remembers of an installation

    async with playing_slack() as slack, AsyncExitStack() as held:
        slack.teams.clear()
        slack.slow["chat.postMessage"] = 0.05
        running: list[tuple[AsyncExitStack, Bench]] = []

        async def start(key: str) -> None:
            one = await held.enter_async_context(AsyncExitStack())
            running.append((one, await one.enter_async_context(many(tmp_path, slack, key, postgres_url, now))))

        async def ask_all() -> int:
            minutes[0] += 1
            for team in TEAMS:
                for _, bench in running:
                    await People(slack, bench.people.deliver, team).write("compare ai ml salary")
            return len(TEAMS) * len(running)

        for _ in range(2):
            await start(keys[0])
        for team in TEAMS:
            await install(running[0][1], team)
        for _, after in pairwise(keys):
            for _ in range(2):  # one process after the other
                asked += await ask_all()
                await start(after)
                asked += await ask_all()
                await running.pop(0)[0].aclose()
        asked += await ask_all()
        await asyncio.gather(*(bench.settled() for _, bench in running))
        assert len(slack.messages) == asked
    async with aclosing(await open_store(postgres_url)) as store:
        kept = await Installs(store.database).page("slack")
    only_newer = sealer(SecretStr(newer))
    assert len(kept) == len(TEAMS)
    assert all(only_newer.open(secret) for _, secret in kept)
