"""`waymark slack`: everything that answers in Slack, put together from the settings, until a signal comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import structlog

from adapters.slack.answers import Answers
from adapters.slack.app import make_app, make_client
from adapters.slack.desk import Desk
from adapters.slack.home import Home
from adapters.slack.limit import Limit
from adapters.slack.listener import Listener
from adapters.slack.names import names
from adapters.slack.people import People
from adapters.slack.post import Post
from adapters.slack.workspaces import one_workspace
from bot.app import Bot
from bot.pack.load import shipped_pack
from bot.store.engine import open_store

if TYPE_CHECKING:
    from datetime import datetime

    from slack_bolt.app.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    from adapters.slack.settings import SlackSettings
    from bot.settings import Settings

TIMEOUT = aiohttp.ClientTimeout(total=30)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Assembly:
    """What answers in Slack, whichever way it is reached."""

    bot: Bot
    app: AsyncApp
    listener: Listener
    desk: Desk
    client: AsyncWebClient


@asynccontextmanager
async def assembled(settings: Settings, slack: SlackSettings, now: Callable[[], datetime]) -> AsyncIterator[Assembly]:
    """Put everything together; at the end, finish what is under way and let go of it all."""
    url = settings.database_url.get_secret_value()
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        token = slack.slack_bot_token.get_secret_value() if slack.slack_bot_token else None
        client = make_client(session, slack.slack_api_url, token)
        workspaces = await one_workspace(client)
        bot = Bot(settings.waymark_pack or shipped_pack(), partial(open_store, url))
        called = names(bot.commands, slack.slack_command_prefix, slack.slack_command_names)
        desk, people = Desk(), People()
        answers = Answers(bot, called, people, now, {})
        home = Home(answers)

        async def gone(lane: str) -> None:
            await (await bot.store()).lanes.delete(lane)

        listener = Listener(answers, desk, Limit(), Post(session), home, gone)
        secret = slack.slack_signing_secret.get_secret_value() if slack.slack_signing_secret else ""
        bare = make_client(session, slack.slack_api_url)
        try:
            yield Assembly(bot, make_app(listener, workspaces.authorize, bare, secret), listener, desk, bare)
        finally:
            await desk.drain()
            await bot.close()
