"""What a platform is to the nudges: how to send one, how to look one up, how fast; and what can come of either.

Knows no platform by name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.reply import Reply


@dataclass(frozen=True, slots=True)
class Sent:
    """It has arrived: `ref` names the message, `dm` the conversation if the platform told it."""

    ref: str
    dm: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """It surely was not made: `permanent` if it never will be, `of_lane` if that goes for the whole lane."""

    reason: str
    permanent: bool = False
    retry_after: timedelta | None = None
    of_lane: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may or may not have arrived: a timeout, a dropped connection, an error on their side."""

    reason: str


Outcome = Sent | Refused | Unclear


@dataclass(frozen=True, slots=True)
class Found:
    """The message is there."""

    ref: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The message is surely not there, and will not come."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Nobody can say; `again_in` if it is worth another look."""

    reason: str
    again_in: timedelta | None = None


Lookup = Found | Absent | CannotTell


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a platform needs to send one nudge, or to look for it; the buttons of `reply` carry the delivery's id.

    `started_at` is when the first call that is in doubt began. `reply` is None for looking one up.
    """

    delivery_id: int
    attempt: int
    lane: str
    person: str
    dm: str | None
    started_at: datetime
    reply: Reply | None = None
    secret: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one lane may be sent to: calls that begin a second, and calls under way at once."""

    per_second: float
    in_flight: int


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform as the nudges see it; its name is what its lanes' ids begin with."""

    name: str
    send: Callable[[Envelope], Awaitable[Outcome]]
    look: Callable[[Envelope], Awaitable[Lookup]]
    pace: Pace
