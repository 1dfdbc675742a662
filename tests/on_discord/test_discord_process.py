"""`waymark discord` as a process of its own: what is missing, what is under way at its end."""

from __future__ import annotations

import asyncio
import signal
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from doubles.discord import SLASH, TOKEN, Call, Discord, error
from doubles.discord_people import Person, labels, text
from doubles.discord_process import PATIENCE, ended, running, started

if TYPE_CHECKING:
    from aiohttp import web


async def test_it_tells_discord_of_its_commands_answers_and_ends_on_a_signal(tmp_path: Path, discord: Discord) -> None:
    async with running(tmp_path, discord) as process:
        assert discord.commands[0]["name"] == "compare"
        assert "### AI engineer" in text(await Person(discord).command("compare", role="ai-engineer"))
        assert discord.gateway.intents == [1 << 0 | 1 << 12], "servers and direct messages; nothing privileged"
        process.send_signal(signal.SIGTERM)
        code, _, err = await ended(process)
    assert code == 0
    assert TOKEN not in err
    assert "Traceback" not in err


async def test_what_is_under_way_when_the_signal_comes_is_finished(tmp_path: Path, discord: Discord) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(call: Call) -> web.Response | None:
        if call.path.startswith("/interactions"):
            arrived.set()
            await go_on.wait()
        return None

    discord.answers.append(slow)
    async with running(tmp_path, discord) as process:
        told = await Person(discord).begin(SLASH, {"id": "8", "name": "compare", "type": 1})
        await asyncio.wait_for(arrived.wait(), PATIENCE)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(discord.gateway.wait_left(), PATIENCE)
        assert process.returncode is None, "nothing more comes in, and what came in goes out"
        go_on.set()
        code, _, _ = await ended(process)
    assert code == 0
    assert told.done.is_set()


async def test_a_token_that_discord_refuses_is_one_sentence(tmp_path: Path, discord: Discord) -> None:
    code, _, err = await ended(await started(tmp_path, discord, DISCORD_TOKEN="no.such.token"))  # noqa: S106 - nobody's
    assert code == 2
    assert err.startswith("waymark: Discord refuses the token (DISCORD_TOKEN)")
    assert err.count("\n") == 1


async def test_a_discord_that_cannot_be_reached_is_one_sentence(tmp_path: Path, discord: Discord) -> None:
    code, _, err = await ended(await started(tmp_path, discord, DISCORD_API_URL="http://127.0.0.1:9/api/v10"))
    assert code == 2
    assert err.startswith("waymark: Discord cannot be reached")


async def test_without_a_token_it_says_how_to_get_one(tmp_path: Path, discord: Discord) -> None:
    code, _, err = await ended(await started(tmp_path, discord, DISCORD_TOKEN=""))
    assert (code, err) == (2, "waymark: DISCORD_TOKEN is missing. Run: waymark discord setup\n")


async def test_sync_says_what_it_did_and_does_it_once(tmp_path: Path, discord: Discord) -> None:
    for said in ("Discord knows the commands now.\n", "Discord knows the commands already.\n"):
        assert await ended(await started(tmp_path, discord, "discord", "sync")) == (0, said, "")


async def test_setup_takes_the_token_hidden_keeps_it_and_says_how_to_go_on(tmp_path: Path, discord: Discord) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=ERROR\nDISCORD_TOKEN=\n")
    process = await started(tmp_path, discord, "discord", "setup", DISCORD_TOKEN="", PYTHONWARNINGS="ignore")
    code, out, err = await ended(process, typed=f"{TOKEN}\n")
    assert code == 0, err
    assert TOKEN not in out + err
    assert "client_id=1&scope=bot+applications.commands&permissions=0" in out
    assert "integration_type=1" in out
    assert "type /waymark" in out
    assert (tmp_path / ".env").read_text() == f"LOG_LEVEL=ERROR\nDISCORD_TOKEN={TOKEN}\n"
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert discord.commands


async def test_while_discord_does_not_take_the_commands_those_of_before_are_answered(
    tmp_path: Path, discord: Discord
) -> None:
    """Nor does it have to say how many sessions may begin: then it is as for a small bot."""
    discord.answers.append(lambda call: _refused(call, "/applications/{application_id}/commands"))
    discord.answers.append(lambda call: _refused(call, "/gateway/bot"))
    async with running(tmp_path, discord) as process:
        assert text(await Person(discord).command("compare"))
        process.send_signal(signal.SIGTERM)
        code, _, err = await ended(process)
    assert code == 0
    assert "discord.commands_not_synced" in err
    assert "discord.starts_unknown" in err


