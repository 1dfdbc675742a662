"""Whose token acts where: the one that is set, for one workspace, or one for each that has installed the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.errors import SettingsError

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient


@dataclass(frozen=True, slots=True)
class OneWorkspace:
    """The workspace of the token that is set; asked for once, when the bot starts."""

    lane: str
    known: AuthorizeResult
    client: AsyncWebClient

    async def authorize(self, _lane: str) -> AuthorizeResult:
        """Act as the bot of this workspace: only from there can anything come in."""
        return self.known

    async def client_of(self, lane: str) -> AsyncWebClient | None:
        """Return the client that acts in a workspace; None in any other."""
        return self.client if lane == self.lane else None


async def one_workspace(client: AsyncWebClient) -> OneWorkspace:
    """Find out where the client's token acts; raises SettingsError if Slack does not take it."""
    try:
        told: Mapping[str, Any] = (await client.auth_test()).data  # type: ignore[assignment]  # bytes only for downloads
    except SlackApiError as error:
        code = error.response.get("error")
        raise SettingsError(
            f"SLACK_BOT_TOKEN is not taken by Slack ({code}). Copy it again from OAuth & Permissions."
        ) from None
    whole = told.get("is_enterprise_install")
    known = AuthorizeResult(
        enterprise_id=told.get("enterprise_id"),
        team_id=told.get("team_id"),
        bot_user_id=told.get("user_id"),
        bot_id=told.get("bot_id"),
        bot_token=client.token,
    )
    return OneWorkspace(f"slack:{told.get('enterprise_id') if whole else told.get('team_id')}", known, client)
