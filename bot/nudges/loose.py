"""What people say of a time that settles none: 25:00, 5 jan, mornings. Knows what each lacks, and answers nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.command import Kind
from bot.nudges.kinds import DATE, WHOLE_MONTHS

_MONTH = rf"(?:{'|'.join(WHOLE_MONTHS)}|{'|'.join(month[:3] for month in WHOLE_MONTHS)}|sept)\b\.?"
_LOOSE = re.compile(
    r"(?:(?:on|at|by|until|@)\s*)?(?:in\s+the\s+|the\s+)?(?:"
    r"(?P<often>(?:every|each|all)\s+)?(?:early\s+|late\s+)?(?P<part>morning|afternoon|evening|night)(?P<plural>s)?"
    r"|(?P<date>\d{4}-\d\d?-\d\d?|\d\d?/\d\d?(?:/\d{2,4})?"
    rf"|\d\d?(?:st|nd|rd|th|\.)?(?:\s+of)?\s*{_MONTH}(?:,?\s*\d{{4}})?|{_MONTH}\s*\d\d?(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    r"|next\s+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|today|tonight|tomorrow|yesterday|(?:this|next|last)\s+week"
    r"|in\s+(?:an?|\d+)\s*(?:m|min|minute|h|hr|hour|day|week)s?)"
    r"|(?P<rhythm>monthly|fortnightly|hourly|(?:twice|(?:two|three|2|3)\s+times)\s+a\s+(?:day|week|month)"
    r"|every\s+(?:other|second|third|\d+|two|three)\s*(?:day|week|month|hour)s?|every\s+(?:month|hour))"
    r"|(?P<number>\d{1,9}(?:[:.h]\d{1,9})*\s*(?P<half>[ap]\.?m\.?)?(?:h|hrs?|o.?clock)?)),?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Loose:
    """Words that settle no time of the week: a part of the day, one date, another rhythm, a number that no clock shows.

    `often` marks a part of every day, `halved` am or pm; `date` is canonical, None for a date that DATE does not read.
    """

    said: str
    part: str | None = None
    often: bool = False
    is_date: bool = False
    date: str | None = None
    halved: bool = False
    is_rhythm: bool = False


def _read(text: str) -> Loose:
    found = _LOOSE.fullmatch(text)
    if found is None:
        raise ValueError(text)
    if found["part"]:
        return Loose(text, found["part"].casefold(), often=bool(found["often"] or found["plural"]))
    if found["date"]:
        date = DATE.pattern.fullmatch(found["date"]) if DATE.pattern else None
        return Loose(text, is_date=True, date=DATE.canonical(date) if date else None)
    return Loose(text, is_rhythm=bool(found["rhythm"]), halved=bool(found["half"]))


LOOSE = Kind("hour", "an hour", _LOOSE, lambda match: match[0].casefold().rstrip(","), _read)
