"""What a nudge is: its rule, one delivery of it with its state, the facts that a message is made from.

Pure types; knows no store, no text and no platform.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.nudges.calendar import Occurrence, Rule
    from bot.progress import Progress
    from bot.reply import Reply
    from bot.store.learners import StoredLearner

GRACE = timedelta(minutes=5)  # a nudge that goes out within it is on time


class RuleState(StrEnum):
    """Whether a rule sends: only an active one does."""

    ACTIVE = "active"
    WAITING = "waiting"  # for a confirmation that could not be delivered yet
    PAUSED = "paused"  # by the learner, or after too many nudges without an answer
    STOPPED = "stopped"  # by the learner, or at the end of the roadmap
    SUSPENDED = "suspended"  # the platform refused for good; `reason` says why


class KeptRule(NamedTuple):
    """A learner's rule as kept; `due` is its next occurrence, None while nothing is to come.

    An active rule with a `paused_until` in the future is one that pauses until then: `due` lies behind it already.
    With `weeks`, the learner is shown in how many weeks they did something.
    """

    learner_id: int
    lane: str
    rule: Rule
    state: RuleState
    due: Occurrence | None
    paused_until: datetime | None
    reason: str | None
    discreet: bool
    weeks: bool = False


class DeliveryState(StrEnum):
    """How far a delivery is; the first three are open, the others are the end of it."""

    PENDING = "pending"
    SENDING = "sending"  # committed before the call
    UNCLEAR = "unclear"  # called, and the answer is not known: looked up before anything else happens
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # it can not be found out; the learner is told with the next one
    CANCELLED = "cancelled"  # stopped, paused or changed before it went out
    FOLDED = "folded"  # too late, and left to the next one
    ASSUMED = "assumed"  # taken as sent after a backup was restored


class Delivery(NamedTuple):
    """One message that is to go out once, or has; `key` is unique a learner and says what it is for.

    `act_at` is when something is next to be done with it, None at its end; `due_at` never changes.
    `held_to` is the morning to which a late one was held. `answer` is the word of the button that answered it.
    """

    id: int
    learner_id: int
    lane: str
    key: str
    parent_id: int | None
    state: DeliveryState
    due_at: datetime
    act_at: datetime | None
    held_to: datetime | None = None
    attempt: int = 0
    repeated: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ref: str | None = None
    reason: str | None = None
    task: str | None = None
    answer: str | None = None
    answered_at: datetime | None = None

    @property
    def day(self) -> date | None:
        """The local date of the occurrence of a rule; None for what was sent apart from it."""
        return date.fromisoformat(self.key[2:]) if self.key.startswith("w:") else None

    @property
    def is_trial(self) -> bool:
        """Whether the learner asked for this one only to see what it looks like."""
        return self.key.startswith("t:")


def occurrence_key(day: date) -> str:
    """Name the occurrence of a rule on a local date."""
    return f"w:{day.isoformat()}"


def snooze_key(parent_id: int) -> str:
    """Name the one repetition that a delivery can be put off to."""
    return f"s:{parent_id}"


def trial_key(press: str) -> str:
    """Name the trial that one press asked for."""
    return f"t:{press}"


@dataclass(frozen=True, slots=True)
class Nudge:
    """The facts that one message is made from.

    `past` are the learner's last deliveries that came to an end, the newest first, at most four.
    """

    delivery: Delivery
    learner: StoredLearner
    rule: KeptRule | None
    past: tuple[Delivery, ...]
    progress: Progress
    late: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """How a rule goes on after its message has arrived: paused or stopped, and why."""

    state: RuleState
    reason: str


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: the reply, the task it is about, and the rule's ending if this was its last."""

    reply: Reply
    task: str | None = None
    ending: Ending | None = None
