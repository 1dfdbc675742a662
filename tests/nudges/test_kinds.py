"""Days, times, dates and distances as people type them."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import Kind
from bot.nudges.kinds import (
    DATE,
    DAYS,
    OFFSET,
    TIME,
    WHOLE_DAYS,
    day_meant,
    days_in_words,
    days_text,
    offset_text,
    read_days,
    time_text,
)

TODAY = date(2026, 11, 21)  # a Saturday
days_of_week = st.sets(st.integers(0, 6), min_size=1).map(frozenset)


def read(kind: Kind, typed: str) -> str | None:
    """Return the canonical form of what was typed, None if it is not of this kind."""
    match = kind.pattern.fullmatch(typed) if kind.pattern else None
    return kind.canonical(match) if match else None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mon", "mon"),
        ("Mondays", "mon"),
        ("tue,fri", "tue,fri"),
        ("tues, thurs", "tue,thu"),
        ("Fr und", None),
        ("mon, wed and fri", "mon,wed,fri"),
        ("mon-fri", "mon,tue,wed,thu,fri"),
        ("sat to mon", "mon,sat,sun"),
        ("every day", "daily"),
        ("weekdays", "mon,tue,wed,thu,fri"),
        ("weekend", "sat,sun"),
        ("every monday", "mon"),
        ("mond", None),
        ("moon", None),
    ],
)
def test_days_are_read_in_short_and_long_form(typed: str, meant: str | None) -> None:
    assert read(DAYS, typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9", "09:00"),
        ("9am", "09:00"),
        ("9 AM", "09:00"),
        ("09:00", "09:00"),
        ("21.30", "21:30"),
        ("9:30 p.m.", "21:30"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("0900", "09:00"),
        ("21h", "21:00"),
        ("9h30", "09:30"),
        ("at 7", "07:00"),
        ("7 o'clock", "07:00"),
        ("9 in the evening", "21:00"),
        ("9 in the morning", "09:00"),
        ("11 at night", "23:00"),
        ("2 at night", "02:00"),
        ("12 at night", "00:00"),
        ("21:30pm", "21:30"),
        ("24:00", None),
        ("25", None),
        ("9:75", None),
        ("13am", None),
        ("0pm", None),
        ("90", None),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, meant: str | None) -> None:
    assert read(TIME, typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5 jan", date(2027, 1, 5)),
        ("until January 5th", date(2027, 1, 5)),
        ("5. Jan. 2028", date(2028, 1, 5)),
        ("2027-1-5", date(2027, 1, 5)),
        ("22 nov", date(2026, 11, 22)),
        ("21 nov", date(2027, 11, 21)),
        ("29 feb", date(2028, 2, 29)),
        ("30 feb", None),
        ("2027-02-30", None),
        ("for 2 weeks", date(2026, 12, 5)),
        ("a week", date(2026, 11, 28)),
        ("three days", date(2026, 11, 24)),
        ("2 months", date(2027, 1, 21)),
        ("until monday", date(2026, 11, 23)),
        ("next sat", date(2026, 11, 28)),
    ],
)
def test_a_date_without_a_year_is_the_next_one_to_come(typed: str, meant: date | None) -> None:
    canonical = read(DATE, typed)
    assert canonical is not None
    assert read(DATE, canonical) == canonical
    assert day_meant(canonical, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("+5:30", "+0530"), ("utc+2", "+0200"), ("GMT-11:00", "-1100"), ("5", None), ("+5:75", None)]
)
def test_a_distance_from_utc_needs_its_sign(typed: str, meant: str | None) -> None:
    assert read(OFFSET, typed) == meant


@given(st.times())
def test_every_time_of_day_survives_its_line_and_twelve_hours(at: time) -> None:
    assert read(TIME, time_text(at)) == time_text(at)
    assert read(TIME, f"{at:%I:%M %p}") == time_text(at)
    assert TIME.read(time_text(at)) == at.replace(second=0, microsecond=0)


@given(days_of_week, st.sampled_from([",", ", ", " ", " and ", "/", " & "]), st.sampled_from([2, 3, None]))
def test_every_set_of_days_survives_its_line_whatever_stands_between(
    days: frozenset[int], between: str, length: int | None
) -> None:
    names = [WHOLE_DAYS[day][:length] for day in sorted(days)]
    assert read(DAYS, between.join(names)) == days_text(days)
    assert read(DAYS, days_text(days)) == days_text(days)
    assert read_days(days_text(days)) == days
    assert days_in_words(days) in {"every day", "weekdays", "weekends"} or all(
        WHOLE_DAYS[day] in days_in_words(days) for day in days
    )


@given(st.integers(-14 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)))
def test_every_distance_from_utc_survives_its_line(offset: timedelta) -> None:
    assert read(OFFSET, offset_text(offset)) == offset_text(offset)
    assert OFFSET.read(offset_text(offset)) == offset


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_a_day_named_without_its_year_lies_ahead_and_has_that_name(today: date, named: date) -> None:
    canonical = read(DATE, f"{named.day} {named:%B}")
    assert canonical
    meant = day_meant(canonical, today)
    assert meant
    assert meant > today
    assert (meant.day, meant.month) == (named.day, named.month)


@given(st.text("0123456789:. apm-", max_size=12))
def test_what_is_read_as_a_time_is_a_time(typed: str) -> None:
    canonical = read(TIME, typed)
    if canonical is not None:
        assert time_text(time.fromisoformat(canonical)) == canonical


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(1, 99), st.sampled_from(["d", "w", "m"]))
def test_a_stretch_of_time_ends_ahead(today: date, count: int, unit: str) -> None:
    end = day_meant(f"{count}{unit}", today)
    assert end
    assert end > today
