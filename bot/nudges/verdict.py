"""Whether a delivery whose time has come is sent: a pure decision over facts. Knows no store, no present moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.nudges.calendar import TOO_LATE, Lateness, lateness, morning_after
from bot.nudges.model import Delivery, DeliveryState, KeptRule, RuleState

if TYPE_CHECKING:
    from collections.abc import Iterable

TRIAL_TOO_LATE = timedelta(hours=1)  # somebody who asked for a trial is not waiting any more

_WENT_OUT = {
    DeliveryState.SENDING,
    DeliveryState.UNCLEAR,
    DeliveryState.UNKNOWN,
    DeliveryState.SENT,
    DeliveryState.ASSUMED,
}


@dataclass(frozen=True, slots=True)
class Go:
    """Send it now."""

    late: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """Send it later, at the beginning of the learner's day."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Do not send it, and record why."""

    state: DeliveryState
    reason: str


FORBIDDEN = Drop(DeliveryState.FOLDED, "the admins had switched nudges off")
MISSED = Drop(DeliveryState.FOLDED, "more than 12 hours late")


def judge(
    delivery: Delivery,
    rule: KeptRule | None,
    past: Iterable[Delivery],
    now: datetime,
    open_since: datetime | None = None,
) -> Go | Hold | Drop:
    """Say what becomes of a delivery whose time has come; `past` are the learner's last ones that were tried.

    At most one late nudge goes to a learner: one that waited beside another is folded. So is what was due before
    `open_since`, when admins allowed nudges again.
    """
    if open_since and delivery.due_at < open_since:
        return FORBIDDEN
    if delivery.is_trial:
        return Go(late=False) if now - delivery.due_at <= TRIAL_TOO_LATE else Drop(DeliveryState.FOLDED, "too late")
    if rule is None or rule.state is not RuleState.ACTIVE:
        return Drop(DeliveryState.CANCELLED, f"the rule is {rule.state}" if rule else "the rule is gone")
    if rule.paused_until and now < rule.paused_until:
        return Drop(DeliveryState.CANCELLED, "the rule is paused")
    how = lateness(rule.rule, delivery.held_to or delivery.due_at, now)
    if how is Lateness.FOLDED:
        return MISSED
    if how is Lateness.HELD:
        return _hold(rule, now)
    late = how is Lateness.LATE or delivery.held_to is not None
    if late and any(_went_out_since(one, delivery.due_at) for one in past):
        return Drop(DeliveryState.FOLDED, "another nudge went out meanwhile")
    return Go(late)


def _hold(rule: KeptRule, now: datetime) -> Hold | Drop:
    """Hold until morning, unless the next occurrence is so near then that there would be two in one day."""
    until = morning_after(rule.rule.zone, now)
    if rule.due and rule.due.at - until < TOO_LATE:
        return Drop(DeliveryState.FOLDED, "the next one is near")
    return Hold(until)


def _went_out_since(delivery: Delivery, moment: datetime) -> bool:
    return (
        not delivery.is_trial
        and delivery.state in _WENT_OUT
        and delivery.started_at is not None
        and delivery.started_at >= moment
    )
