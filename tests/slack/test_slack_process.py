"""`waymark slack` as a process of its own: what is missing, health, requests under way when a signal comes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiohttp
import pytest

from tests.doubles.slack import APP_TOKEN, BOT_TOKEN, SECRET, Fault, HttpWay, People, Slack, playing_slack

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds without a sign of life, far above what anything here takes


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def environment(folder: Path, **settings: str) -> dict[str, str]:
    database = f"sqlite:///{folder / 'waymark.sqlite3'}"
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "DATABASE_URL": database,
        **settings,
    }


async def started(folder: Path, *arguments: str, name: str = "slack", **settings: str) -> Process:
    command = (sys.executable, "-m", "adapters", name, *arguments)
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment(folder, **settings), stdout=PIPE, stderr=PIPE
    )


async def ended(process: Process) -> tuple[int, str, str]:
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def over_http(
    folder: Path, slack: Slack, name: str = "slack", **more: str
) -> AsyncIterator[tuple[Process, HttpWay]]:
    port = free_port()
    settings = {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.address,
        "PORT": str(port),
        **more,
    }
    process = await started(folder, name=name, **settings)
    address = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as session:
            await healthy(session, address)
            yield process, HttpWay(address, session)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def healthy(session: aiohttp.ClientSession, address: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(f"{address}/healthz") as answer:
                    assert (answer.status, await answer.text()) == (200, "ok\n")
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "Slack needs SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN cannot be used as it is. Set it to the bot token"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET is missing"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_SIGNING_SECRET": SECRET}, "SLACK_CLIENT_SECRET is missing"),
        ({"SLACK_API_URL": "https://slack.com"}, "which ends in /api/"),
    ],
)
async def test_what_is_missing_is_one_clear_sentence(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    code, _, err = await ended(await started(tmp_path, **settings))
    assert code == 2
    assert words in err
    assert err.count("\n") == 1


async def test_a_token_that_slack_does_not_take_is_told_at_the_start(tmp_path: Path) -> None:
    async with playing_slack() as slack:
        settings = {"SLACK_BOT_TOKEN": "xoxb-other", "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": slack.address}
        code, _, err = await ended(await started(tmp_path, **settings))
    assert code == 2
    assert "SLACK_BOT_TOKEN is not taken by Slack (invalid_auth)" in err


@pytest.mark.parametrize("name", ["slack", "run", "nudges"])
async def test_without_a_way_to_slack_the_start_says_so(tmp_path: Path, name: str) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/api/"
    settings = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": nowhere}
    code, _, err = await ended(await started(tmp_path, name=name, **settings))
    assert code == 2
    assert "waymark: Slack cannot be reached (ClientConnectorError). Look at the network" in err


async def test_work_in_flight_is_finished_when_a_signal_comes(tmp_path: Path) -> None:
    async with playing_slack() as slack, over_http(tmp_path, slack) as (process, way):
        slack.slow["chat.postMessage"] = 1.0
        await People(slack, way).write("compare ai ml salary")
        while not slack.calls or slack.calls[-1][0] != "chat.postMessage":  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        code, _, err = await ended(process)
        assert (code, len(slack.messages)) == (0, 1)
        assert "event=slack.ended" in err
        assert "warning" not in err  # a process that has nothing to complain of is silent


async def test_one_process_can_answer_and_send_nudges(tmp_path: Path) -> None:
    async with playing_slack() as slack, over_http(tmp_path, slack, "run") as (process, way):
        people = People(slack, way)
        await people.command("/roadmap", "follow ml-engineer")
        seen = await people.command("/nudge", "mon 9:00 yes")
        assert seen is not None
        trial = next(value for _, _, value in seen.labels().values() if value.startswith("nudge test"))
        await people.press(seen, "Send one now", value=trial)
        async with asyncio.timeout(PATIENCE):
            while not any("A trial, as you asked" in message.text for message in slack.messages):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert (await ended(process))[0] == 0


async def test_figures_are_shown_on_their_own_port_and_never_on_slacks(tmp_path: Path) -> None:
    port = free_port()
    async with (
        playing_slack() as slack,
        over_http(tmp_path, slack, "run", METRICS_PORT=str(port)) as (_, way),
        way.session.get(f"{way.address}/metrics") as public,
        way.session.get(f"http://127.0.0.1:{port}/metrics") as own,
    ):
        assert public.status == 404
        assert "waymark_nudges_due 0.0" in await own.text()


async def test_no_word_token_or_name_stands_in_the_logs(tmp_path: Path) -> None:
    async with playing_slack() as slack, over_http(tmp_path, slack) as (process, way):
        people = People(slack, way)
        slack.faults["chat.postMessage"] = [Fault(error="secretly_odd")]
        await people.write("compare rumpelstiltskin")
        await way.post("command=/compare&text=rumpelstiltskin", "application/x-www-form-urlencoded", {})
        forged = {"x-slack-request-timestamp": "1", "x-slack-signature": "v0=rumpelstiltskin"}
        await way.post("command=/compare&text=rumpelstiltskin", "application/x-www-form-urlencoded", forged)
        await way.post("text=rumpelstiltskin&type=unheard-of", "application/x-www-form-urlencoded")
        process.send_signal(signal.SIGTERM)
        code, out, err = await ended(process)
    assert code == 0
    assert out == ""
    assert "secretly_odd" in err
    assert err.count("event=slack.not_signed") == 2
    for secret in ("rumpelstiltskin", BOT_TOKEN, SECRET, "U1"):
        assert secret not in err


async def test_whatever_goes_wrong_no_word_of_it_stands_in_the_logs(tmp_path: Path) -> None:
    canary, form = "xoxb-rumpelstiltskin", "application/x-www-form-urlencoded"
    async with playing_slack() as slack, over_http(tmp_path, slack, LOG_LEVEL="DEBUG") as (process, way):
        people = People(slack, way)
        seen = await people.command("/roadmap", "follow ml-engineer")
        assert seen is not None
        slack.faults |= {
            "respond": [Fault(status=500, headers={"x-said": canary}), Fault(drop=True)],
            "users.info": [Fault(error=canary), Fault(drop=True)],
            "views.publish": [Fault(error=canary), Fault(drop=True), Fault(status=500)],
            "chat.postMessage": [Fault(drop=True, after=True), Fault(status=500)],
        }
        for value in (canary, f"roadmap done {canary}", f"nudge done #{canary}"):
            await people.press(seen, next(iter(seen.labels())), value=value)
        await people.write(canary)
        await people.mention(canary)
        await people.open_home()
        await people.command("/waymark", canary)
        await people.command(f"/{canary}", canary)
        with closing(sqlite3.connect(tmp_path / "waymark.sqlite3")) as file:
            file.execute("DROP TABLE rule")
        await people.command("/nudge", f"mon 9:00 yes {canary}")
        await people.press(seen, next(iter(seen.labels())), value="nudge")
        for text in (f"payload={canary}", f'payload={{"type":"{canary}"}}', canary):
            await way.post(text, form)
            await way.post(text, "application/json")
        async with way.session.get(f"{way.address}/slack/oauth_redirect?code={canary}&state={canary}"):
            pass
        process.send_signal(signal.SIGTERM)
        code, out, err = await ended(process)
    assert (code, out) == (0, "")
    assert "event=slack.response_refused" in err
    assert "event=answer.failed" in err
    for word in ("rumpelstiltskin", BOT_TOKEN, SECRET, "U1", "Kolkata"):
        assert word not in err.replace(f"error={canary}", "")  # a code that Slack itself made up is told


async def test_calls_to_slack_go_through_a_proxy_that_is_set(tmp_path: Path) -> None:
    async with playing_slack() as slack:
        proxy = slack.address.removesuffix("/api/")
        elsewhere = {"SLACK_API_URL": "http://slack-gov.invalid/api/", "HTTP_PROXY": proxy}
        async with over_http(tmp_path, slack, **elsewhere) as (process, way):
            await People(slack, way).write("compare ai ml salary")
            process.send_signal(signal.SIGTERM)
            assert (await ended(process))[0] == 0
        assert [method for method, _ in slack.calls] == ["auth.test", "chat.postMessage"]


async def test_over_socket_mode_it_answers_and_leaves_on_a_signal(tmp_path: Path) -> None:
    async with playing_slack() as slack:
        process = await started(
            tmp_path, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, SLACK_API_URL=slack.address
        )
        async with asyncio.timeout(PATIENCE):
            while not slack.sockets:  # noqa: ASYNC110 - in another process
                await asyncio.sleep(0.02)
        seen = await People(slack, slack.envelope).command("/compare", "ai ml salary")
        process.send_signal(signal.SIGTERM)
        code, _, err = await ended(process)
        assert seen is not None
        assert (code, "slack.ended" in err) == (0, True)


async def test_the_manifest_and_a_key_are_printed(tmp_path: Path) -> None:
    code, out, _ = await ended(
        await started(tmp_path, "manifest", "--url", "https://x.org", SLACK_COMMAND_PREFIX="wm-")
    )
    assert code == 0
    assert json.loads(out)["features"]["slash_commands"][0]["command"] == "/wm-compare"
    code, out, _ = await ended(await started(tmp_path, "manifest"))
    assert json.loads(out)["settings"]["socket_mode_enabled"] is True
    first, second = [await ended(await started(tmp_path, "key")) for _ in range(2)]
    assert first[1] != second[1]
    assert len(first[1].strip()) == 44
