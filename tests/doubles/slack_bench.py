"""The real bot on the real Bolt, with Slack played around it, over HTTP or Socket Mode."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from adapters.slack.run import Assembly, assembled
from adapters.slack.settings import SlackSettings
from adapters.slack.sockets import connect
from adapters.slack.web import Web, serve
from bot.settings import Settings
from tests.doubles.slack import APP_TOKEN, BOT_TOKEN, SECRET, HttpWay, Message, People, Slack, playing_slack

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Bench:
    """Slack, its people, and the bot in it; `way` is how Slack reaches it over HTTP, None for Socket Mode."""

    slack: Slack
    people: People
    assembly: Assembly
    way: HttpWay | None

    async def settled(self) -> list[Message]:
        """Wait for all that goes on after an acknowledgement; return what can be seen now."""
        await self.assembly.desk.drain()
        return [message for message in self.slack.messages if not message.deleted]


def settings_for(slack: Slack, folder: Path, url: str | None = None, **more: object) -> tuple[Settings, SlackSettings]:
    """Return settings that lead to Slack as it is played."""
    given = {"slack_bot_token": BOT_TOKEN, "slack_signing_secret": SECRET, "slack_api_url": slack.address, **more}
    return Settings(database_url=url or f"sqlite:///{folder / 'waymark.sqlite3'}"), SlackSettings(**given)


@asynccontextmanager
async def served(web: Web) -> AsyncIterator[str]:
    """Serve on a free port; yield the address."""
    stopping, listening = asyncio.Event(), socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(serve(web, listening, stopping))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        stopping.set()
        await serving


@asynccontextmanager
async def on_slack(folder: Path, way: str = "http", **more: object) -> AsyncIterator[Bench]:
    """Start everything; at the end, nothing must have been sent that Slack refuses."""
    async with playing_slack() as slack:
        settings, chosen = settings_for(slack, folder, **more)
        async with assembled(settings, chosen, lambda: AT) as assembly:
            if way == "http":
                async with aiohttp.ClientSession() as session, served(Web(assembly.app, _well)) as address:
                    over = HttpWay(address, session)
                    yield Bench(slack, People(slack, over), assembly, over)
            else:
                async with connect(assembly.app, assembly.client, APP_TOKEN):
                    while not slack.sockets:  # noqa: ASYNC110 - it is the other side that connects
                        await asyncio.sleep(0.01)
                    yield Bench(slack, People(slack, slack.envelope), assembly, None)
        assert slack.violations == [], slack.violations


async def _well() -> None:
    """Be well."""
