"""What `waymark doctor` looks at in Slack: the tokens, and whether they may do what the bot does. Changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import aiohttp
from slack_sdk.errors import SlackApiError

from adapters.slack.app import make_client
from adapters.slack.crypt import sealer
from adapters.slack.manifest import SCOPES
from adapters.slack.settings import Way
from bot.errors import SettingsError

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from adapters.slack.settings import SlackSettings

Found = tuple[str, bool, str]  # what was looked at, whether it is well, a word on it
TIMEOUT = aiohttp.ClientTimeout(total=10)
_TAB = "cannot be asked of Slack: see that App Home > Messages Tab is on, or no direct message arrives"


async def examined(slack: SlackSettings) -> AsyncIterator[Found]:
    """Look at one thing after another; where the settings are not enough, that is all that is said."""
    try:
        way = slack.way()
        if way is Way.MANY and slack.waymark_secret_key:
            sealer(slack.waymark_secret_key)
    except SettingsError as error:
        yield "slack", False, error.sentence
        return
    yield "slack", True, f"configured: {way.value}"
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        client = make_client(session, slack.slack_api_url)
        if slack.slack_bot_token:
            async for found in _token(client, slack.slack_bot_token.get_secret_value()):
                yield found
        if slack.slack_app_token:
            yield await _app_token(client, slack.slack_app_token.get_secret_value())
    yield "messages", True, _TAB


async def _token(client: AsyncWebClient, token: str) -> AsyncIterator[Found]:
    try:
        told = await client.auth_test(token=token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        yield "token", False, f"Slack does not take SLACK_BOT_TOKEN ({_code(error)}); copy it from OAuth & Permissions"
        return
    yield "token", True, f"it is {told.get('user')} in {told.get('team')}"
    granted = {scope.strip() for scope in told.headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if missing:
        yield "scopes", False, f"missing: {', '.join(missing)}; add them in OAuth & Permissions, and install again"
    else:
        yield "scopes", True, "all that is needed"


async def _app_token(client: AsyncWebClient, token: str) -> Found:
    try:
        await client.apps_connections_open(app_token=token)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        advice = "make one with connections:write in Basic Information"
        return "socket", False, f"Slack does not take SLACK_APP_TOKEN ({_code(error)}); {advice}"
    return "socket", True, "a connection can be opened"


def _code(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
