"""/nudge: when a learner wants a task sent to them. Every line names an end state; the zone is never guessed."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from dataclasses import replace
from datetime import time, timedelta
from typing import Annotated

from bot.command import Ask, Effect, OneDestination, UpTo, command
from bot.commands.nudge_clock import cities_view, clock_view, which_zone
from bot.commands.nudge_loose import day_near, settled_by, strange_view, unsettled_view
from bot.commands.nudge_press import done, keep, show, some, tomorrow
from bot.commands.nudge_save import discreet, pause, resume, save, skip, stop, trial, weeks
from bot.commands.nudge_state import Present, Wish, all_of, present_of
from bot.commands.nudge_view import change_view, nothing_left, opening, panel
from bot.commands.roadmap_view import unmapped
from bot.nudges.kinds import CONSENT, DATE, DAYS, OFFSET, PLACE, TIME, ZONE
from bot.nudges.loose import LOOSE, Loose
from bot.nudges.zones import Found, find, names_nothing
from bot.reply import Reply

Days = Annotated[tuple[frozenset[int], ...], DAYS, UpTo(7)]
OneTime = Annotated[time | None, TIME]
OneZone = Annotated[str | None, ZONE]
Offsets = Annotated[tuple[timedelta, ...], OFFSET, UpTo(5)]
Loosely = Annotated[tuple[Loose, ...], LOOSE, UpTo(9)]
Consent = Annotated[str | None, CONSENT]
Place = Annotated[str, PLACE]
OneDate = Annotated[str | None, DATE]


async def nudge(  # noqa: PLR0913, PLR0917 - the parts of one line
    ask: Ask,
    roadmap: OneDestination = None,
    days: Days = (),
    at: OneTime = None,
    zone: OneZone = None,
    offsets: Offsets = (),
    loose: Loosely = (),
    consent: Consent = None,
    words: Place = "",
) -> Reply:
    """Have one task sent to you at an hour you choose: mon 9am Lisbon."""
    if roadmap and roadmap not in ask.pack.roadmaps:
        return unmapped(ask.pack, ask.pack.roles[roadmap])
    here = await present_of(ask)
    named = " ".join(part for part in (zone, words) if part)
    found = Found((), sure=True) if names_nothing(named) else find(named)
    place = found.cities[0].zone if found.sure and found.cities else None
    wish, unsettled = settled_by(loose, Wish(roadmap, all_of(days), at, place, consent))
    if found.slip and (day_near(named) or (wish == Wish() and not unsettled and not offsets)):
        return strange_view(named, found.cities, wish, ask.commands["nudge"])
    if unsettled:
        return unsettled_view(unsettled, wish, here.today())
    if not found.sure:
        return which_zone(named, found.cities, wish, ask.at)
    if offsets and not place:
        return cities_view(wish, offsets, ask.at)
    return await _settle(ask, here, wish)


async def _settle(ask: Ask, here: Present, wish: Wish) -> Reply:
    """Keep what was asked for, or show how it stands, or offer to begin: whichever the line calls for.

    A day or a time asks for nudges; a zone alone only changes nudges that are there.
    """
    asked = wish.days or wish.at or (wish.zone and here.live)
    own = here.roadmap.id if here.roadmap else None
    if here.rule and not asked and (here.live or replace(wish, consent=None) in {Wish(), Wish(own)}):
        return panel(here, here.rule, elsewhere=wish.roadmap if wish.roadmap != own else None)
    if through := nothing_left(here, wish.roadmap):
        return through
    zoned = wish.zone or (here.rule and here.rule.rule.zone) or here.zone
    agreed = wish.consent or here.live or not here.overseen
    ready = asked and zoned and agreed and (wish.roadmap or here.roadmap)
    return await save(ask, here, wish) if ready else opening(here, wish)


async def zone(ask: Ask, zone: OneZone = None, offsets: Offsets = (), words: Place = "") -> Reply:
    """Set your clock by a city, such as zone Lisbon."""
    named = zone or words
    if offsets and names_nothing(named):
        return cities_view(Wish(), offsets, ask.at)
    if names_nothing(named):
        return clock_view(Wish(), ask.at)
    found = find(named)
    if not found.sure:
        return which_zone(named, found.cities, Wish(), ask.at)
    return await _settle(ask, await present_of(ask), Wish(zone=found.cities[0].zone))


async def snooze(ask: Ask, until: OneDate = None) -> Reply:
    """Put the last nudge off to tomorrow, or all of them until a day."""
    return await (pause(ask, until) if until else tomorrow(ask))


async def clock(ask: Ask) -> Reply:
    """Set your clock by what it shows."""
    return clock_view(Wish(), ask.at)


async def status(ask: Ask) -> Reply:
    """Show how your nudges stand, and when the next one comes."""
    return await _settle(ask, await present_of(ask), Wish())


async def change(ask: Ask) -> Reply:
    """Choose another day, time or clock."""
    here = await present_of(ask)
    return change_view(here, here.rule) if here.rule else await _settle(ask, here, Wish())


_ON = ("on", "go-on", "start", "start-again", "continue", "unpause", "turn-on", "turn-it-on")
_OFF = (
    *("unsubscribe", "end", "cancel", "off", "turn-off", "turn-it-off", "turn-them-off", "stop-it"),
    *("stop-messaging-me", "stop-sending-me-messages", "leave-me-alone"),
)

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
        command(resume, effect=Effect.STATE, also_called=_ON),
        command(stop, effect=Effect.STATE, also_called=_OFF),
        command(zone, effect=Effect.STATE, also_called=("timezone", "time-zone", "city")),
        command(clock, personal=True),
        command(status, personal=True, also_called=("when", "state", "settings", "info", "help")),
        command(change, personal=True),
        command(discreet, effect=Effect.STATE),
        command(weeks, effect=Effect.STATE, also_called=("active-weeks",)),
        command(trial, name="test", effect=Effect.ONCE, also_called=("try", "now", "trial")),
    ),
    also_called=("nudges", "nudging", "remind", "reminding", "reminder", "reminders"),
)
