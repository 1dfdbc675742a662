"""What /nudge answers where the words settle no time, or mean nothing to it: what was wrong, and what works. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from bot.commands.unclear import echo
from bot.likeness import alike, by_likeness, likest
from bot.nudges.kinds import WHOLE_DAYS, date_text, day_meant, days_in_words, with_part
from bot.present import capitalised
from bot.reply import Button, Cited, Note, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.command import Command
    from bot.commands.nudge_state import Wish
    from bot.nudges.loose import Loose
    from bot.nudges.zones import City

_HOURS = {"morning": (7, 8, 9, 10), "afternoon": (13, 15, 16, 17), "evening": (18, 19, 20, 21), "night": (20, 21, 22)}
_DAILY = frozenset(range(7))
_WORKS = "Days, a time and a city work, in any order: /nudge mon 9am Lisbon."
_ON_DAYS = "I send on days of the week, not on a single date."
_LEAVE = Button("Leave it", "nudge")
_NEAR = 74.0  # similarity of 0 to 100; one slip in four letters is 75
_NEAR_DAY = 80.0  # one slip in six letters is 83 or more
_NEARER = 88.0  # one slip in six letters is 91
_MOST = 2


def settled_by(loose: Iterable[Loose], wish: Wish) -> tuple[Wish, Loose | None]:
    """Take into a wish what loose words say; return also the first that leaves a question open.

    A part of the day says which hour was meant by a time beside it, and asks for one where there is none.
    """
    left: Loose | None = None
    for each in loose:
        if each.often and wish.days is None:
            wish = replace(wish, days=_DAILY)
        if each.part and wish.at:
            wish = replace(wish, at=with_part(wish.at, each.part))
        else:
            left = left or each
    return wish, left


def unsettled_view(loose: Loose, wish: Wish, today: date) -> Reply:
    """Say why words settle no time of the week, and offer the nearest that do."""
    if loose.part:
        return _which_hour(loose.part, wish)
    if loose.is_date:
        return _which_day(loose, wish, today)
    if loose.is_rhythm:
        return Reply("I send every week, on the days that you name.", (Note(Cited(_WORKS)),), (_LEAVE,))
    limits = "with am or pm, hours go from 1 to 12" if loose.halved else "hours go to 23, minutes to 59"
    return Reply(f"{echo(loose.said)} is no time of day: {limits}.", (Note(Cited(_WORKS)),), (_LEAVE,))


def _which_hour(part: str, wish: Wish) -> Reply:
    days = f"{capitalised(days_in_words(wish.days))}, at" if wish.days else "At"
    hours = tuple(replace(wish, at=time(hour)) for hour in _HOURS[part])
    return Reply(
        f"{days} which hour of the {part}?",
        (Note(Cited(f"Or type one: /nudge 7:30{'am' if part == 'morning' else 'pm'}.")),),
        (*(Button(f"{each.at:%H:%M}", each.line()) for each in hours), _LEAVE),
    )


def _which_day(loose: Loose, wish: Wish, today: date) -> Reply:
    day = day_meant(loose.date, today) if loose.date else None
    if loose.date and day is None:
        return Reply(f"There is no {date_text(loose.date)}.", (Note(Cited(f"{_ON_DAYS} {_WORKS}")),), (_LEAVE,))
    weekly = replace(wish, days=frozenset({day.weekday()})) if day else None
    each_week = (Button(capitalised(days_in_words(weekly.days)), weekly.line()),) if weekly and weekly.days else ()
    return Reply(_ON_DAYS, (Note(Cited(_WORKS)),), (*each_week, _LEAVE))


def day_near(words: str) -> frozenset[int] | None:
    """Return the day of the week that words are nearly spelled like, None if there is none."""
    names = [day.casefold() for day in WHOLE_DAYS]
    near = likest(words.casefold().removesuffix("s"), names, _NEAR_DAY)
    return frozenset({names.index(near)}) if near else None


def strange_view(words: str, cities: Iterable[City], wish: Wish, command: Command) -> Reply:
    """Say that words mean nothing to /nudge, and offer what is spelled nearly so: its own words first, then places.

    A place is offered for a word alone only where hardly a letter is wrong: most words resemble some far-off town.
    """
    known = {word: verb for verb in command.verbs.values() for word in (verb.name, *verb.also_called)}
    near = by_likeness("-".join(words.split()), list(known), _NEAR, _MOST)
    verbs = {known[word].name: known[word].summary for word, _, _ in near}
    day = day_near(words)
    places = (city for city in cities if alike(city.name.casefold(), words.casefold()) >= _NEARER)
    return Reply(
        f"I don’t know {echo(words)} behind /nudge.",
        (Note(Cited(_WORKS)),),
        (
            *((Button(capitalised(days_in_words(day)), replace(wish, days=day).line()),) if day else ()),
            *(Button(summary, f"{command.name} {name}") for name, summary in verbs.items()),
            *(Button(f"The clock of {city.name}", f"{command.name} {city.zone}") for city in places),
            Button("My nudges", command.name),
        ),
    )
