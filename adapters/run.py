"""The processes of an operator: a worker that sends nudges, and the record that follows a restored backup.

Puts parts together; what each of them does stands elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from adapters.clock import Job, keep_time
from adapters.configured import parts, platforms, takes_port
from adapters.doctor import may_not_last
from adapters.nudging import sweeping, unnoted
from adapters.process import Part, run_parts, stopped_by_signals
from adapters.terminal.screen import screen
from adapters.terminal.send import terminal
from bot.app import Bot
from bot.errors import UserError
from bot.nudges.assume import assume_sent
from bot.pack.load import shipped_pack
from bot.store.alone import alone
from bot.store.backlog import backlog
from bot.store.database import reaching
from bot.store.engine import open_store

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.nudging import Note
    from bot.nudges.outcome import Platform
    from bot.reply import Reply
    from bot.settings import Settings
    from bot.store.engine import Store

Clock = Callable[[], "datetime"]

RELOAD, TIDY = timedelta(seconds=10), timedelta(days=1)
KEPT = timedelta(days=366)  # how long deliveries that have ended are kept

log = structlog.get_logger()


async def run_worker(settings: Settings, now: Clock, *, answering: bool = False) -> int:
    """Send nudges until a signal comes, show health on the port that is set, and return the exit code.

    With `answering`, whatever is configured answers as well, in the same process.
    """
    url, stopping = settings.database_url.get_secret_value(), asyncio.Event()
    async with AsyncExitStack() as held:
        held.enter_context(stopped_by_signals(stopping))
        bot = Bot(settings.waymark_pack or shipped_pack(), partial(open_store, url))
        held.push_async_callback(bot.close)
        is_alone = held.enter_context(alone(url))
        store = await bot.store()
        if is_alone:
            with reaching():  # the first that is written: a disk may be full, a file for reading only
                await store.lanes.free_all()  # whoever held one is dead, and need not be waited for
        shared = None if answering and takes_port() else settings.port
        note = await _figures(held, store, settings.metrics_port, shared, now)
        if warning := may_not_last(url, settings.port, os.environ):
            log.warning("database.may_not_last", advice=warning)
        others = await platforms(held, settings, store, now)
        jobs = _jobs(bot, store, settings, now, stopping, note, others)
        answers = await parts(held, settings, now) if answering else []
        log.info("worker.started", jobs=len(jobs), parts=[part.name for part in answers])
        code = await run_parts([Part("nudges", partial(keep_time, jobs, now)), *answers], stopping)
    log.info("worker.ended", code=code)
    return code


async def run_assumption(settings: Settings, until: datetime, now: datetime) -> int:
    """Record all that was due by a moment as sent, after a backup was restored; print how much that was.

    Raises SettingsError while a worker runs on the SQLite file, UserError for a moment that is still to come.
    """
    if until > now:
        raise UserError(
            f"{until:%Y-%m-%dT%H:%M:%SZ} is still to come, and what is due by then was not sent by anybody."
        )
    url = settings.database_url.get_secret_value()
    with alone(url):
        async with aclosing(await open_store(url)) as store:
            count = await assume_sent(store, until, now)
    sys.stdout.write(f"Assumed to be sent: {count}. Each is recorded, and none of them is sent again.\n")
    return 0


async def tidy(store: Store, now: datetime, batch: int = 1000) -> int:
    """Delete the deliveries that ended over a year ago, a batch a transaction, and count them; forget old keys."""
    await store.seen.forget_before(now - KEPT)
    deleted, last = 0, batch
    while last == batch:
        last = await store.deliveries.forget_before(now - KEPT, batch)
        deleted += last
    return deleted


def _jobs(  # noqa: PLR0913, PLR0917 - all that a process has
    bot: Bot,
    store: Store,
    settings: Settings,
    now: Clock,
    stopping: asyncio.Event,
    note: Note,
    others: Sequence[Platform],
) -> list[Job]:
    async def reload() -> None:
        bot.refresh()

    on_screen = screen(sys.stdout, os.environ, numbered=False)

    async def show(reply: Reply) -> None:
        on_screen(reply)

    sweeps = [
        sweeping(bot=bot, store=store, platform=platform, now=now, stopping=stopping, note=note)
        for platform in (terminal(show, settings.nudges_per_second), *others)
    ]
    return [*sweeps, Job("reload", RELOAD, reload), Job("tidy", TIDY, lambda: tidy(store, now()))]


async def _figures(held: AsyncExitStack, store: Store, own: int | None, shared: int | None, now: Clock) -> Note:
    """Show figures on a port of their own, else on that for health, and return what counts for them.

    Where Slack calls the port, figures are not shown on it: whoever knows the address could read them.
    """
    port = own or shared
    if port is None:
        return unnoted
    from adapters.figures import Figures  # noqa: PLC0415 - 60 ms, and only where a port is set
    from adapters.health import served  # noqa: PLC0415

    figures = Figures()

    async def look() -> None:
        figures.show(await backlog(store.database, now()))

    await held.enter_async_context(served(port, figures.registry, look, setting="METRICS_PORT" if own else "PORT"))
    return figures.note
