"""Zones by city, country, abbreviation and slip; and by what a clock shows."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nudges.clocks import cities_at, clocks, local, offset_of
from bot.nudges.zones import cities, city_of, country_of, find

AT = datetime(2026, 11, 21, 12, 20, tzinfo=UTC)
ZONES = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/"))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Mumbai", "Asia/Kolkata"),
        ("bangalore", "Asia/Kolkata"),
        ("Bombay", "Asia/Kolkata"),
        ("new delhi", "Asia/Kolkata"),
        ("Trivandrum", "Asia/Kolkata"),
        ("india", "Asia/Kolkata"),
        ("indian standard time", "Asia/Kolkata"),
        ("asia kolkata", "Asia/Kolkata"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("sao paulo", "America/Sao_Paulo"),
        ("SÃO PAULO", "America/Sao_Paulo"),
        ("lisbon, portugal", "Europe/Lisbon"),
        ("hyderabad pakistan", "Asia/Karachi"),
        ("new york", "America/New_York"),
        ("pacific time", "America/Los_Angeles"),
        ("uk", "Europe/London"),
        ("london", "Europe/London"),
        ("st johns", "America/St_Johns"),
        ("chatham", "Pacific/Chatham"),
        ("utc", "UTC"),
    ],
)
def test_a_plain_name_is_taken_without_asking(typed: str, zone: str) -> None:
    found = find(typed)
    assert found.sure
    assert found.cities[0].zone == zone


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("IST", ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"]),
        ("cst", ["America/Chicago", "Asia/Shanghai", "America/Havana"]),
        ("EST", ["America/New_York", "Australia/Sydney", "America/Jamaica"]),
        ("hyderabad", ["Asia/Kolkata", "Asia/Karachi"]),
        ("birmingham", ["Europe/London", "America/Chicago"]),
    ],
)
def test_what_means_several_things_is_asked_back(typed: str, zones: list[str]) -> None:
    found = find(typed)
    assert not found.sure
    assert [city.zone for city in found.cities] == zones


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("lisbn", "Europe/Lisbon"),
        ("kolkatta", "Asia/Kolkata"),
        ("bengalore", "Asia/Kolkata"),
        ("parris", "Europe/Paris"),
    ],
)
def test_a_slip_is_asked_back_with_the_likeliest_first(typed: str, zone: str) -> None:
    found = find(typed)
    assert not found.sure
    assert found.cities[0].zone == zone
    assert len({city.zone for city in found.cities}) == len(found.cities) <= 4


@pytest.mark.parametrize("typed", ["", "xyzzy", "!!!", "qqqqqqqqqq"])
def test_nonsense_finds_nothing(typed: str) -> None:
    assert find(typed).cities == ()


@pytest.mark.parametrize("zone", ZONES)
def test_every_zone_of_the_database_is_known_by_its_name(zone: str) -> None:
    for typed in (zone, zone.lower(), zone.replace("_", " ").replace("/", " ")):
        found = find(typed)
        assert found.sure
        assert found.cities[0].zone == zone


def test_every_city_is_in_a_zone_that_exists() -> None:
    known = zoneinfo.available_timezones()
    assert [city for city in cities() if city.zone not in known] == []
    assert [city.people for city in cities()] == sorted((city.people for city in cities()), reverse=True)


@given(st.sampled_from(cities()))
def test_every_city_is_found_by_its_name_and_country(city: object) -> None:
    assert isinstance(city, type(cities()[0]))
    found = find(f"{city.name} {country_of(city)}")
    assert city.zone in {each.zone for each in found.cities}


@given(st.text(max_size=40))
def test_anything_typed_is_answered_with_zones_that_exist(typed: str) -> None:
    found = find(typed)
    assert {city.zone for city in found.cities} <= zoneinfo.available_timezones()
    assert not found.sure or len(found.cities) == 1


@given(moments)
def test_the_clocks_of_the_world_fit_one_menu_and_leave_no_zone_out(at: datetime) -> None:
    shown = clocks(at)
    assert len(shown) <= 24
    assert all(face.shows.hour == clock.faces[0].shows.hour for clock in shown for face in clock.faces)
    assert all(len(clock.faces) <= 5 and all(face.cities for face in clock.faces) for clock in shown)
    listed = {city.zone for clock in shown for face in clock.faces for city in face.cities}
    assert {city.zone for city in cities()} <= listed


@settings(max_examples=8)
@given(moments)
def test_whoever_presses_their_clock_finds_a_city_that_keeps_it_for_years(at: datetime) -> None:
    for clock in clocks(at):
        offered = cities_at([face.offset for face in clock.faces], at, 25)
        kept = {_course(city.zone, at) for city in offered}
        left_out = [city for face in clock.faces for city in face.cities if _course(city.zone, at) not in kept]
        assert left_out == []
        assert len(offered) <= 25
        assert all(offset_of(city.zone, at) in {face.offset for face in clock.faces} for city in offered)


def _course(zone: str, at: datetime) -> tuple[timedelta, ...]:
    """Return a zone's distance from UTC at a moment, and every ten days of a year from there, or from now on."""
    begin = max(at, datetime(2026, 11, 1, tzinfo=UTC))
    return (offset_of(zone, at), *(offset_of(zone, begin + timedelta(days=10 * n)) for n in range(37)))


def test_no_place_is_offered_for_a_clock_that_none_has() -> None:
    assert cities_at([timedelta(hours=20)], AT, 25) == ()


def test_a_clock_shows_its_zones_time() -> None:
    assert f"{local('Asia/Kolkata', AT):%a %H:%M}" == "Sat 17:50"
    assert city_of("America/Argentina/Buenos_Aires") == "Buenos Aires"
