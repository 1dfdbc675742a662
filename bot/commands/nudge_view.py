"""What /nudge shows of a rule: before there is one, as it stands, and right after a change. Pure: changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

from bot.commands.nudge_clock import clock_menu
from bot.commands.nudge_state import Wish
from bot.nudges.calendar import SETTLING, next_occurrence
from bot.nudges.clocks import local
from bot.nudges.kinds import WHOLE_DAYS, days_in_words, time_text
from bot.nudges.message import day_text, through
from bot.nudges.model import DeliveryState, RuleState
from bot.nudges.zones import city_of
from bot.present import capitalised, fit_button
from bot.progress import standing
from bot.reply import Action, Block, Button, Cited, Fact, Facts, Menu, Note, Paragraph, Reply

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.commands.nudge_state import Present, Weeks
    from bot.nudges.calendar import Rule
    from bot.nudges.model import Delivery, KeptRule

MONDAY, NINE = frozenset({0}), time(9)
_PRESETS = ((MONDAY, NINE), (frozenset({5}), time(10)), (frozenset(range(5)), time(19)))
_DAYS = (*(frozenset({day}) for day in range(7)), frozenset({0, 3}), frozenset({5, 6}), frozenset(range(5)))
_HOURS = (6, 7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 19, 20, 21, 22)
_PAUSES = (1, 2, 4, 8)  # weeks

OVERSEEN = (
    "Before anything is stored: who owns this workspace may be able to export messages. "
    "Discreet nudges name no role and no task until you press."
)


def opening(here: Present, wish: Wish) -> Reply:
    """Say what nudges are, and offer to begin; where the zone is not known, ask what the clock shows first."""
    promise = "At the hour you choose I send you one task that fits into that day. One press pauses or stops it."
    note = (Note(Cited(OVERSEEN)),) if here.overseen else ()
    if wish.roadmap is None and here.roadmap is None:
        whole = [each for each in here.pack.roadmaps.values() if each.variant_of is None]
        return Reply(
            "Study nudges: towards what?",
            (Paragraph(Cited(promise)), *note),
            (
                *(Button(each.name, replace(wish, roadmap=each.id).line()) for each in whole),
                *fit_button(here.pack),
            ),
        )
    days, at = wish.days or MONDAY, wish.at or NINE
    if wish.zone is None and here.zone is None:
        asked = replace(wish, days=days, at=at)
        told = f"{when_text(days, at)}, unless you choose otherwise. What does your clock show?"
        return Reply(
            "Study nudges",
            (Paragraph(Cited(promise)), *note, Note(Cited(told))),
            (clock_menu(asked, here.at), *choices(asked)),
        )
    zoned = replace(wish, zone=wish.zone or here.zone)
    told = f"By the clock of {clock_text(zoned.zone or 'UTC', here.at)}."
    return Reply(
        "Study nudges: when?",
        (Paragraph(Cited(promise)), *note, Note(Cited(told))),
        (*_starts(here, zoned), *choices(agreed(here, zoned)), Button("Another clock", "nudge clock")),
    )


def nothing_left(here: Present, roadmap: str | None = None) -> Reply | None:
    """Say that a roadmap, else the learner's own, is walked to its end; None where it is not, or there is none."""
    place = here.pack.roadmaps[roadmap] if roadmap else here.roadmap
    if place is None or standing(here.pack, place, here.kept.progress).next:
        return None
    return through(here.pack, place, here.kept.progress, "Nothing is left to do there, so there is nothing to send.")


def agreed(here: Present, wish: Wish) -> Wish:
    """Let a button say yes to what stood above it, where that has to be said."""
    return replace(wish, consent=wish.consent or "yes") if here.overseen else wish


def _starts(here: Present, wish: Wish) -> tuple[Button, ...]:
    """Offer to begin: at the time that was asked for, else at one of three."""
    asked = wish.days or wish.at
    times = ((wish.days or MONDAY, wish.at or NINE),) if asked else _PRESETS
    plain = [(when_text(*each), agreed(here, replace(wish, days=each[0], at=each[1]))) for each in times]
    first = replace(wish, days=times[0][0], at=times[0][1], consent="discreet")
    discreet = [(f"{when_text(*times[0])}, discreet", first)] if here.overseen else []
    return tuple(Button(label, each.line()) for label, each in (*plain, *discreet))


