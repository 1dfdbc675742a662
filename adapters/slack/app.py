"""Bolt, set up for Waymark: one listener for each kind of payload, which hands it on. Formats and answers nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.people import lane_of

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from slack_bolt.authorization import AuthorizeResult
    from slack_bolt.context.async_context import AsyncBoltContext

    from adapters.slack.listener import Listener

# Bolt reads SLACK_BOT_TOKEN, too, and says that it goes by our client: as it shall.
_EXPECTED = frozenset({warning_client_prioritized_and_token_skipped()})
_ANY = re.compile("")  # found in every name
log = structlog.get_logger()

Authorize = Callable[[str], Awaitable["AuthorizeResult | None"]]  # by lane; None for one that is not known


def make_client(session: ClientSession, address: str) -> AsyncWebClient:
    """Make a client that repeats a call only where Slack says that it refused it for its rate."""
    once_more = AsyncRateLimitErrorRetryHandler(max_retry_count=2)
    return AsyncWebClient(base_url=address, session=session, retry_handlers=[once_more], logger=quiet())


def make_app(listener: Listener, authorize: Authorize, client: AsyncWebClient, signing_secret: str) -> AsyncApp:
    """Set up Bolt to wait for its listeners: they answer at once or hand on what takes time."""

    async def authorized(context: AsyncBoltContext) -> AuthorizeResult | None:
        return await authorize(lane_of(context))

    app = AsyncApp(
        name="waymark",
        logger=quiet(),
        client=client,
        authorize=authorized,  # type: ignore[arg-type]  # Bolt takes None, too
        signing_secret=signing_secret,
        process_before_response=True,
    )
    app.command(_ANY)(listener.command)
    app.action(_ANY)(listener.press)
    app.event(_ANY)(listener.event)
    return app


def quiet() -> logging.Logger:
    """Return the logger that Slack's packages get: what they say repeats whole requests, so only its place is kept."""
    logger = logging.getLogger("waymark.slack")
    if not logger.handlers:
        logger.addHandler(_Silent(logging.WARNING))
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    return logger


class _Silent(logging.Handler):
    """Passes on that something was said, by whom and of which error, and nothing of what was said."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg in _EXPECTED:
            return
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        said: dict[str, Any] = {"of": record.module, "line": record.lineno} | ({"error": error} if error else {})
        (log.error if record.levelno >= logging.ERROR else log.warning)("slack.library", **said)
