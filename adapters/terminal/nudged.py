"""Nudges in a chat: what falls due while it is open is shown in it. Begins nothing before there is a store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.errors import SettingsError, UserError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.app import Bot
    from bot.reply import Reply
    from bot.settings import Settings

    Bring = Callable[[Reply], Awaitable[None]]

log = structlog.get_logger()

LOOK = 1.0  # seconds between two looks for a store
LAST = 10.0  # seconds at most for what is due when the lines end


@asynccontextmanager
async def nudged(
    bot: Bot, settings: Settings, now: Callable[[], datetime], bring: Bring, *, to_the_last: bool
) -> AsyncIterator[None]:
    """Have what is due brought while the block runs, unless another process sends the nudges of this database.

    With `to_the_last`, what is due when the block ends is brought as well.
    """
    stopping = asyncio.Event()
    nudging = asyncio.create_task(_nudge(bot, settings, now, bring, stopping, to_the_last=to_the_last))
    try:
        yield
    finally:
        stopping.set()
        await nudging


def has_store(url: str) -> bool:
    """Tell without opening it whether anything can be in the store: a SQLite file has to be there."""
    scheme, _, path = url.partition("///")
    return not scheme.startswith("sqlite") or Path(path.partition("?")[0]).is_file()


async def _nudge(  # noqa: PLR0913 - a worker is made of all of it
    bot: Bot,
    settings: Settings,
    now: Callable[[], datetime],
    bring: Bring,
    stopping: asyncio.Event,
    *,
    to_the_last: bool,
) -> None:
    url = settings.database_url.get_secret_value()
    while not has_store(url) and not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOK)
    if stopping.is_set() and not (to_the_last and has_store(url)):
        return
    from adapters.clock import keep_time  # noqa: PLC0415 - 350 ms in all, after the greeting
    from adapters.nudging import sweeping, unnoted  # noqa: PLC0415
    from adapters.terminal.send import terminal  # noqa: PLC0415
    from bot.store.alone import alone  # noqa: PLC0415

    platform = terminal(bring, settings.nudges_per_second)
    try:
        with alone(url) as is_alone:
            store = await bot.store()
            if is_alone:
                await store.lanes.free_all()
            make = partial(sweeping, bot=bot, store=store, platform=platform, now=now, note=unnoted)
            await keep_time([make(stopping=stopping)], now, stopping)
            if to_the_last:
                async with asyncio.timeout(LAST):
                    await make(stopping=asyncio.Event()).do()
    except (SettingsError, UserError) as error:  # most likely, another process sends them
        log.info("chat.without_nudges", reason=error.sentence)
    except Exception:  # the conversation goes on without
        log.exception("chat.without_nudges")
