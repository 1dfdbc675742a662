"""Who sweeps: the store, the platform, the clock and the words that a worker is given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.nudges.landing import Landing
from bot.nudges.model import Delivery, Message, Nudge
from bot.nudges.outcome import Platform

if TYPE_CHECKING:
    from bot.store.engine import Store


def _never() -> bool:
    return False


def _unnoted(delivery: Delivery, landing: Landing, at: datetime) -> None:
    """Take no note."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker on one platform; `name` tells it from others in the store.

    `compose` makes a message from its facts: pure, and quick. `now` and `pause` (seconds) are its clock. Once
    `stopping` says so, no call begins any more. `note` hears of each landing, after it was kept.
    """

    name: str
    store: Store
    platform: Platform
    compose: Callable[[Nudge], Message]
    now: Callable[[], datetime]
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    stopping: Callable[[], bool] = _never
    note: Callable[[Delivery, Landing, datetime], None] = _unnoted
