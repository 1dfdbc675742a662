"""Slack over HTTP: the pages that it calls, within limits, and a server that finishes what is under way at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
import uvicorn
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.errors import SettingsError

if TYPE_CHECKING:
    from socket import socket

    from slack_bolt.app.async_app import AsyncApp
    from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
    from slack_bolt.response import BoltResponse

EVENTS, INSTALL, REDIRECT, HEALTH = "/slack/events", "/slack/install", "/slack/oauth_redirect", "/healthz"
BODY_LIMIT = 1 << 20  # bytes; a press sends the whole message with it, some 100 KB at most
PATIENCE = 3.0  # seconds for a look at one's health
DRAIN = 15  # seconds for requests under way; what is handed on has the rest of the time

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Web:
    """The pages, as an ASGI application; `installing` is None where the app is installed by hand."""

    app: AsyncApp
    healthy: Callable[[], Awaitable[object]]
    installing: AsyncOAuthFlow | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what breaks is logged, and told by its status alone."""
        try:
            await self._page(scope, receive, send)
        except Exception:
            log.exception("slack.page_failed", path=scope["path"])
            await _plain(send, 500, "Something broke on our side.\n")

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["method"], scope["path"]:
            case "POST", path if path == EVENTS:
                await self._events(scope, receive, send)
            case (("GET" | "HEAD"), path) if path == HEALTH:
                await _plain(send, *await self._health())
            case "GET", path if path == INSTALL and self.installing:
                await _told(send, await self.installing.handle_installation(_request(scope)))
            case "GET", path if path == REDIRECT and self.installing:
                await _told(send, await self.installing.handle_callback(_request(scope)))
            case _:
                await _plain(send, 404, "Not found.\n")

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to Bolt if it is short enough and has a time; Bolt fails over a time that is none."""
        sent_at = _header(scope, b"x-slack-request-timestamp")
        if not sent_at.isascii() or not sent_at.isdecimal() or len(sent_at) > 12:
            log.warning("slack.not_signed")
            await _plain(send, 401, "Not signed.\n")
            return
        body = await _body(receive)
        if body is None:
            await _plain(send, 413, "Too long.\n")
            return
        response = await self.app.async_dispatch(_request(scope, body))
        if response.status == 401:
            log.warning("slack.not_signed")
        await _told(send, response)

    async def _health(self) -> tuple[int, str]:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.healthy()
        except Exception:  # noqa: BLE001 - whatever it is, it is not well
            return 503, "not well\n"
        return 200, "ok\n"


async def serve(web: Web, listening: socket, stopping: asyncio.Event) -> None:
    """Answer on a socket until the event is set; then take nothing more, and finish what is under way.

    Raises SettingsError if the server cannot start.
    """
    config = uvicorn.Config(
        web,
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=DRAIN,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listening])
    if server.should_exit:
        raise SettingsError("PORT cannot be used. Set it to a port that is free.")
    ticking = asyncio.create_task(server.main_loop())  # serve() would take the signals, which belong to the process
    try:
        await stopping.wait()
    finally:
        server.should_exit = True
        await ticking
        await server.shutdown(sockets=[listening])


async def _body(receive: Receive) -> bytes | None:
    """Read a body; None if it is too long."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BODY_LIMIT:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _request(scope: Scope, body: bytes = b"") -> AsyncBoltRequest:
    """Make Bolt's request; bytes that are no text become marks, and with them no signature holds."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    return AsyncBoltRequest(body=body.decode(errors="replace"), query=query, headers=headers)


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


async def _told(send: Send, response: BoltResponse) -> None:
    """Send what Bolt made; it may set several cookies."""
    headers = [(name, value) for name, values in response.headers.items() for value in values]
    await _answer(send, response.status, headers, response.body)


async def _plain(send: Send, status: int, text: str) -> None:
    await _answer(send, status, [("content-type", "text/plain; charset=utf-8")], text)


async def _answer(send: Send, status: int, headers: list[tuple[str, str]], text: str) -> None:
    coded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    body = text.encode()
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*coded, length]})
    await send({"type": "http.response.body", "body": body})
