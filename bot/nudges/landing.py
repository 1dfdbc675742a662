"""What one attempt of a delivery comes to: its answer, or what was found out about it, as the state to keep.

Pure; knows no store and no platform.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, assert_never

from bot.nudges.model import Delivery, DeliveryState, Ending, RuleState
from bot.nudges.outcome import Absent, CannotTell, Found, Lookup, Outcome, Refused, Sent, Unclear
from bot.nudges.verdict import Drop, Hold

SETTLING = timedelta(seconds=120)  # before a call in doubt is looked up: it may still be under way
LOOKING = timedelta(hours=1)  # how long it is looked up again where nobody can tell yet
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)

PENDING = frozenset({DeliveryState.PENDING})
SENDING = frozenset({DeliveryState.SENDING})
UNCLEAR = frozenset({DeliveryState.UNCLEAR})
# A first answer that comes late counts for more than what was concluded without it.
IN_DOUBT = SENDING | UNCLEAR | {DeliveryState.UNKNOWN}
ARRIVED = IN_DOUBT | PENDING


class Landing(NamedTuple):
    """The state that an attempt of a delivery comes to, if it is still in one of those it can come from.

    `act_at` where it stays open. What is None of `held_to` and `ref` stays as it is. `repeated` marks that it is
    sent once more after a call in doubt. `dm` is kept with the learner; `ending` is what becomes of their rule.
    """

    delivery_id: int
    learner_id: int
    attempt: int
    came_from: frozenset[DeliveryState]
    state: DeliveryState
    reason: str | None = None
    act_at: datetime | None = None
    held_to: datetime | None = None
    ref: str | None = None
    repeated: bool = False
    dm: str | None = None
    ending: Ending | None = None


def set_aside(delivery: Delivery, verdict: Hold | Drop) -> Landing:
    """Land a delivery that is not sent now."""
    of = (delivery.id, delivery.learner_id, delivery.attempt, PENDING)
    match verdict:
        case Hold(until):
            return Landing(*of, DeliveryState.PENDING, "held until morning", act_at=until, held_to=until)
        case Drop(state, reason):
            return Landing(*of, state, reason)
        case _:
            assert_never(verdict)


def not_begun(delivery: Delivery, attempt: int, reason: str, again_at: datetime) -> Landing:
    """Land an attempt whose call was surely never made: it is pending again."""
    came_from = SENDING if attempt > delivery.attempt else PENDING
    return Landing(delivery.id, delivery.learner_id, attempt, came_from, DeliveryState.PENDING, reason, act_at=again_at)


def answered(
    delivery: Delivery, attempt: int, outcome: Outcome, now: datetime, ending: Ending | None = None
) -> Landing:
    """Land an attempt by what the platform answered; `ending` is what its message makes of the rule, once there."""
    of = (delivery.id, delivery.learner_id, attempt)
    match outcome:
        case Sent(ref, dm):
            return Landing(*of, ARRIVED, DeliveryState.SENT, ref=ref, dm=dm, ending=ending)
        case Refused(reason, permanent=True, of_lane=False):
            suspended = Ending(RuleState.SUSPENDED, reason)
            return Landing(*of, IN_DOUBT, DeliveryState.REFUSED, reason, ending=suspended)
        case Refused(reason, permanent, retry_after):
            wait = timedelta() if permanent else retry_after or _backoff(attempt)
            return Landing(*of, IN_DOUBT, DeliveryState.PENDING, reason, act_at=now + wait)
        case Unclear(reason):
            return Landing(*of, SENDING, DeliveryState.UNCLEAR, reason, act_at=now + SETTLING)
        case _:
            assert_never(outcome)


def looked_up(delivery: Delivery, lookup: Lookup, now: datetime) -> Landing:
    """Land an attempt in doubt by what a look for it found.

    It is sent once more only if it is surely absent, and only once; else it stays unknown and the learner is told.
    """
    of = (delivery.id, delivery.learner_id, delivery.attempt, UNCLEAR)
    match lookup:
        case Found(ref):
            return Landing(*of, DeliveryState.SENT, ref=ref)
        case Absent() if not delivery.repeated:
            return Landing(*of, DeliveryState.PENDING, "it had not arrived", act_at=now, repeated=True)
        case Absent():
            return Landing(*of, DeliveryState.UNKNOWN, "it had not arrived, twice")
        case CannotTell(reason, again_in):
            if again_in and delivery.started_at and now + again_in <= delivery.started_at + LOOKING:
                return Landing(*of, DeliveryState.UNCLEAR, reason, act_at=now + again_in)
            return Landing(*of, DeliveryState.UNKNOWN, reason)
        case _:
            assert_never(lookup)


def _backoff(attempt: int) -> timedelta:
    """Wait twice as long after every attempt, up to an hour."""
    return min(FIRST_RETRY * (1 << min(attempt, 10)) / 2, LAST_RETRY)
