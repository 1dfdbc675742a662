"""One sweep of a platform: every lane in which something is due has its turn, a few at once, until nothing is."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import structlog

from bot.nudges.lane import take_turn

if TYPE_CHECKING:
    from bot.nudges.model import DeliveryState
    from bot.nudges.worker import Worker

LANES = 8  # turns at once
LOOK_AROUND = 5.0  # seconds after which lanes that fell due are looked for while others have their turn

log = structlog.get_logger()


async def sweep(worker: Worker) -> Counter[DeliveryState]:
    """Send all that is due on a platform, and count by state the deliveries that were brought to one.

    Costs one look at an index where nothing is due. A lane whose turn fails is logged and left for a minute.
    """
    counts: Counter[DeliveryState] = Counter()
    turns: set[asyncio.Task[Counter[DeliveryState]]] = set()
    try:
        while True:
            if len(turns) < LANES and not worker.stopping():
                due = await worker.store.lanes.due(worker.platform.name, worker.now(), LANES - len(turns))
                turns |= {asyncio.create_task(take_turn(worker, lane)) for lane in due}
            if not turns:
                return counts
            ended, turns = await asyncio.wait(turns, timeout=LOOK_AROUND, return_when=asyncio.FIRST_COMPLETED)
            counts += sum((_counted(turn) for turn in ended), Counter())
    finally:
        for turn in turns:
            turn.cancel()
        await asyncio.gather(*turns, return_exceptions=True)


def _counted(turn: asyncio.Task[Counter[DeliveryState]]) -> Counter[DeliveryState]:
    if error := turn.exception():
        log.error("nudge.turn_failed", exc_info=error)
        return Counter()
    return turn.result()