async def test_doctor_looks_at_the_token_and_the_commands(tmp_path: Path, discord: Discord) -> None:
    code, out, _ = await ended(await started(tmp_path, discord, "doctor"))
    assert code == 1
    assert "ok  discord     the token is right: this is waymark" in out
    assert "DO  commands    they have changed; tell Discord: waymark discord sync" in out
    await ended(await started(tmp_path, discord, "discord", "sync"))
    code, out, _ = await ended(await started(tmp_path, discord, "doctor"))
    assert "ok  commands    Discord knows them" in out
    assert "ok  intents     no privileged one is on" in out
    assert "ok  install     it can be added to servers, and by people to themselves" in out


async def test_doctor_says_what_to_change_at_discord(tmp_path: Path, discord: Discord) -> None:
    content, presence = 1 << 19, 1 << 12
    discord.application = {"flags": content | presence, "integration_types_config": {"0": {}}} | {
        "interactions_endpoint_url": "https://example.org/presses"
    }
    code, out, err = await ended(await started(tmp_path, discord, "doctor"))
    assert code == 1, err
    assert "DO  intents     not needed: Presence Intent, Message Content Intent; switch off" in out
    assert "DO  install     tick User Install:" in out
    assert "DO  presses     Discord sends them to an address of the web" in out
    discord.application = {"flags": 0, "integration_types_config": {"0": {}, "1": {}}, "bot_require_code_grant": True}
    _, out, _ = await ended(await started(tmp_path, discord, "doctor"))
    assert "DO  install     the links to add it do not work" in out
    discord.answers.append(lambda call: _refused(call, "/oauth2/applications/@me"))
    _, out, _ = await ended(await started(tmp_path, discord, "doctor"))
    assert "DO  discord     " in out
    assert "Traceback" not in out


async def _refused(call: Call, path: str) -> web.Response | None:
    return error(403, 0) if call.path == path else None


async def test_it_shows_health_and_figures_where_a_port_is_set(tmp_path: Path, discord: Discord) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with running(tmp_path, discord, PORT=str(port)) as process, aiohttp.ClientSession() as browser:
        async with browser.get(f"http://127.0.0.1:{port}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        assert text(await Person(discord).command("compare"))
        async with browser.get(f"http://127.0.0.1:{port}/metrics") as answer:
            assert "waymark_discord_shards_connected 1.0" in await answer.text()
        process.send_signal(signal.SIGTERM)
        assert (await ended(process))[0] == 0


async def test_run_answers_and_nudges_in_one_process(tmp_path: Path, discord: Discord) -> None:
    async with running(tmp_path, discord, "run") as process:
        ana = Person(discord)
        chosen = await ana.command("nudge", roadmap="ml-engineer", days="mon", time="9am", zone="Europe/Lisbon")
        assert "Next" in text(chosen), "the opt-in is complete"
        opened = await asyncio.wait_for(discord.posted_in("742"), PATIENCE)
        assert "Your nudges are on" in text(opened)
        await ana.press(chosen, "Send one now")
        nudge = await asyncio.wait_for(discord.posted_in("742"), PATIENCE)
        assert "Done" in labels(nudge)
        process.send_signal(signal.SIGTERM)
        code, _, err = await ended(process)
    assert code == 0, err
    opened_dms = [call for call in discord.calls if call.path == "/users/@me/channels"]
    assert len(opened_dms) == 1, "the conversation that was opened at the opt-in is known to the nudges"


async def test_closed_direct_messages_are_told_at_once_with_what_to_change(tmp_path: Path, discord: Discord) -> None:
    async def closed(call: Call) -> web.Response | None:
        return error(403, 50007) if call.path == "/channels/{channel_id}/messages" else None

    async with running(tmp_path, discord):
        discord.answers.append(closed)
        ana = Person(discord)
        told = await ana.command("nudge", roadmap="ml-engineer", days="mon", time="9am", zone="Europe/Lisbon")
        assert "can’t write to you directly" in text(told)
        assert "Try again" in labels(told)
        discord.answers.clear()
        assert "Your nudges are on" in text(await ana.press(told, "Try again"))