def choices(wish: Wish) -> tuple[Menu, ...]:
    """Offer other days and other times; what the wish says beside it stays."""
    days = [(capitalised(days_in_words(days)), replace(wish, days=days)) for days in _DAYS if days != wish.days]
    times = [(time_text(time(hour)), replace(wish, at=time(hour))) for hour in _HOURS if time(hour) != wish.at]
    return (
        Menu("Other days", tuple(Button(label, each.line()) for label, each in days)),
        Menu("Another time", tuple(Button(label, each.line()) for label, each in times)),
    )


def panel(here: Present, rule: KeptRule, said: tuple[Block, ...] = (), elsewhere: str | None = None) -> Reply:
    """Show how it stands: the state, the next one, the clock, the roadmap, what became of the last; and what to do.

    `elsewhere` is a roadmap that the nudges could be about instead.
    """
    rows = [
        *([Fact("Next", Cited(moment_text(here, rule.due.at)), rule.due.at)] if rule.due else []),
        Fact("Clock", Cited(clock_text(rule.rule.zone, here.at))),
        Fact("About", Cited(here.roadmap.name if here.roadmap else "no roadmap yet; choose one with /roadmap")),
        *([Fact("Last one", Cited(outcome_text(here, here.last)))] if here.last else []),
        *([Fact("Active weeks", Cited(_weeks_text(here.active)))] if here.active else []),
        *([Fact("Form", Cited("discreet: no role and no task until you press"))] if rule.discreet else []),
    ]
    name = here.pack.roadmaps[elsewhere].name if elsewhere else ""
    other = (Button(f"Make them about {name}", f"roadmap follow {elsewhere}"),) if elsewhere else ()
    told, moves = _moved(here, rule)
    return Reply(_state_text(here, rule), (*said, *told, Facts(tuple(rows))), (*moves, *other, *_actions(here, rule)))


def _moved(here: Present, rule: KeptRule) -> tuple[tuple[Paragraph, ...], tuple[Button, ...]]:
    """Ask whether the nudges go where the learner's clock has gone; nothing moves them unasked.

    Either answer names a zone, so that it is chosen anew and not asked about again.
    """
    if here.elsewhere is None or not here.live:
        return (), ()
    there, own = city_of(here.elsewhere), city_of(rule.rule.zone)
    asked = f"Your clock here now says {clock_text(here.elsewhere, here.at)}. The nudges go by {own}. Move them?"
    move = Button(f"Move them to {there}", Wish(zone=here.elsewhere).line())
    return (Paragraph(Cited(asked)),), (move, Button(f"Keep {own}", Wish(zone=rule.rule.zone).line()))


def _state_text(here: Present, rule: KeptRule) -> str:
    when = when_text(rule.rule.days, rule.rule.at)
    match rule.state:
        case RuleState.ACTIVE if here.paused_until:
            return f"Paused until {day_text(local(rule.rule.zone, here.paused_until).date())}"
        case RuleState.ACTIVE:
            return f"Study nudges: {when}"
        case RuleState.WAITING:
            return "Not begun: my message could not reach you yet"
        case RuleState.SUSPENDED:
            return f"Held: I could not reach you ({rule.reason})"
        case RuleState.PAUSED | RuleState.STOPPED:
            return f"{capitalised(rule.state)}: {rule.reason}" if rule.reason else capitalised(rule.state)


def _actions(here: Present, rule: KeptRule) -> tuple[Action, ...]:
    change, stop = Button("Change day or time", "nudge change"), Button("Stop nudges", "nudge stop")
    trial = Button("Send one now", here.next_trial)
    form = (
        Button("Name the task again", "nudge discreet off")
        if rule.discreet
        else Button("Make them discreet", "nudge discreet on")
    )
    match rule.state:
        case RuleState.ACTIVE if here.paused_until:
            return (Button("Go on now", "nudge resume"), change, stop)
        case RuleState.ACTIVE:
            return (trial, *_leave_out(here, rule), pauses(here), change, form, stop)
        case RuleState.PAUSED:
            return (Button("Go on", "nudge resume"), change, stop)
        case RuleState.STOPPED:
            return (Button("Start again", "nudge resume"), change, Button("My roadmap", "roadmap"))
        case RuleState.WAITING | RuleState.SUSPENDED:
            return (Button("Try again", "nudge resume"), change, stop)


