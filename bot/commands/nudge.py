"""/nudge: when a learner wants a task sent to them. Every line names an end state; the zone is never guessed."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from dataclasses import replace
from datetime import time, timedelta
from typing import Annotated

from bot.command import Ask, Effect, OneRoadmap, UpTo, command
from bot.commands.nudge_clock import cities_view, clock_view, which_zone
from bot.commands.nudge_press import done, keep, show, some, tomorrow
from bot.commands.nudge_save import discreet, pause, resume, save, skip, stop, trial, weeks
from bot.commands.nudge_state import Present, Wish, all_of, present_of
from bot.commands.nudge_view import change_view, opening, panel
from bot.errors import UserError
from bot.nudges.kinds import CONSENT, DATE, DAYS, OFFSET, PLACE, TIME, ZONE
from bot.nudges.zones import find, names_nothing
from bot.reply import Button, Reply

Days = Annotated[tuple[frozenset[int], ...], DAYS, UpTo(7)]
OneTime = Annotated[time | None, TIME]
OneZone = Annotated[str | None, ZONE]
Offsets = Annotated[tuple[timedelta, ...], OFFSET, UpTo(5)]
Consent = Annotated[str | None, CONSENT]
Place = Annotated[str, PLACE]
OneDate = Annotated[str | None, DATE]

_ONCE = frozenset({"today", "tonight", "tomorrow"})


async def nudge(  # noqa: PLR0913, PLR0917 - the parts of one line
    ask: Ask,
    roadmap: OneRoadmap = None,
    days: Days = (),
    at: OneTime = None,
    zone: OneZone = None,
    offsets: Offsets = (),
    consent: Consent = None,
    words: Place = "",
) -> Reply:
    """Have one task sent to you at an hour you choose: mon 9am Lisbon."""
    here = await present_of(ask)
    wish = Wish(roadmap, all_of(days), at, None, consent)
    named = " ".join(part for part in (zone, words) if part)
    if named.casefold() in _ONCE:
        raise UserError(
            "I send on days of the week, not on a single date. Type it like this: /nudge mon 9am.",
            (Button("Study nudges", "nudge"),),
        )
    if not names_nothing(named):
        found = find(named)
        if not found.sure:
            return which_zone(named, found.cities, wish, ask.at)
        wish = replace(wish, zone=found.cities[0].zone)
    elif offsets:
        return cities_view(wish, offsets, ask.at)
    return await _settle(ask, here, wish)


async def _settle(ask: Ask, here: Present, wish: Wish) -> Reply:
    """Keep what was asked for, or show how it stands, or offer to begin: whichever the line calls for.

    A day or a time asks for nudges; a zone alone only changes nudges that are there.
    """
    if wish.days or wish.at or (wish.zone and here.live):
        zoned = wish.zone or (here.rule and here.rule.rule.zone) or here.zone
        agreed = wish.consent or here.live or not here.overseen
        ready = zoned and agreed and (wish.roadmap or here.roadmap)
        return await save(ask, here, wish) if ready else opening(here, wish)
    own = here.roadmap.id if here.roadmap else None
    if here.rule and (here.live or wish in {Wish(), Wish(own)}):
        return panel(here, here.rule, elsewhere=wish.roadmap if wish.roadmap != own else None)
    return opening(here, wish)


async def zone(ask: Ask, zone: OneZone = None, words: Place = "") -> Reply:
    """Set your clock by a city, such as zone Lisbon."""
    if not zone and not words:
        return clock_view(Wish(), ask.at)
    return await nudge(ask, zone=zone, words=words)


async def snooze(ask: Ask, until: OneDate = None) -> Reply:
    """Put the last nudge off to tomorrow, or all of them until a day."""
    return await (pause(ask, until) if until else tomorrow(ask))


async def clock(ask: Ask) -> Reply:
    """Set your clock by what it shows."""
    return clock_view(Wish(), ask.at)


async def change(ask: Ask) -> Reply:
    """Choose another day, time or clock."""
    here = await present_of(ask)
    return change_view(here, here.rule) if here.rule else await _settle(ask, here, Wish())


NUDGE = command(
    nudge,
    effect=Effect.STATE,
    verbs=(
        command(done, effect=Effect.STATE),
        command(some, effect=Effect.STATE),
        command(tomorrow, effect=Effect.STATE),
        command(skip, effect=Effect.STATE, also_called=("not-this-week",)),
        command(show, effect=Effect.STATE),
        command(keep, effect=Effect.STATE),
        command(pause, effect=Effect.STATE, also_called=("holiday", "on-holiday", "vacation", "away")),
        command(snooze, effect=Effect.STATE, also_called=("later",)),
        command(resume, effect=Effect.STATE, also_called=("go-on", "start", "start-again", "continue", "unpause")),
        command(stop, effect=Effect.STATE, also_called=("unsubscribe", "end", "cancel", "off")),
        command(zone, effect=Effect.STATE, also_called=("timezone", "time-zone", "city")),
        command(clock, personal=True),
        command(change, personal=True),
        command(discreet, effect=Effect.STATE),
        command(weeks, effect=Effect.STATE, also_called=("active-weeks",)),
        command(trial, name="test", effect=Effect.ONCE, also_called=("try", "now", "trial")),
    ),
    also_called=("nudges", "nudging", "remind", "reminding", "reminder", "reminders"),
)
