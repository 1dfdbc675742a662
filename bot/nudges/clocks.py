"""What clocks show around the world at a moment: a zone found without typing. Knows no learner and guesses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.nudges.zones import City, cities, city_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Face:
    """One time shown now, the distance from UTC that makes it, and the largest city of each zone there."""

    shows: datetime
    offset: timedelta
    cities: tuple[City, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """An hour that clocks show now: every time shown in it (`17:20`), with its distance from UTC and its cities."""

    faces: tuple[Face, ...]


def clocks(at: datetime) -> tuple[Clock, ...]:
    """Return what clocks show at a moment, an entry for each hour of the day: never more than 24."""
    hours: dict[int, list[Face]] = {}
    for offset, found in sorted(_by_offset(at).items()):
        shows = (at + offset).replace(tzinfo=None)
        hours.setdefault(shows.hour, []).append(Face(shows, offset, tuple(found)))
    return tuple(Clock(tuple(hours[hour])) for hour in sorted(hours))


def cities_at(offsets: Iterable[timedelta], at: datetime, most: int) -> tuple[City, ...]:
    """Return cities whose clocks stand at one of these distances from UTC, one a zone, the most telling first.

    What is left out has the same clock as one of those returned, all year.
    """
    wanted = set(offsets)
    found = [city for offset, group in sorted(_by_offset(at).items()) if offset in wanted for city in group]
    telling = _telling()
    return tuple(sorted(found, key=lambda city: (city.zone not in telling, -city.people))[:most])


def local(zone: str, at: datetime) -> datetime:
    """Return what a clock in a zone shows at a moment."""
    return at.astimezone(ZoneInfo(zone))


def offset_of(zone: str, at: datetime) -> timedelta:
    """Return how far a zone's clock is from UTC at a moment."""
    return local(zone, at).utcoffset() or timedelta()


def elsewhere(said: str | None, before: str | None, own: str, at: datetime) -> str | None:
    """Return the zone that a platform says now, if it shows another time than a learner's own; None if it does not.

    None as well if it said the same `before`, when they chose theirs: then they know, and want it so.
    """
    if said is None or said == before:
        return None
    return said if offset_of(said, at) != offset_of(own, at) else None


def _by_offset(at: datetime) -> Mapping[timedelta, Sequence[City]]:
    """Group the largest cities of all zones by their distance from UTC, the largest first."""
    groups: dict[timedelta, list[City]] = {}
    for city in _one_a_zone():
        groups.setdefault(offset_of(city.zone, at), []).append(city)
    return groups


@lru_cache(maxsize=1)
def _one_a_zone() -> tuple[City, ...]:
    zones: dict[str, City] = {}
    for city in cities():
        zones.setdefault(city.zone, city)
    small = (zone for zone in sorted(_telling()) if zone not in zones)
    return (*zones.values(), *(City(city_of(zone), zone) for zone in small))


@lru_cache(maxsize=1)
def _telling() -> frozenset[str]:
    """Return zones such that every other one goes, from now on, like one of them."""
    rows = files("tzdata").joinpath("zoneinfo/zonenow.tab").read_text("utf-8").splitlines()
    return frozenset(row.split("\t")[2] for row in rows if row and not row.startswith("#"))
