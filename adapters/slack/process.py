"""The process that answers in Slack: the way that is configured, a clock, health; until a signal comes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog
import uvloop

from adapters.clock import Job, keep_time
from adapters.process import Part, run_parts, stopped_by_signals
from adapters.slack.run import Assembly, assembled
from adapters.slack.settings import Way
from adapters.slack.sockets import connect
from adapters.slack.web import Web, serve
from bot.errors import SettingsError
from bot.store.backlog import backlog

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.slack.settings import SlackSettings
    from bot.settings import Settings

PORT = 3000
RELOAD = timedelta(seconds=10)
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - Slack, or the balancer before us, stands outside the machine
log = structlog.get_logger()


def run_slack(settings: Settings, slack: SlackSettings, now: Callable[[], datetime]) -> int:
    """Answer until a signal comes, and return the exit code; raises SettingsError for what is missing."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_answer(settings, slack, now))


async def _answer(settings: Settings, slack: SlackSettings, now: Callable[[], datetime]) -> int:
    stopping, way = asyncio.Event(), slack.way()
    async with AsyncExitStack() as held:
        held.enter_context(stopped_by_signals(stopping))
        assembly = await held.enter_async_context(assembled(settings, slack, now))
        parts = await listening(held, assembly, settings, slack)
        log.info("slack.started", way=way.value)
        code = await run_parts([*parts, Part("clock", partial(keep_time, [_reloading(assembly)], now))], stopping)
    log.info("slack.ended", code=code)
    return code


async def listening(
    held: AsyncExitStack, assembly: Assembly, settings: Settings, slack: SlackSettings
) -> tuple[Part, ...]:
    """Make the part that takes what Slack sends, the way that is configured; health is shown on the same port."""

    async def healthy() -> None:
        await backlog((await assembly.bot.store()).database, assembly.listener.answers.now())

    if slack.way() is not Way.SOCKET:
        listener = held.enter_context(_listener(settings.port or PORT))
        web = Web(assembly.app, healthy, assembly.installing)
        return (Part("slack", partial(_over_http, assembly, web, listener)),)
    if settings.port:
        from prometheus_client import CollectorRegistry  # noqa: PLC0415 - only where a port is set

        from adapters.health import served  # noqa: PLC0415

        await held.enter_async_context(served(settings.port, CollectorRegistry(), healthy))
    token = slack.slack_app_token.get_secret_value() if slack.slack_app_token else ""
    return (Part("slack", partial(_over_socket, assembly, token)),)


async def _over_http(assembly: Assembly, web: Web, listener: socket.socket, stopping: asyncio.Event) -> None:
    await serve(web, listener, stopping)
    await assembly.desk.drain()


async def _over_socket(assembly: Assembly, token: str, stopping: asyncio.Event) -> None:
    async with connect(assembly.app, assembly.client, token):
        await stopping.wait()
    await assembly.desk.drain()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((_EVERYWHERE, port), backlog=1024)
    except OSError as error:
        raise SettingsError(f"PORT cannot be used: {error.strerror}. Set it to a port that is free.") from error


def _reloading(assembly: Assembly) -> Job:
    async def reload() -> None:
        assembly.bot.refresh()

    return Job("reload", RELOAD, reload)
