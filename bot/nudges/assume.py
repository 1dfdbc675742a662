"""After a backup was restored: what was due before a moment is taken as sent, so that nobody is nudged twice.

Knows no platform, and sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.nudges.calendar import next_occurrence
from bot.nudges.model import DeliveryState
from bot.nudges.verdict import Drop
from bot.store.queue import Falling

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.engine import Store

BATCH = 200


async def assume_sent(store: Store, until: datetime, now: datetime) -> int:
    """Record everything that was due by `until` as assumed to be sent, and count it; no worker may run meanwhile.

    Rules go on to their first occurrence after it. Done again, it finds nothing.
    """
    reason = f"assumed to be sent, as all that was due until {until:%Y-%m-%dT%H:%M:%SZ}"
    assumed = Drop(DeliveryState.ASSUMED, reason)
    count = await store.queue.assume_sent(until, reason, now)
    for lane in await store.lanes.ids():
        while due := await store.rules.due(lane, until, BATCH):
            falling = [
                Falling(learner, kept, next_occurrence(kept.rule, kept.due.at), assumed)
                for learner, kept in due
                if kept.due
            ]
            count += len(await store.queue.enqueue(falling, now))
    return count
