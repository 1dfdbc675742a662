"""Several processes of one bot, and several shards in one: who gets what, who begins when, who goes on for whom."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from doubles.discord_listening import at_once, listening
from doubles.discord_people import BOT_DM, Person, server, text
from doubles.discord_process import APART, AS_MEMBER, PATIENCE, ended, killed_at_the_end, running, started

from adapters.discord.shards import Shards
from bot.app import Bot
from bot.store.engine import open_store

if TYPE_CHECKING:
    from doubles.discord import Discord

OF_0, OF_1, OF_2, OF_3 = (str(number << 22 | 300) for number in range(4))
TWO = Shards((0, 1), 2)
Start = Callable[..., Awaitable[Process]]


@pytest.fixture
def discord(discord: Discord) -> Discord:
    """Let a share of the shards begin as seldom as half of what the members wait, for the way to it is not even."""
    discord.gateway.apart = APART / 2
    return discord


async def answered_in(discord: Discord, *guilds: str) -> bool:
    """Say whether a command in each of these servers is answered, and once."""
    before = len(discord.messages)
    for guild in guilds:
        assert text(await Person(discord, guild=guild).command("compare"))
    return len(discord.messages) == before + len(guilds)


async def until_it_waits(process: Process) -> None:
    assert process.stderr
    async with asyncio.timeout(PATIENCE):
        while b"shards_taken" not in (line := await process.stderr.readline()):
            assert line, "it ended"


async def test_two_shards_in_one_process_begin_one_after_the_other_and_each_has_its_servers(
    tmp_path: Path, discord: Discord
) -> None:
    discord.gateway.guilds = [server(OF_0, "9", "2020-01-01T00:00:00+00:00"), server(OF_1, "9", "2020-01-01T00:00:00Z")]
    async with running(tmp_path, discord, python=AS_MEMBER, DISCORD_SHARD_COUNT="2") as process:
        await asyncio.wait_for(discord.gateway.wait_identified(2), PATIENCE)
        assert discord.gateway.identified == [(0, 2), (1, 2)]
        assert [len(session.events) for session in discord.gateway.sessions.values()] == [2, 2], "READY and a server"
        assert await answered_in(discord, OF_0, OF_1, OF_2, OF_3)
        assert text(await Person(discord, context=BOT_DM).command("compare")), "what is of no server comes to shard 0"
        process.send_signal(signal.SIGTERM)
        assert (await ended(process))[0] == 0


async def test_two_processes_begin_one_after_the_other_and_each_answers_its_servers_alone(
    tmp_path: Path, discord: Discord
) -> None:
    start: Start = partial(started, tmp_path, discord, python=AS_MEMBER, DISCORD_SHARD_COUNT="2")
    async with (
        killed_at_the_end(await start(DISCORD_SHARD_IDS="0")) as one,
        killed_at_the_end(await start(DISCORD_SHARD_IDS="1")) as other,
    ):
        await asyncio.wait_for(discord.gateway.wait_identified(2), PATIENCE)
        assert sorted(discord.gateway.identified) == [(0, 2), (1, 2)]
        assert await answered_in(discord, OF_0, OF_1, OF_2, OF_3)
        one.send_signal(signal.SIGTERM)
        assert (await ended(one))[0] == 0
        assert await answered_in(discord, OF_1, OF_3)
        other.send_signal(signal.SIGTERM)
        assert (await ended(other))[0] == 0


async def test_the_shard_of_a_killed_process_is_taken_by_its_successor_when_the_lease_has_ended(
    tmp_path: Path, discord: Discord
) -> None:
    start: Start = partial(started, tmp_path, discord, python=AS_MEMBER, DISCORD_SHARD_COUNT="2")
    async with (
        running(tmp_path, discord, python=AS_MEMBER, DISCORD_SHARD_COUNT="2", DISCORD_SHARD_IDS="1") as killed,
        killed_at_the_end(await start(DISCORD_SHARD_IDS="0")) as other,
        killed_at_the_end(await start(DISCORD_SHARD_IDS="1")) as successor,
    ):
        await asyncio.wait_for(discord.gateway.wait_identified(2), PATIENCE)
        await until_it_waits(successor)
        killed.kill()
        await killed.wait()
        assert await answered_in(discord, OF_0, OF_2), "the others go on meanwhile"
        await asyncio.wait_for(discord.gateway.wait_identified(3), PATIENCE)
        assert discord.gateway.identified[-1] == (1, 2)
        assert await answered_in(discord, OF_0, OF_1, OF_2, OF_3)
        for process in (other, successor):
            process.send_signal(signal.SIGTERM)
            assert (await ended(process))[0] == 0


async def test_a_second_process_waits_and_takes_over_when_the_first_ends(tmp_path: Path, discord: Discord) -> None:
    async with (
        running(tmp_path, discord, python=AS_MEMBER) as first,
        killed_at_the_end(await started(tmp_path, discord, python=AS_MEMBER)) as second,
    ):
        await until_it_waits(second)
        assert len(discord.gateway.identified) == 1
        assert await answered_in(discord, OF_0)
        first.send_signal(signal.SIGTERM)
        await ended(first)
        await asyncio.wait_for(discord.gateway.wait_identified(2), PATIENCE)
        assert await answered_in(discord, OF_0)
        second.send_signal(signal.SIGTERM)
        assert (await ended(second))[0] == 0


async def test_who_has_lost_its_shard_to_another_answers_what_is_under_way_and_ends(
    tmp_path: Path, discord: Discord
) -> None:
    async with running(tmp_path, discord, python=AS_MEMBER) as process:
        assert await answered_in(discord, OF_0)
        async with aclosing(await open_store(f"sqlite:///{tmp_path / 'waymark.sqlite3'}")) as store:
            await store.marks.note("discord:shard:1:1:0", "another", datetime.now(UTC) + timedelta(days=1))
        code, _, err = await ended(process)
    assert code == 1, "whatever started it starts it anew, and then it waits"
    assert "LostShardError" in err
    assert discord.gateway.sessions == {}


async def test_who_identifies_too_early_is_refused_and_comes_again(discord: Discord, bot: Bot) -> None:
    discord.gateway.apart = 0.2
    async with listening(discord, bot, shards=TWO, turn=at_once):
        assert discord.gateway.hurried, "the second came at once"
        assert discord.gateway.identified == [(0, 2), (1, 2)]
        assert await answered_in(discord, OF_0, OF_1)
    discord.gateway.hurried.clear()


async def test_as_many_as_discord_allows_begin_at_once(discord: Discord, bot: Bot) -> None:
    discord.gateway.at_once, discord.gateway.apart = 2, PATIENCE
    async with listening(discord, bot, shards=TWO, turn=at_once):
        assert discord.gateway.hurried == []
        assert await answered_in(discord, OF_0, OF_1)


async def test_a_shard_whose_connection_is_lost_resumes_while_the_other_answers(discord: Discord, bot: Bot) -> None:
    discord.gateway.apart = 0
    async with listening(discord, bot, shards=TWO):
        await discord.gateway.drop(shard=1)
        assert await answered_in(discord, OF_0, OF_1)
        await discord.gateway.wait_resumed(1)
        assert len(discord.gateway.identified) == 2
