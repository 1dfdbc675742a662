"""The process that answers in Slack: the way that is configured, a clock, health; until a signal comes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
import uvloop

from adapters.clock import Job, keep_time
from adapters.process import Part, run_parts, stopped_by_signals
from adapters.slack.run import TIMEOUT, Assembly, assembled, sending
from adapters.slack.settings import Way
from adapters.slack.web import Web, serve
from bot.errors import SettingsError
from bot.store.backlog import backlog

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.slack.settings import SlackSettings
    from bot.nudges.outcome import Platform
    from bot.settings import Settings
    from bot.store.engine import Store

Clock = Callable[[], "datetime"]
Listen = Callable[[asyncio.Event], Awaitable[None]]

PORT = 3000
RELOAD = timedelta(seconds=10)
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - Slack, or the balancer before us, stands outside the machine
log = structlog.get_logger()


def run_slack(settings: Settings, slack: SlackSettings, now: Clock) -> int:
    """Answer until a signal comes, and return the exit code; raises SettingsError for what is missing."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(settings, slack, now))


async def _run(settings: Settings, slack: SlackSettings, now: Clock) -> int:
    stopping = asyncio.Event()
    with stopped_by_signals(stopping):
        async with answering(settings, slack, now, settings.port) as part:
            return await run_parts([part], stopping)


@asynccontextmanager
async def answering(settings: Settings, slack: SlackSettings, now: Clock, port: int | None) -> AsyncIterator[Part]:
    """Give the part that answers in Slack, the way that is configured; where there is a port, it shows health there.

    Raises SettingsError for what is missing or refused.
    """
    way = slack.way()
    async with AsyncExitStack() as held:
        assembly = await held.enter_async_context(assembled(settings, slack, now))

        async def healthy() -> None:
            await backlog((await assembly.bot.store()).database, now())

        if way is Way.SOCKET:
            await _show_health(held, port, healthy)
            token = slack.slack_app_token.get_secret_value() if slack.slack_app_token else ""
            listen = partial(_over_socket, assembly, token)
        else:
            listener = held.enter_context(_listener(port or PORT))
            listen = partial(_over_http, Web(assembly.app, healthy, assembly.installing), listener)
        yield Part("slack", partial(_listen, assembly, listen, now))
        log.info("slack.ended", way=way.value)


@asynccontextmanager
async def nudging(settings: Settings, slack: SlackSettings, store: Store, now: Clock) -> AsyncIterator[Platform]:
    """Give what the nudges need to know of Slack, without listening; raises SettingsError for a refused token."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        sender, _ = await sending(settings, slack, session, store, now)
        yield sender.platform()


async def _listen(assembly: Assembly, listen: Listen, now: Clock, stopping: asyncio.Event) -> None:
    """Answer, and take the pack again when it changes; then finish what is under way."""
    log.info("slack.started")
    keeping = asyncio.create_task(keep_time([_reloading(assembly)], now, stopping))
    try:
        await listen(stopping)
        await assembly.desk.drain()
    finally:
        stopping.set()
        await keeping


async def _show_health(
    held: AsyncExitStack, port: int | None, healthy: Callable[[], Coroutine[Any, Any, None]]
) -> None:
    """Show health on a port, if one is set: Socket Mode itself needs none."""
    if port is None:
        return
    from prometheus_client import CollectorRegistry  # noqa: PLC0415 - only where a port is set

    from adapters.health import served  # noqa: PLC0415

    await held.enter_async_context(served(port, CollectorRegistry(), healthy))


async def _over_http(web: Web, listener: socket.socket, stopping: asyncio.Event) -> None:
    await serve(web, listener, stopping)


async def _over_socket(assembly: Assembly, token: str, stopping: asyncio.Event) -> None:
    from adapters.slack.sockets import connect  # noqa: PLC0415 - not needed over HTTP

    async with connect(assembly.app, assembly.client, token):
        await stopping.wait()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((_EVERYWHERE, port), backlog=1024)
    except OSError as error:
        raise SettingsError(f"PORT cannot be used: {error.strerror}. Set it to a port that is free.") from error


def _reloading(assembly: Assembly) -> Job:
    async def reload() -> None:
        assembly.bot.refresh()

    return Job("reload", RELOAD, reload)
