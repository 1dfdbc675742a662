"""When a nudge is due, in every zone there is and over five years: once a chosen day, at the time asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nudges.calendar import (
    DAY_BEGINS,
    DAY_ENDS,
    TOO_LATE,
    Lateness,
    Occurrence,
    Rule,
    first_day_after_change,
    lateness,
    moment,
    morning_after,
    next_occurrence,
)

BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = sorted(available_timezones())

zones = st.sampled_from(ZONES)
days = st.frozensets(st.integers(0, 6), min_size=1)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
rules = st.builds(Rule, days, times, zones)
weekly = st.builds(Rule, st.integers(0, 6).map(lambda day: frozenset({day})), times, zones)
moments = st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))


def walk(rule: Rule, begin: datetime = BEGIN, end: datetime = END) -> Iterator[Occurrence]:
    """Go from one occurrence to the next, as a rule that is never changed does."""
    one = next_occurrence(rule, begin)
    while one.at < end:
        yield one
        one = next_occurrence(rule, one.at)


@cache
def changes(zone: str) -> list[tuple[datetime, timedelta]]:
    """List the moments at which a zone's clocks change, and by how much, without asking the code under test."""
    clock, found = ZoneInfo(zone), []
    for day in range((END - BEGIN).days):
        low, high = BEGIN + day * DAY, BEGIN + (day + 1) * DAY
        before, after = _offset(low, clock), _offset(high, clock)
        if before == after:
            continue
        while high - low > timedelta(minutes=1):
            middle = low + (high - low) / 2
            low, high = (middle, high) if _offset(middle, clock) == before else (low, middle)
        found.append((high.replace(second=0, microsecond=0), after - before))
    return found


def _offset(at: datetime, clock: ZoneInfo) -> timedelta:
    offset = at.astimezone(clock).utcoffset()
    assert offset is not None
    return offset


def touchy(zone: str) -> set[tuple[int, time]]:
    """Name the weekdays and times that a zone's changes of clocks skip, repeat, or only just leave alone."""
    clock, found = ZoneInfo(zone), set()
    for at, by in changes(zone):
        after = at.astimezone(clock).replace(tzinfo=None, fold=0)
        first, other = sorted((after - by, after))
        edges = (first, first + (other - first) / 2, other - timedelta(minutes=1), other)
        found |= {(edge.weekday(), edge.time()) for edge in edges}
    return found


def wall(zone: str, at: datetime) -> datetime:
    """Read the clock on the wall of a zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def skipped(zone: str, asked: datetime) -> timedelta:
    """Say by how much the clocks jump over a time on the wall; zero where they show it."""
    for at, by in changes(zone):
        shown_next = wall(zone, at)
        if shown_next - by <= asked < shown_next:
            return by
    return timedelta()


def check(rule: Rule, begin: datetime = BEGIN, end: datetime = END) -> None:
    """Walk over a rule's occurrences: every chosen day is there once, at the asked time, one after the other."""
    found = list(walk(rule, begin, end))
    chosen = [one.day for one in found]
    span = (chosen[-1] - chosen[0]).days + 1
    assert chosen == [day for day in (chosen[0] + number * DAY for number in range(span)) if day.weekday() in rule.days]
    assert chosen[0] - wall(rule.zone, begin).date() <= 7 * DAY
    assert wall(rule.zone, end).date() - chosen[-1] <= 7 * DAY
    assert all(one.at < other.at for one, other in pairwise(found))
    for one in found:
        asked = datetime.combine(one.day, rule.at)
        assert wall(rule.zone, one.at) == asked + skipped(rule.zone, asked), one
        assert wall(rule.zone, one.at).fold == 0


@pytest.mark.parametrize("initial", sorted({zone[0] for zone in ZONES}))
def test_in_every_zone_each_chosen_day_has_one_occurrence_at_the_asked_time_through_every_change_of_clocks(
    initial: str,
) -> None:
    for zone in (zone for zone in ZONES if zone.startswith(initial)):
        for day, at in touchy(zone) | {(0, time(9))}:
            check(Rule(frozenset({day}), at, zone))


@given(rules, moments.filter(lambda begin: begin < END - 60 * DAY))
def test_any_days_and_time_in_any_zone_have_one_occurrence_a_chosen_day(rule: Rule, begin: datetime) -> None:
    check(rule, begin, begin + 60 * DAY)


@given(weekly, moments)
def test_what_comes_next_does_not_depend_on_when_one_asks(rule: Rule, asked_at: datetime) -> None:
    found = [one.at for one in walk(rule, asked_at - 30 * DAY, asked_at + 30 * DAY)]
    assert next_occurrence(rule, asked_at).at == found[bisect_right(found, asked_at)]


@given(rules, moments, st.integers(-20, 20))
def test_a_first_day_moves_the_beginning_and_nothing_else(rule: Rule, now: datetime, offset: int) -> None:
    first_day = wall(rule.zone, now).date() + offset * DAY
    expected = next(one for one in walk(rule, now, now + 60 * DAY) if one.day >= first_day)
    assert next_occurrence(rule, now, first_day) == expected


