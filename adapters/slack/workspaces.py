"""Whose token acts where: the one that is set, for one workspace, or one for each that has installed the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import ClientError
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.errors import SettingsError

if TYPE_CHECKING:
    from datetime import datetime

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.store.engine import Store


class Workspaces(Protocol):
    """Who may act where."""

    async def authorize(self, lane: str) -> AuthorizeResult | None:
        """Return what acts where something came from; None if the app is not installed there."""

    async def token_of(self, lane: str, secret: bytes | None) -> str | None:
        """Return the token to act with in a lane; `secret` is what is kept with it."""

    async def end(self, lane: str, at: datetime) -> None:
        """Delete all that is kept of a workspace that removed the app at a moment."""


@dataclass(frozen=True, slots=True)
class OneWorkspace:
    """The workspace of the token that is set; asked for once, when the bot starts."""

    lane: str
    known: AuthorizeResult
    store: Store

    async def authorize(self, _lane: str) -> AuthorizeResult:
        """Act as the bot of this workspace: only from there can anything come in."""
        return self.known

    async def token_of(self, lane: str, _secret: bytes | None) -> str | None:
        """Return the token; None for any lane but this workspace's."""
        return self.known.bot_token if lane == self.lane else None

    async def end(self, lane: str, _at: datetime) -> None:
        """Delete all that is kept of this workspace."""
        await self.store.lanes.delete(lane)


async def one_workspace(client: AsyncWebClient, token: str, store: Store) -> OneWorkspace:
    """Find out where a token acts; raises SettingsError if Slack does not take it, or cannot be reached."""
    try:
        told: Mapping[str, Any] = (await client.auth_test(token=token)).data  # type: ignore[assignment]  # bytes only for downloads
    except SlackApiError as error:
        code = error.response.get("error")
        raise SettingsError(
            f"SLACK_BOT_TOKEN is not taken by Slack ({code}). Copy it again from OAuth & Permissions."
        ) from None
    except (ClientError, TimeoutError, OSError) as error:
        raise SettingsError(
            f"Slack cannot be reached ({type(error).__name__}). Look at the network, and at HTTPS_PROXY and "
            "SLACK_API_URL if they are set; then start again."
        ) from None
    whole = told.get("is_enterprise_install")
    known = AuthorizeResult(
        enterprise_id=told.get("enterprise_id"),
        team_id=told.get("team_id"),
        bot_user_id=told.get("user_id"),
        bot_id=told.get("bot_id"),
        bot_token=token,
    )
    return OneWorkspace(f"slack:{told.get('enterprise_id') if whole else told.get('team_id')}", known, store)
