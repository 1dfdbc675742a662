"""A nudge worker and its rhythm, the same in a process of its own and in a chat. Knows no platform by name."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from adapters.clock import Job
from bot.nudges.message import compose
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker

if TYPE_CHECKING:
    import asyncio
    from datetime import datetime

    from bot.app import Bot
    from bot.nudges.landing import Landing
    from bot.nudges.model import Delivery
    from bot.nudges.outcome import Platform
    from bot.store.engine import Store

    Note = Callable[[Delivery, Landing, datetime], None]

EVERY = timedelta(seconds=2)  # one look at an index


def sweeping(  # noqa: PLR0913 - a worker is made of all of it, by keyword
    *, bot: Bot, store: Store, platform: Platform, now: Callable[[], datetime], stopping: asyncio.Event, note: Note
) -> Job:
    """Make the job that sends what is due on a platform; its messages come from the bot's present pack."""
    worker = Worker(
        name=f"{socket.gethostname()}:{os.getpid()}",
        store=store,
        platform=platform,
        compose=lambda nudge: compose(bot.pack, nudge),
        now=now,
        stopping=stopping.is_set,
        note=note,
    )
    return Job(f"sweep {platform.name}", EVERY, partial(sweep, worker))


def unnoted(delivery: Delivery, landing: Landing, at: datetime) -> None:
    """Take no note of what became of a delivery."""