@given(weekly, weekly, moments, st.timedeltas(timedelta(), 10 * DAY))
def test_a_changed_weekly_rule_falls_due_in_future_and_four_to_ten_dates_after_the_last_nudge(
    rule: Rule, changed: Rule, begin: datetime, later: timedelta
) -> None:
    last = next_occurrence(rule, begin)
    now = last.at + later
    following = next_occurrence(changed, now, first_day_after_change(changed, last.day))
    assert following.at > now
    since, from_now = following.day - last.day, following.day - wall(changed.zone, now).date()
    # Nobody is nudged on a day they did not choose: who changes the rule late in the week may wait longer.
    assert 4 * DAY <= since <= 10 * DAY or from_now <= 7 * DAY < since


@given(rules.filter(lambda rule: len(rule.days) > 1), moments)
def test_a_rule_with_more_days_that_changes_goes_on_at_the_next_later_date(rule: Rule, begin: datetime) -> None:
    last = next_occurrence(rule, begin)
    following = next_occurrence(rule, last.at, first_day_after_change(rule, last.day))
    assert following == next_occurrence(rule, last.at)
    assert following.day > last.day


def test_a_rule_of_who_was_never_nudged_changes_at_once() -> None:
    assert first_day_after_change(Rule(frozenset({0}), time(9), "Asia/Kolkata"), None) is None


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("America/New_York", date(2026, 3, 8), time(2, 30), "2026-03-08T07:30"),  # skipped: 03:30 on the wall
        ("America/New_York", date(2026, 11, 1), time(1, 30), "2026-11-01T05:30"),  # repeated: the first of the two
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),  # half an hour is repeated
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:45"),  # half an hour is skipped
        ("Africa/Casablanca", date(2026, 2, 15), time(2, 30), "2026-02-15T01:30"),  # Ramadan begins
        ("Africa/Casablanca", date(2026, 3, 22), time(2, 30), "2026-03-22T02:30"),  # and ends
        ("America/Havana", date(2026, 3, 8), time(0, 30), "2026-03-08T05:30"),  # midnight itself is skipped
        ("Africa/Cairo", date(2026, 4, 24), time(0, 30), "2026-04-23T22:30"),  # midnight before a Friday
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), "2026-03-29T01:30"),  # the last hour before Sunday
        ("America/Nuuk", date(2026, 3, 29), time(0, 15), "2026-03-29T01:15"),  # which leaves Sunday alone
        ("Asia/Kolkata", date(2026, 11, 23), time(9), "2026-11-23T03:30"),  # never changes
    ],
)
def test_named_changes_of_clocks_come_out_as_the_clocks_on_the_wall_show_them(
    zone: str, day: date, at: time, expected: str
) -> None:
    rule, due = Rule(frozenset({day.weekday()}), at, zone), datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert moment(rule, day) == due
    assert next_occurrence(rule, due - timedelta(minutes=1)) == Occurrence(day, due)
    assert next_occurrence(rule, due).day == day + 7 * DAY


BERLIN = Rule(frozenset({0}), time(20), "Europe/Berlin")
DUE = moment(BERLIN, date(2026, 11, 23))
OWL = Rule(frozenset({0}), time(23), "Europe/Berlin")


@pytest.mark.parametrize(
    ("rule", "late", "expected"),
    [
        (BERLIN, timedelta(), Lateness.ON_TIME),
        (BERLIN, timedelta(minutes=5), Lateness.ON_TIME),
        (BERLIN, timedelta(minutes=6), Lateness.LATE),
        (BERLIN, timedelta(hours=1), Lateness.LATE),
        (BERLIN, timedelta(hours=1, minutes=1), Lateness.HELD),
        (BERLIN, timedelta(hours=11, minutes=59), Lateness.HELD),
        (BERLIN, timedelta(hours=12), Lateness.LATE),
        (BERLIN, timedelta(hours=12, seconds=1), Lateness.FOLDED),
        (OWL, timedelta(hours=3), Lateness.LATE),  # 23:00 is their own choice, so two at night is no worse
    ],
)
def test_lateness_is_judged_by_the_hours_since_and_the_learners_own_day(
    rule: Rule, late: timedelta, expected: Lateness
) -> None:
    due = moment(rule, date(2026, 11, 23))
    assert lateness(rule, due, due + late) is expected


@given(rules, moments, st.timedeltas(timedelta(minutes=6), 2 * TOO_LATE))
def test_nothing_late_goes_out_at_night_unless_the_learner_chose_the_night(
    rule: Rule, due: datetime, late: timedelta
) -> None:
    verdict = lateness(rule, due, due + late)
    if verdict is Lateness.LATE:
        clock = wall(rule.zone, due + late).time()
        assert DAY_BEGINS <= clock <= DAY_ENDS or not DAY_BEGINS <= rule.at <= DAY_ENDS
    assert (verdict is Lateness.FOLDED) == (late > TOO_LATE)


@given(zones, moments)
def test_a_held_nudge_waits_for_the_next_eight_in_the_morning(zone: str, now: datetime) -> None:
    morning = morning_after(zone, now)
    assert now < morning
    assert wall(zone, morning).time() == DAY_BEGINS
    is_early = wall(zone, now).time() < DAY_BEGINS
    assert wall(zone, morning).date() - wall(zone, now).date() == (timedelta() if is_early else DAY)
