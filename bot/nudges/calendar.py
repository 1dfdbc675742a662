"""When a nudge is due: pure calendar arithmetic over local dates. Knows no store, no message and no present moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

TOO_LATE = timedelta(hours=12)  # an older occurrence is folded into the next one
SETTLING = timedelta(days=4)  # a weekly rule that was changed leaves at least this long after the last nudge
DAY_BEGINS, DAY_ENDS = time(8), time(21)  # a late nudge is held to these hours of the learner's day


@dataclass(frozen=True, slots=True)
class Rule:
    """Weekdays (0 is Monday), a wall-clock time and an IANA zone."""

    days: frozenset[int]
    at: time
    zone: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date on which a rule falls due, in the learner's zone, and the moment in UTC. The date is its key."""

    day: date
    at: datetime


class Lateness(StrEnum):
    """What becomes of an occurrence at a given moment."""

    ON_TIME = "on time"
    LATE = "late"
    HELD = "held"
    FOLDED = "folded"


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def moment(rule: Rule, day: date) -> datetime:
    """Return the UTC moment of a rule's time on a local date.

    A time that the clocks skip is moved forward by the gap; of one that they repeat the first is taken.
    """
    return datetime.combine(day, rule.at, tzinfo=_zone(rule.zone)).astimezone(UTC)


@lru_cache(maxsize=4096)  # of popular hours many rules fall due at once
def next_occurrence(rule: Rule, after: datetime, first_day: date | None = None) -> Occurrence:
    """Find the first occurrence after an aware moment, on `first_day` (a local date) or later.

    Steps over local dates, never over UTC, so that no change of the clocks loses or doubles one.
    """
    day = after.astimezone(_zone(rule.zone)).date() - timedelta(days=1)
    if first_day is not None and first_day > day:
        day = first_day
    while True:
        if day.weekday() in rule.days:
            at = moment(rule, day)
            if at > after:
                return Occurrence(day, at)
        day += timedelta(days=1)


def first_day_after_change(rule: Rule, last_sent: date | None) -> date | None:
    """Return the earliest local date on which a changed rule may fall due; None if nothing was sent yet.

    A weekly rule leaves four days, so that two weekly nudges lie 4 to 10 days apart; one with more days, one day.
    """
    if last_sent is None:
        return None
    return last_sent + (SETTLING if len(rule.days) == 1 else timedelta(days=1))


def lateness(rule: Rule, due: datetime, now: datetime, grace: timedelta = timedelta(minutes=5)) -> Lateness:
    """Judge an occurrence that was due at `due`: send it, send it as late, hold it until morning, or fold it.

    Someone whose own time lies outside the day's hours has asked for such hours and is not held.
    """
    if now - due <= grace:
        return Lateness.ON_TIME
    if now - due > TOO_LATE:
        return Lateness.FOLDED
    if _by_day(rule.at) and not _by_day(now.astimezone(_zone(rule.zone)).time()):
        return Lateness.HELD
    return Lateness.LATE


def monday_of(zone: str, moment: datetime) -> date:
    """Return the first day of the week that a moment lies in, by the clock of a zone."""
    day = moment.astimezone(_zone(zone)).date()
    return day - timedelta(days=day.weekday())


def _by_day(clock: time) -> bool:
    return DAY_BEGINS <= clock <= DAY_ENDS


def morning_after(zone: str, now: datetime) -> datetime:
    """Return the next beginning of the day's hours in a zone, in UTC: until then a held nudge waits."""
    local = now.astimezone(_zone(zone))
    day = local.date() if local.time() < DAY_BEGINS else local.date() + timedelta(days=1)
    return datetime.combine(day, DAY_BEGINS, tzinfo=_zone(zone)).astimezone(UTC)
