"""Slack over Socket Mode: a connection that the bot opens, so that it needs no public address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

if TYPE_CHECKING:
    from slack_bolt.app.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient


@asynccontextmanager
async def connect(app: AsyncApp, client: AsyncWebClient, app_token: str) -> AsyncIterator[None]:
    """Take what Slack sends while the block runs; connections that end are opened anew."""
    handler = AsyncSocketModeHandler(app, app_token, web_client=client)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]
