"""`waymark slack`: everything that answers in Slack, put together from the settings, until a signal comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import structlog
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings

from adapters.slack.answers import Answers
from adapters.slack.app import make_app, make_client, quiet
from adapters.slack.desk import Desk
from adapters.slack.home import Home
from adapters.slack.installs import ManyWorkspaces, States
from adapters.slack.limit import Limit
from adapters.slack.listener import Listener
from adapters.slack.manifest import SCOPES
from adapters.slack.names import names
from adapters.slack.people import People
from adapters.slack.post import Post
from adapters.slack.send import PER_SECOND, Sender
from adapters.slack.settings import Way
from adapters.slack.web import INSTALL, REDIRECT
from adapters.slack.workspaces import Workspaces, one_workspace
from bot.app import Bot
from bot.commands import COMMANDS
from bot.nudges.outcome import Sent
from bot.pack.load import shipped_pack
from bot.store.engine import open_store

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import SecretStr
    from slack_bolt.app.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    from adapters.slack.settings import SlackSettings
    from bot.nudges.outcome import Outcome
    from bot.reply import Reply
    from bot.request import Learner
    from bot.settings import Settings
    from bot.store.engine import Store

TIMEOUT = aiohttp.ClientTimeout(total=30)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Assembly:
    """What answers in Slack, whichever way it is reached; `installing` where many workspaces can."""

    bot: Bot
    app: AsyncApp
    listener: Listener
    desk: Desk
    client: AsyncWebClient
    sender: Sender
    installing: AsyncOAuthFlow | None = None


@asynccontextmanager
async def assembled(settings: Settings, slack: SlackSettings, now: Callable[[], datetime]) -> AsyncIterator[Assembly]:
    """Put everything together; at the end, finish what is under way and let go of it all.

    Raises SettingsError for what cannot be used: a setting, the database, or a token that Slack does not take.
    """
    url, desk = settings.database_url.get_secret_value(), Desk()
    async with aclosing(await open_store(url)) as store, aiohttp.ClientSession(timeout=TIMEOUT) as session:
        sender, workspaces = await sending(settings, slack, session, store, now)
        bot = Bot(
            settings.waymark_pack or shipped_pack(),
            partial(_ready, store),
            commands=dict(COMMANDS),  # all are loaded now, that nobody waits for one later
            direct=partial(_direct, sender, store),
        )
        answers = Answers(bot, sender.names, People(), now, {})
        listener = Listener(answers, desk, Limit(), Post(session), Home(answers), workspaces)
        bare = make_client(session, slack.slack_api_url)
        app = make_app(listener, workspaces.authorize, bare, _said(slack.slack_signing_secret))
        installing = installation(slack, workspaces, bare) if isinstance(workspaces, ManyWorkspaces) else None
        try:
            yield Assembly(bot, app, listener, desk, bare, sender, installing)
        finally:
            await desk.drain()


async def sending(
    settings: Settings, slack: SlackSettings, session: aiohttp.ClientSession, store: Store, now: Callable[[], datetime]
) -> tuple[Sender, Workspaces]:
    """Make what sends direct messages, and what knows whose token acts where.

    What is sealed with an older key is sealed anew.
    """
    called = names(COMMANDS, slack.slack_command_prefix, slack.slack_command_names)
    workspaces: Workspaces
    if slack.way() is Way.MANY and slack.waymark_secret_key is not None:
        from adapters.slack.crypt import sealer  # noqa: PLC0415 - 7 MB that one workspace has no need of

        workspaces = many = ManyWorkspaces(store, sealer(slack.waymark_secret_key), now)
        await many.seal_anew()
    else:
        client = make_client(session, slack.slack_api_url)
        workspaces = await one_workspace(client, _said(slack.slack_bot_token), store)
    per_second = min(settings.nudges_per_second, PER_SECOND)
    return Sender(session, slack.slack_api_url, workspaces.token_of, called, per_second), workspaces


def installation(slack: SlackSettings, many: ManyWorkspaces, client: AsyncWebClient) -> AsyncOAuthFlow:
    """Set up Slack's own flow by which workspaces install the app."""
    settings = AsyncOAuthSettings(
        client_id=slack.slack_client_id,
        client_secret=_said(slack.slack_client_secret),
        scopes=SCOPES,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        authorization_url=f"{slack.slack_api_url.removesuffix('api/')}oauth/v2/authorize",
        installation_store=many,
        state_store=States(many.store, many.seal, many.now),
        logger=quiet(),
    )
    return AsyncOAuthFlow(client=client, logger=quiet(), settings=settings)


async def _ready(store: Store) -> Store:
    return store


async def _direct(sender: Sender, store: Store, learner: Learner, reply: Reply) -> Outcome:
    """Send a learner a direct message that no delivery stands for, and remember the conversation that it opened."""
    lane = await store.lanes.find(learner.lane)
    outcome = await sender.direct(learner.lane, lane.secret if lane else None, learner.person, reply)
    if isinstance(outcome, Sent) and outcome.dm:
        await store.learners.set_dm(learner, outcome.dm)
    return outcome


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
