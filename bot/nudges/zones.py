"""Which time zone people mean by a city, a country, an abbreviation or a slip of any. Knows no clock and no learner."""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.likeness import by_likeness
from bot.nudges.zone_words import ABBREVIATIONS, COUNTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OFFERED = 8  # places to choose from, where a name has several
_SUGGESTED = 4  # after a slip
_FAR_LARGER = 10  # a city with so many times the people of its namesake is the one that is meant
_NEAR = 70.0  # similarity of 0 to 100 from which a place is suggested
_BREAKS = re.compile(r"[\W_]+")
_PADDING = frozenset(
    "time zone timezone standard daylight local clock about every each weekly once week "
    "study studying learn learning practice".split()
)


@dataclass(frozen=True, slots=True)
class City:
    """A place that people name: its IANA zone, its country (ISO 3166), how many live there."""

    name: str
    zone: str
    country: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What a text may mean, the likeliest first; `sure` if that is the one, `slip` if none is spelt so."""

    cities: tuple[City, ...]
    sure: bool = False
    slip: bool = False


def find(text: str) -> Found:
    """Find the zone that somebody means; of several, or after a slip, the places to ask back with."""
    words = _words(text)
    meant = tuple(word for word in words if word not in _PADDING) or words
    for read in (_abbreviated, _zone_named, _in_country, _called, _called_in_country):
        found = read(words) or read(meant)
        if found:
            return _choice(found)
    return Found(_near(" ".join(meant)), slip=True)


def names_nothing(text: str) -> bool:
    """Say whether a text has only words that stand around a place: `local time`."""
    return _PADDING.issuperset(_words(text))


def known(zone: str) -> bool:
    """Say whether a name is one of the zone database, spelled as it spells it."""
    return zone in _zones()


def city_of(zone: str) -> str:
    """Return the place that a zone is named after: `New York` for `America/New_York`."""
    return zone.rpartition("/")[2].replace("_", " ")


def country_of(city: City) -> str:
    """Return the name of a city's country; nothing for one that is only known by its zone."""
    return next((name for code, name in _listed_countries() if code == city.country), "")


@lru_cache(maxsize=1)
def cities() -> tuple[City, ...]:
    """Return the larger cities of the world, at least one of each zone, the largest first."""
    return tuple(city for city, _ in _rows())


def _choice(found: Iterable[City]) -> Found:
    """Take the first if all have one zone, or if it is far larger than the next; else ask."""
    zones: dict[str, City] = {}
    for city in found:
        zones.setdefault(city.zone, city)
    first, *others = zones.values()
    if not others or (others[0].people and first.people >= _FAR_LARGER * others[0].people):
        return Found((first,), sure=True)
    return Found((first, *others)[:OFFERED])


def _abbreviated(words: tuple[str, ...]) -> tuple[City, ...]:
    return tuple(City(city_of(zone), zone) for zone in _abbreviations().get(" ".join(words), ()))


def _zone_named(words: tuple[str, ...]) -> tuple[City, ...]:
    zone = _zone_names().get(words)
    return (City(city_of(zone), zone),) if zone else ()


def _in_country(words: tuple[str, ...]) -> tuple[City, ...]:
    country = _countries().get(" ".join(words))
    return tuple(city for city in cities() if city.country == country) if country else ()


def _called(words: tuple[str, ...]) -> tuple[City, ...]:
    """Return the cities of this name; those that are only also called so stand back."""
    found = _named().get(" ".join(words), ())
    proper = tuple(city for city in found if _words(city.name) == words)
    return proper or tuple(found)


def _called_in_country(words: tuple[str, ...]) -> tuple[City, ...]:
    """Read a city with its country behind it: `hyderabad pakistan`."""
    for cut in range(1, len(words)):
        country = _countries().get(" ".join(words[cut:]))
        found = tuple(city for city in _called(words[:cut]) if city.country == country)
        if found:
            return found
    return ()


def _near(text: str) -> tuple[City, ...]:
    """Return the places whose names come nearest, each zone once; of equally near ones the larger is first."""
    near = by_likeness(text, list(_named()), _NEAR, 4 * _SUGGESTED)
    hits = [(score, city) for name, score, _ in near for city in _named()[name]]
    hits.sort(key=lambda hit: (-hit[0], -hit[1].people))
    zones: dict[str, City] = {}
    for _, city in hits:
        zones.setdefault(city.zone, city)
    return tuple(zones.values())[:_SUGGESTED]


def _words(text: str) -> tuple[str, ...]:
    """Split text into comparable words, without accents: `São Paulo` is `sao paulo`, as people type it."""
    folded = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "")).casefold()
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return tuple(word for word in _BREAKS.split(plain) if word)


def _rows() -> Iterator[tuple[City, list[str]]]:
    """Read the cities, and what each is also called."""
    for line in files("bot.nudges").joinpath("cities.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, country, zone, people, *others = line.split("\t")
            yield City(name, zone, country, int(people)), others[0].split(",") if others else []


@lru_cache(maxsize=1)
def _named() -> Mapping[str, tuple[City, ...]]:
    names: dict[str, dict[City, None]] = {}
    for city, others in _rows():
        for name in (city.name, *others):
            names.setdefault(" ".join(_words(name)), {})[city] = None
    for zone in _zone_names().values():  # places too small for the list: Chatham, Lord Howe
        city = City(city_of(zone), zone)
        names.setdefault(" ".join(_words(city.name)), {city: None})
    return {name: tuple(found) for name, found in names.items()}


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@lru_cache(maxsize=1)
def _zone_names() -> Mapping[tuple[str, ...], str]:
    """Return the zones by the words of their names; not `Etc/GMT+5` and its like, whose signs people read wrong."""
    return {_words(zone): zone for zone in sorted(_zones()) if "/" in zone and not zone.startswith("Etc/")}


@lru_cache(maxsize=1)
def _abbreviations() -> Mapping[str, tuple[str, ...]]:
    rows = [line.split() for line in ABBREVIATIONS.strip().splitlines()]
    return {word: tuple(zone for zone in row if known(zone)) for row in rows for word in row if not known(word)}


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """Return the countries by their names, as the zone database and as people call them."""
    names = {" ".join(_words(name)): code for code, name in _listed_countries()}
    for row in COUNTRIES.strip().splitlines():
        code, _, called = row.partition(" ")
        names |= dict.fromkeys(called.split(","), code)
    return names


@lru_cache(maxsize=1)
def _listed_countries() -> tuple[tuple[str, str], ...]:
    """Return code and name of every country."""
    rows = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8").splitlines()
    return tuple((code, name) for code, _, name in (row.partition("\t") for row in rows) if name and code[0] != "#")
