"""Who asks, where, and what was typed or pressed; an adapter makes one Request of each event it takes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.house import NOWHERE, House

if TYPE_CHECKING:
    from datetime import datetime

SEEN_EVERY = timedelta(minutes=10)  # that a learner was here is noted no oftener, and so may be noted too early


class Place(StrEnum):
    """Who can read what is answered here."""

    PRIVATE = "private"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Learner:
    """One person on one platform; the same person on two platforms is two learners.

    `lane` is the delivery lane that reaches them (`terminal`, `discord`, `slack:T1|E1`), `person` their id there.
    `zone` is the IANA zone that the platform knows them by; `overseen` if others may be able to read along there.
    """

    lane: str
    person: str
    zone: str | None = None
    overseen: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One typed line or one press, at an aware moment; `pressed` marks text that came out of a button's wire form.

    `house` is the community whose rules hold there; `admin` if the platform says that who asks is an admin of it.
    """

    text: str
    at: datetime
    learner: Learner | None = None
    place: Place = Place.PRIVATE
    pressed: bool = False
    house: House = NOWHERE
    admin: bool = False
