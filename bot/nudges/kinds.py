"""Days, times, dates and distances from UTC as people type them, and as a button's line carries them."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from bot.command import Kind
from bot.nudges.zones import find

DAYS_OF_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHOLE_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WHOLE_MONTHS = "January February March April May June July August September October November December".split()
_MONTHS = tuple(month[:3].casefold() for month in WHOLE_MONTHS)
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]*"
_NUMBERS = {word: number for number, word in enumerate("one two three four five six".split(), start=1)} | {"a": 1}
_EVERY, _WEEKDAYS, _WEEKEND = frozenset(range(7)), frozenset(range(5)), frozenset({5, 6})
_SETS = {_EVERY: "every day", _WEEKDAYS: "weekdays", _WEEKEND: "weekends"}
_SOON = {"tom": "1d", "tod": "0d", "ton": "0d", "yes": "-1d", "thi": "0d", "nex": "mon", "las": "-1w"}

_DAY = (
    r"(?:mo(?:n(?:days?)?)?|tu(?:e(?:s(?:days?)?)?)?|we(?:d(?:s|nesdays?)?)?|th(?:u(?:r(?:s(?:days?)?)?)?)?"
    r"|fr(?:i(?:days?)?)?|sa(?:t(?:urdays?)?)?|su(?:n(?:days?)?)?)\.?"
)
_TO = r"\s*(?:-|\bto\b|\btill?\b|\bthrough\b)\s*"
_AND = r"\s*(?:,\s*and\b|,|/|&|\+|\band\b|\s)\s*"
_SPAN = re.compile(rf"({_DAY})(?:{_TO}({_DAY}))?", re.IGNORECASE)
_DAYS = re.compile(
    rf"(?:(?:on|every|each)\s+)*(?:(?P<all>daily|every\s?day|day)|(?P<week>week\s?days?)|(?P<end>week\s?ends?)"
    rf"|(?P<named>{_DAY}(?:{_TO}{_DAY})?(?:{_AND}{_DAY}(?:{_TO}{_DAY})?)*)),?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:(?:at|@)\s*)?(?:(?P<noon>(?:12\s*)?(?:noon|midday))|(?P<midnight>(?:12\s*)?midnight)"
    r"|(?P<half_hour>0?[1-9]|1[0-2])(?:[:.](?P<half_minute>[0-5]\d))?"
    r"(?:\s*(?P<half>[ap])\.?m?\.?|\s*(?:in the\s+|at\s+)?(?P<part>morning|afternoon|evening|night))"
    r"|(?P<late_hour>1[3-9]|2[0-3])(?:[:.](?P<late_minute>[0-5]\d))?\s*p\.?m\.?"
    r"|(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d))?\s*(?:h|hrs?|o.?clock)?"
    r"|(?P<row_hour>[01]\d|2[0-3])(?P<row_minute>[0-5]\d)(?:\s*(?:h|hrs))?),?",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:(?:until|till?|for|to)\s+)?(?:(?P<iso>\d{4}-\d\d?-\d\d?)"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?:\s*of)?\s*(?P<month>{_MONTH})\.?,?(?:\s*(?P<year>\d{{4}}))?"
    rf"|(?P<first>{_MONTH})\.?\s*(?P<then>\d{{1,2}})(?:st|nd|rd|th)?,?(?:\s+(?P<in>\d{{4}}))?"
    rf"|(?:next\s+)?(?P<weekday>{_DAY})"
    rf"|(?P<soon>today|tonight|tomorrow|yesterday|(?:this|next|last)\s+week)"
    rf"|(?P<whole>{'|'.join((*WHOLE_MONTHS, *_MONTHS))})"
    r"|(?P<count>-?\d{1,2}|a|one|two|three|four|five|six)\s*(?P<unit>d|w|m|days?|weeks?|months?))",
    re.IGNORECASE,
)


def days_text(days: frozenset[int]) -> str:
    """Write a set of weekdays as a line carries it: `mon,fri`, or `daily`."""
    return "daily" if days == _EVERY else ",".join(DAYS_OF_WEEK[day] for day in sorted(days))


def read_days(text: str) -> frozenset[int]:
    """Read what `days_text` wrote."""
    return _EVERY if text == "daily" else frozenset(DAYS_OF_WEEK.index(day) for day in text.split(","))


def days_in_words(days: frozenset[int]) -> str:
    """Tell a set of weekdays: `Mondays`, `Mondays and Fridays`, `weekdays`, `every day`."""
    if days in _SETS:
        return _SETS[days]
    *most, last = (f"{WHOLE_DAYS[day]}s" for day in sorted(days))
    return f"{', '.join(most)} and {last}" if most else last


def time_text(at: time) -> str:
    """Write a time of day as a line carries it and as people are shown it: `09:00`."""
    return f"{at:%H:%M}"


def day_meant(text: str, today: date) -> date | None:
    """Find the day that a canonical DATE means, seen from a day; None if there is no such day.

    A weekday, and a date without a year, is the next one to come.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    if found["weekday"]:
        return today + timedelta(days=(_weekday(found["weekday"]) - today.weekday() - 1) % 7 + 1)
    if found["count"]:
        return _after(today, int(found["count"]), found["unit"])
    try:
        return date.fromisoformat(text) if found["iso"] else _next_such(found, today)
    except ValueError:
        return None


