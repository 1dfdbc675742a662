"""Many workspaces: installing, installing again, leaving at any moment, and keys that change meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.crypt import new_key, sealer
from adapters.slack.installs import ManyWorkspaces, States
from adapters.slack.run import assembled
from adapters.slack.web import Web
from bot.errors import SettingsError
from bot.request import Learner
from bot.store.engine import Store
from bot.store.installs import Installs
from tests.doubles.slack import HttpWay, People, Slack, Team, playing_slack
from tests.doubles.slack_bench import AT, Bench, served, settings_for

KEY = new_key()
COOKIE = "slack-app-oauth-state"
ONE = Team(token="xoxb-first", id="T1")  # noqa: S106 - of a Slack that is played
WHOLE = Team(token="xoxb-whole", id="T7", enterprise="E7", whole=True)  # noqa: S106


@asynccontextmanager
async def many(
    folder: Path, slack: Slack, key: str = KEY, url: str | None = None, now: Callable[[], datetime] = lambda: AT
) -> AsyncIterator[Bench]:
    """Run the bot for many workspaces."""
    settings, chosen = settings_for(
        slack,
        folder,
        slack_bot_token=None,
        slack_client_id="1.2",
        slack_client_secret="a-client-secret",  # noqa: S106 - of a Slack that is played
        waymark_secret_key=key,
        url=url,
    )
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        assembled(settings, chosen, now) as assembly,
        served(Web(assembly.app, assembly.desk.drain, assembly.installing)) as address,
    ):
        way = HttpWay(address, session)
        yield Bench(slack, People(slack, way), assembly, way)


async def begin(way: HttpWay | None) -> str:
    """Open the page to install, and return the state that goes to Slack with it."""
    assert way is not None
    async with way.session.get(f"{way.address}/slack/install") as page:
        assert page.status == 200
        text = await page.text()
        link = text.partition('<a href="')[2].partition('"')[0].replace("&amp;", "&")
        assert COOKIE in page.headers["set-cookie"]
    assert (urlsplit(link).hostname, urlsplit(link).path) == ("127.0.0.1", "/oauth/v2/authorize")
    (state,) = parse_qs(urlsplit(link).query)["state"]
    return state


async def come_back(way: HttpWay | None, code: str, state: str, cookie: str | None = None) -> tuple[int, str]:
    assert way is not None
    async with way.session.get(
        f"{way.address}/slack/oauth_redirect",
        params={"code": code, "state": state},
        headers={"cookie": f"{COOKIE}={state if cookie is None else cookie}"},
    ) as page:
        return page.status, await page.text()


async def install(bench: Bench, team: Team) -> None:
    bench.slack.codes["c"] = team
    status, text = await come_back(bench.way, "c", await begin(bench.way))
    assert status == 200, text


async def store_of(bench: Bench) -> Store:
    return await bench.assembly.bot.store()


async def answers(bench: Bench, team: Team) -> bool:
    """Say whether the bot answers in a workspace."""
    people = People(bench.slack, bench.people.deliver, team)
    before = len(bench.slack.messages)
    await people.write("compare ai ml salary")
    return len(await bench.settled()) > before


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with playing_slack() as played:
        played.teams.clear()
        yield played
        assert played.violations == []


async def test_a_workspace_is_answered_from_the_moment_it_has_installed_the_app(tmp_path: Path, slack: Slack) -> None:
    async with many(tmp_path, slack) as bench:
        assert not await answers(bench, ONE)
        bench.assembly.listener.workspaces._known.clear()  # as after a minute
        await install(bench, ONE)
        assert await answers(bench, ONE)


async def test_installing_again_keeps_what_is_kept_and_uses_the_new_token(tmp_path: Path, slack: Slack) -> None:
    async with many(tmp_path, slack) as bench:
        await install(bench, ONE)
        kept = await (await store_of(bench)).learners.ensure(Learner("slack:T1", "U1"), AT)
        await install(bench, Team(token="xoxb-second"))  # noqa: S106
        assert await bench.assembly.sender.token_of("slack:T1", None) == "xoxb-second"
        assert await (await store_of(bench)).learners.find(Learner("slack:T1", "U1")) == kept


async def test_an_organisation_has_one_lane_for_all_its_workspaces(tmp_path: Path, slack: Slack) -> None:
    async with many(tmp_path, slack) as bench:
        await install(bench, WHOLE)
        assert await answers(bench, WHOLE)
        seen = await People(slack, bench.people.deliver, WHOLE).command("/roadmap", "follow ml-engineer", user="W9")
        assert seen is not None
        assert await (await store_of(bench)).learners.find(Learner("slack:E7", "W9"))


async def test_removing_the_app_deletes_all_that_is_kept_of_a_workspace_and_of_no_other(
    tmp_path: Path, slack: Slack
) -> None:
    other = Team(token="xoxb-other", id="T2")  # noqa: S106
    async with many(tmp_path, slack) as bench:
        for team in (ONE, other):
            await install(bench, team)
            await People(slack, bench.people.deliver, team).command("/roadmap", "follow ml-engineer")
        await bench.settled()
        await bench.people.event({"type": "app_uninstalled"})
        await bench.people.event({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}})
        await bench.settled()
        store = await store_of(bench)
        assert await store.lanes.ids() == ("slack:T2",)
        assert await store.learners.find(Learner("slack:T1", "U1")) is None
        assert await store.learners.find(Learner("slack:T2", "U1"))
        assert not await answers(bench, ONE)


async def test_only_a_bots_revoked_token_ends_an_installation(tmp_path: Path, slack: Slack) -> None:
    async with many(tmp_path, slack) as bench:
        await install(bench, ONE)
        await bench.people.event({"type": "tokens_revoked", "tokens": {"oauth": ["U5"]}})
        assert await answers(bench, ONE)


async def test_news_of_an_end_that_comes_after_a_new_installation_ends_nothing(tmp_path: Path, slack: Slack) -> None:
    async with many(tmp_path, slack) as bench:
        await install(bench, ONE)
        await bench.people.event({"type": "app_uninstalled"}, event_time=1)
        await bench.settled()
        assert await answers(bench, ONE)


async def test_a_state_is_used_once_and_only_by_the_browser_that_began(tmp_path: Path, slack: Slack) -> None:
    async with many(tmp_path, slack) as bench:
        state = await begin(bench.way)
        slack.codes["c"] = ONE
        assert (await come_back(bench.way, "c", state, cookie="another"))[0] == 400
        assert (await come_back(bench.way, "c", state))[0] == 200
        slack.codes["c"] = ONE
        assert (await come_back(bench.way, "c", state))[0] == 401
        assert (await come_back(bench.way, "c", "forged"))[0] == 401


async def test_a_code_that_slack_does_not_take_installs_nothing(tmp_path: Path, slack: Slack) -> None:
    async with many(tmp_path, slack) as bench:
        status, text = await come_back(bench.way, "stolen", await begin(bench.way))
        assert status >= 400
        assert "xoxb" not in text
        assert await (await store_of(bench)).lanes.ids() == ()


async def test_no_token_stands_in_the_database_in_clear(tmp_path: Path, slack: Slack) -> None:
    async with many(tmp_path, slack) as bench:
        await install(bench, ONE)
    files = b"".join(file.read_bytes() for file in tmp_path.glob("waymark.sqlite3*"))  # noqa: ASYNC240 - at the end
    assert b"slack:T1" in files
    assert b"xoxb" not in files


async def test_a_new_key_is_put_in_front_and_the_old_one_can_go_after_a_start(tmp_path: Path, slack: Slack) -> None:
    newer = new_key()
    async with many(tmp_path, slack) as before:
        await install(before, ONE)
        async with many(tmp_path, slack, f"{newer},{KEY}") as between:  # two replicas, one of which is older
            assert await answers(between, ONE)
    async with many(tmp_path, slack, newer) as after:
        assert await answers(after, ONE)


def installed(token: str = "xoxb-x") -> Installation:  # noqa: S107 - of a Slack that is played
    return Installation(user_id="U1", team_id="T1", bot_token=token, bot_id="B", bot_user_id="UB", bot_scopes="a")


async def test_a_worker_reads_a_token_from_what_is_kept_with_the_lane(store: Store) -> None:
    workspaces = ManyWorkspaces(store, sealer(SecretStr(KEY)), lambda: AT)
    await workspaces.async_save(installed())
    lane = await store.lanes.find("slack:T1")
    assert lane is not None
    assert await workspaces.token_of("slack:T1", lane.secret) == "xoxb-x"
    assert await workspaces.token_of("slack:T1", b"of nobody") is None
    assert await workspaces.token_of("slack:T9", None) is None


async def test_without_the_right_key_an_installation_is_none(store: Store) -> None:
    await ManyWorkspaces(store, sealer(SecretStr(KEY)), lambda: AT).async_save(installed())
    other = ManyWorkspaces(store, sealer(SecretStr(new_key())), lambda: AT)
    assert await other.authorize("slack:T1") is None
    assert await other.seal_anew() == 0


async def test_what_other_replicas_change_is_known_after_a_minute(store: Store) -> None:
    at = [AT]
    here, there = (ManyWorkspaces(store, sealer(SecretStr(KEY)), lambda: at[0]) for _ in range(2))
    await here.async_save(installed())
    assert await there.token_of("slack:T1", None) == "xoxb-x"
    await here.async_save(installed("xoxb-y"))
    assert await there.token_of("slack:T1", None) == "xoxb-x"
    at[0] += timedelta(seconds=61)
    assert await there.token_of("slack:T1", None) == "xoxb-y"


async def test_slacks_packages_find_a_bot_by_its_workspace(store: Store) -> None:
    workspaces = ManyWorkspaces(store, sealer(SecretStr(KEY)), lambda: AT)
    await workspaces.async_save(installed())
    bot = await workspaces.async_find_bot(enterprise_id=None, team_id="T1")
    assert bot is not None
    assert bot.bot_token == "xoxb-x"  # noqa: S105 - of a Slack that is played
    assert await workspaces.async_find_installation(enterprise_id=None, team_id="T2") is None


async def test_a_state_holds_for_ten_minutes(store: Store) -> None:
    at = [AT]
    states = States(store, sealer(SecretStr(KEY)), lambda: at[0])
    early, late = await states.async_issue(), await states.async_issue()
    at[0] += timedelta(minutes=10)
    assert await states.async_consume(early)
    at[0] += timedelta(seconds=1)
    assert not await states.async_consume(late)


async def test_a_secret_that_was_changed_meanwhile_is_not_overwritten(store: Store) -> None:
    installs = Installs(store.database)
    for lane in ("slack:T1", "slack:T2", "discord"):
        await store.lanes.open(lane, lane.encode(), AT)
    assert await installs.page("slack", limit=1) == (("slack:T1", b"slack:T1"),)
    assert await installs.page("slack", after="slack:T1") == (("slack:T2", b"slack:T2"),)
    assert not await installs.replace("slack:T1", b"older", b"newer")
    assert await installs.replace("slack:T1", b"slack:T1", b"newer")


@pytest.mark.parametrize("keys", ["", ",", "short", "x" * 44])
def test_what_is_no_key_is_told(keys: str) -> None:
    with pytest.raises(SettingsError, match="waymark slack key"):
        sealer(SecretStr(keys))