def _leave_out(here: Present, rule: KeptRule) -> tuple[Button, ...]:
    """Offer to leave out the week of the next one, named by its date, so that the button never means another week."""
    if rule.due is None:
        return ()
    this_week = rule.due.day.toordinal() - here.today().toordinal() < 7 - here.today().weekday()
    label = "Not this week" if this_week else f"Not the week of {day_text(rule.due.day)}"
    return (Button(label, f"nudge skip {rule.due.day}"),)


def pauses(here: Present) -> Menu:
    """Offer to pause for some weeks."""
    ends = [here.today() + timedelta(weeks=weeks) for weeks in _PAUSES]
    return Menu("Pause until…", tuple(Button(day_text(end), f"nudge pause {end}") for end in ends))


def change_view(here: Present, rule: KeptRule) -> Reply:
    """Offer other days, another time and another clock."""
    told = f"Now: {when_text(rule.rule.days, rule.rule.at)}, by the clock of {clock_text(rule.rule.zone, here.at)}."
    hint = "Or type it: /nudge tue,fri 21:30, or /nudge zone Lisbon."
    weeks = (
        Button("Show no active weeks", "nudge weeks off")
        if rule.weeks
        else Button("Show my active weeks", "nudge weeks on")
    )
    return Reply(
        "Change your nudges",
        (Paragraph(Cited(told)), Note(Cited(hint))),
        (*choices(Wish()), Button("Another clock", "nudge clock"), weeks, Button("Leave it", "nudge")),
    )


def unreached(reason: str, again: str) -> Reply:
    """Say that a direct message did not arrive, and what to change."""
    return Reply(
        "I can’t write to you directly yet",
        (
            Paragraph(
                Cited("Allow direct messages from me in your privacy settings, then try again. Your choice is kept.")
            ),
            Note(Cited(f"What came back: {reason}.")),
        ),
        (Button("Try again", again), Button("Stop nudges", "nudge stop")),
    )


def settling_note(here: Present, rule: Rule, due: date) -> tuple[Note, ...]:
    """Say why a changed rule skips its first day, where it does."""
    if here.last is None or here.last.day is None or here.paused_until:
        return ()
    day = here.last.day
    if next_occurrence(rule, here.at).day >= due or (due - day).days < SETTLING.days:
        return ()
    told = f"The last one came on {day_text(day)}; after a change I leave at least four days."
    return (Note(Cited(told)),)


def _weeks_text(weeks: Weeks) -> str:
    """Tell active weeks as they are; who has none yet is told only what makes one."""
    if not weeks.active:
        return "each week in which you do something on the roadmap"
    return "this one" if weeks.of == 1 else f"{weeks.active} of the last {weeks.of}"


def when_text(days: frozenset[int], at: time) -> str:
    """Tell days and a time: `Mondays at 09:00`."""
    return f"{capitalised(days_in_words(days))} at {time_text(at)}"


def clock_text(zone: str, at: datetime) -> str:
    """Tell a zone by its city and what its clock shows: `Kolkata, now 17:50`."""
    return f"{city_of(zone)}, now {local(zone, at):%H:%M}"


def moment_text(here: Present, at: datetime) -> str:
    """Tell a moment by the learner's clock: `tomorrow at 09:00`, `Monday 23 November at 09:00`."""
    zone = here.rule.rule.zone if here.rule else here.zone or "UTC"
    shown = local(zone, at)
    away = (shown.date() - here.today()).days
    day = {0: "today", 1: "tomorrow"}.get(away, day_text(shown.date()))
    return f"{day} at {shown:%H:%M}"


def outcome_text(here: Present, last: Delivery) -> str:
    """Tell what became of a delivery, in plain words."""
    zone = here.rule.rule.zone if here.rule else "UTC"
    day = WHOLE_DAYS[local(zone, last.due_at).weekday()]
    date_ = f"{day} {local(zone, last.due_at).day} {local(zone, last.due_at):%B}"
    match last.state:
        case DeliveryState.SENT:
            return f"{date_}: {_ANSWERS.get(last.answer or '', 'sent')}"
        case DeliveryState.ASSUMED:
            return f"{date_}: taken as sent"
        case DeliveryState.UNKNOWN:
            return f"{date_}: may not have arrived; we could not find out"
        case _:
            return f"{date_}: on its way"


_ANSWERS = {
    "done": "sent; you did it",
    "some": "sent; you did some of it",
    "tomorrow": "sent; you put it off to the next day",
    "skip": "sent; not that week, you said",
}
