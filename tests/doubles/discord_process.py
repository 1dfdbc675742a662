"""`waymark` in a process of its own that talks to the double; and members of a crowd, whose leases are short."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from doubles.discord import TOKEN

if TYPE_CHECKING:
    from doubles.discord import Discord

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # seconds without a sign of life, far above what anything here takes
WAYMARK = ("-m", "adapters")
LEASE, APART = 2.0, 1.0  # seconds, for members
MEMBER = f"""
import asyncio
from datetime import UTC, datetime, timedelta
from adapters.cli import _settings
from adapters.discord.run import run_discord
from adapters.discord.settings import discord_settings
from adapters.discord.shards import Spans
spans = Spans(timedelta(seconds={LEASE}), timedelta(seconds={APART}))
raise SystemExit(asyncio.run(run_discord(_settings("INFO"), discord_settings(), lambda: datetime.now(UTC), spans)))
"""
AS_MEMBER = ("-c", MEMBER)


async def started(
    folder: Path, discord: Discord, *arguments: str, python: tuple[str, ...] = WAYMARK, **settings: str
) -> Process:
    """Start a process whose files lie in a folder; `waymark discord` unless it is told otherwise."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'waymark.sqlite3'}",
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "DISCORD_TOKEN": TOKEN,
    }
    command = (sys.executable, *python, *(arguments or ("discord",)))
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment | settings, stdout=PIPE, stderr=PIPE, stdin=PIPE
    )


async def ended(process: Process, typed: str = "") -> tuple[int, str, str]:
    """Wait for the end; return the exit code and what was written."""
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate(typed.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def killed_at_the_end(process: Process) -> AsyncIterator[Process]:
    """Let no process outlive the block."""
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


@asynccontextmanager
async def running(
    folder: Path, discord: Discord, *arguments: str, python: tuple[str, ...] = WAYMARK, **settings: str
) -> AsyncIterator[Process]:
    """Run it until the block ends, from the moment at which it has identified."""
    begun = len(discord.gateway.identified)
    async with killed_at_the_end(await started(folder, discord, *arguments, python=python, **settings)) as process:
        await asyncio.wait_for(discord.gateway.wait_identified(begun + 1), PATIENCE)
        yield process
