"""A call to the platform, from its beginning to the state that it leads to, whatever happens in between.

Knows no queue; never raises, so that no outcome is lost.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.nudges.landing import Landing, answered, looked_up, not_begun
from bot.nudges.model import Delivery
from bot.nudges.outcome import CannotTell, Envelope, Lookup, Outcome, Refused, Unclear

if TYPE_CHECKING:
    from bot.nudges.model import Ending
    from bot.nudges.worker import Worker
    from bot.reply import Reply
    from bot.store.lanes import StoredLane
    from bot.store.queue import Waiting

LOOK_LIMIT = 30.0  # seconds
LOOK_AGAIN = timedelta(minutes=2)
FROZEN = timedelta(seconds=20)  # between the commit and the call: others may think by then that it was made

NO_ANSWER = "no answer in time"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ended:
    """What a call led to; `lane_refused` if the answer goes for the whole lane."""

    delivery: Delivery
    landing: Landing
    lane_refused: Refused | None = None


def addressed(held: StoredLane, waiting: Waiting, attempt: int, began: datetime, reply: Reply | None) -> Envelope:
    """Address a nudge to its learner, on the lane that is held."""
    learner = waiting.learner
    return Envelope(waiting.delivery.id, attempt, held.id, learner.person, learner.dm, began, reply, held.secret)


async def send(worker: Worker, envelope: Envelope, delivery: Delivery, ending: Ending | None) -> Ended:
    """Send one nudge whose attempt was committed when the envelope says; one that was frozen since is not sent."""
    now = worker.now()
    if now - envelope.started_at > FROZEN:
        return Ended(delivery, not_begun(delivery, envelope.attempt, "frozen before the call", now))
    outcome = await _outcome(worker, envelope)
    landing = answered(delivery, envelope.attempt, outcome, worker.now(), ending)
    return Ended(delivery, landing, outcome if isinstance(outcome, Refused) and outcome.of_lane else None)


async def look_up(worker: Worker, envelope: Envelope, delivery: Delivery) -> Ended:
    """Look for a nudge of which nobody knows whether it arrived."""
    lookup = await _lookup(worker, envelope)
    return Ended(delivery, looked_up(delivery, lookup, worker.now()))


async def _outcome(worker: Worker, envelope: Envelope) -> Outcome:
    """Call once; whatever is not an answer leaves it unclear, be it that whoever made the call gave it up."""
    try:
        return await worker.platform.send(envelope)
    except asyncio.CancelledError as given_up:
        return Unclear(NO_ANSWER if NO_ANSWER in given_up.args else "the worker was stopped during the call")
    except Exception as error:
        log.exception("nudge.call_failed", delivery=envelope.delivery_id)
        return Unclear(type(error).__name__)


async def _lookup(worker: Worker, envelope: Envelope) -> Lookup:
    try:
        async with asyncio.timeout(LOOK_LIMIT):
            return await worker.platform.look(envelope)
    except TimeoutError:
        return CannotTell(NO_ANSWER, LOOK_AGAIN)
    except Exception as error:
        log.exception("nudge.look_failed", delivery=envelope.delivery_id)
        return CannotTell(type(error).__name__, LOOK_AGAIN)
