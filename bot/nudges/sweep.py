"""One sweep of a platform: every lane in which something is due has its turn, a few at once, until nothing is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

import structlog

from bot.nudges.lane import take_turn

if TYPE_CHECKING:
    from bot.nudges.model import DeliveryState
    from bot.nudges.worker import Worker
    from bot.store.lanes import StoredLane

LANES = 16  # turns at once: most of a turn is waiting for the platform
LOOK_AROUND = 5.0  # seconds after which lanes that fell due are looked for while others have their turn

log = structlog.get_logger()


async def sweep(worker: Worker) -> Counter[DeliveryState]:
    """Send all that is due on a platform, and count by state the deliveries that were brought to one.

    Costs one look at an index where nothing is due. A lane whose turn fails is logged and left for a minute.
    """
    counts: Counter[DeliveryState] = Counter()
    turns: dict[asyncio.Task[Counter[DeliveryState]], str] = {}
    try:
        while True:
            for lane in await _free_lanes(worker, set(turns.values())):
                turns[asyncio.create_task(take_turn(worker, lane))] = lane.id
            if not turns:
                return counts
            ended, _ = await asyncio.wait(turns, timeout=LOOK_AROUND, return_when=asyncio.FIRST_COMPLETED)
            for turn in ended:
                del turns[turn]
                counts += _counted(turn)
    finally:
        for turn in turns:
            turn.cancel()
        await asyncio.gather(*turns, return_exceptions=True)


async def _free_lanes(worker: Worker, at_work: Collection[str]) -> list[StoredLane]:
    """List the lanes that can have a turn now."""
    room = LANES - len(at_work)
    if not room or worker.stopping():
        return []
    due = await worker.store.lanes.due(worker.platform.name, worker.now(), LANES)
    return [lane for lane in due if lane.id not in at_work][:room]


def _counted(turn: asyncio.Task[Counter[DeliveryState]]) -> Counter[DeliveryState]:
    try:
        return turn.result()
    except Exception:
        log.exception("nudge.turn_failed")
        return Counter()