def date_text(text: str) -> str:
    """Write a canonical DATE as people do, even where there is no such day: `31 February`."""
    found = _DATE.fullmatch(text)
    if found is None or not found["day"]:
        return text
    return " ".join(filter(None, (found["day"], WHOLE_MONTHS[_MONTHS.index(found["month"])], found["year"])))


def with_part(at: time, part: str) -> time:
    """Read an hour together with the part of the day that was named apart from it: 7 and evening is 19:00."""
    found = _TIME.fullmatch(f"{at:%H:%M} in the {part}")
    return time.fromisoformat(_canonical_time(found)) if found else at


def _next_such(found: re.Match[str], today: date) -> date:
    """Return the next day of this name; 29 February may be years away, and 30 February raises ValueError."""
    day, month = int(found["day"]), _MONTHS.index(found["month"]) + 1
    if found["year"]:
        return date(int(found["year"]), month, day)
    date(2000, month, day)  # a leap year: a day that is not in it is in none
    years = (year for year in range(today.year, today.year + 9) if month != 2 or day < 29 or _is_leap(year))
    return next(it for it in (date(year, month, day) for year in years) if it > today)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _after(today: date, count: int, unit: str) -> date:
    if unit != "m":
        return today + timedelta(days=count * {"d": 1, "w": 7}[unit])
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    return date(year, month + 1, min(today.day, 28))


def _weekday(word: str) -> int:
    return next(index for index, day in enumerate(DAYS_OF_WEEK) if day.startswith(word.casefold()[:3].rstrip(".")))


def _canonical_days(match: re.Match[str]) -> str:
    if match["all"]:
        return days_text(_EVERY)
    if match["week"]:
        return days_text(_WEEKDAYS)
    if match["end"]:
        return days_text(_WEEKEND)
    days: set[int] = set()
    for span in _SPAN.finditer(match["named"]):
        first = _weekday(span[1])
        last = _weekday(span[2]) if span[2] else first
        days |= {day % 7 for day in range(first, last + 1 + (7 if last < first else 0))}
    return days_text(frozenset(days))


def _canonical_time(match: re.Match[str]) -> str:
    if match["noon"]:
        return "12:00"
    if match["midnight"]:
        return "00:00"
    hour = int(match["half_hour"] or match["late_hour"] or match["hour"] or match["row_hour"])
    minute = int(match["half_minute"] or match["late_minute"] or match["minute"] or match["row_minute"] or 0)
    if match["half_hour"]:
        hour = hour % 12 + 12 * _is_second_half(match, hour)
    return time_text(time(hour, minute))


def _is_second_half(match: re.Match[str], hour: int) -> bool:
    """Say whether an hour of twelve is after noon; at night it is so until midnight, and not from there to six."""
    if match["half"]:
        return match["half"].casefold() == "p"
    part = match["part"].casefold()
    return part in {"afternoon", "evening"} or (part == "night" and 6 <= hour < 12)


def _canonical_date(match: re.Match[str]) -> str:
    if match["iso"]:
        year, month, day = match["iso"].split("-")
        return f"{year}-{month:0>2}-{day:0>2}"
    if match["weekday"]:
        return DAYS_OF_WEEK[_weekday(match["weekday"])]
    if match["soon"]:
        return _SOON[match["soon"][:3].casefold()]
    if match["whole"]:
        return f"1{match['whole'][:3].casefold()}"
    if match["count"]:
        count = match["count"].casefold()
        return f"{_NUMBERS.get(count) or int(count)}{match['unit'][0].casefold()}"
    day, month = match["day"] or match["then"], (match["month"] or match["first"])[:3].casefold()
    return f"{int(day)}{month}{match['year'] or match['in'] or ''}"


def _canonical_offset(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]:0>2}{match[3] or '00'}"


def offset_text(offset: timedelta) -> str:
    """Write a distance from UTC as a line carries it: `+0530`."""
    minutes = round(offset / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _read_offset(text: str) -> timedelta:
    size = timedelta(hours=int(text[1:3]), minutes=int(text[3:]))
    return -size if text[0] == "-" else size


DAYS = Kind("days", "days of the week", _DAYS, _canonical_days, read_days)
TIME = Kind("time", "a time of day", _TIME, _canonical_time, time.fromisoformat)
ZONE = Kind("zone", "a time zone", re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}|UTC", re.IGNORECASE))
DATE = Kind("date", "a date, such as 5 jan", _DATE, _canonical_date)
OFFSET = Kind(
    "offset",
    "a distance from UTC",
    re.compile(r"(?:utc|gmt)?([+-])(\d{1,2}):?([0-5]\d)?", re.IGNORECASE),
    _canonical_offset,
    _read_offset,
)
PLACE = Kind("place", "a city", takes=lambda words: bool(find(words).cities))
CONSENT = Kind(
    "consent", "yes, or discreet", re.compile(r"yes|discreet", re.IGNORECASE), lambda match: match[0].casefold()
)
SWITCH = Kind("switch", "on or off", re.compile(r"on|off", re.IGNORECASE), lambda match: match[0].casefold())
