"""What changes a learner's rule: set, pause, resume, stop, leave a week out, discreet, a trial. Shows it afterwards."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from bot.command import NUMBER, Ask
from bot.commands.nudge_state import Present, Wish, delivery_of, present_of, rule_of
from bot.commands.nudge_view import (
    MONDAY,
    NINE,
    moment_text,
    nothing_left,
    opening,
    panel,
    pauses,
    settling_note,
    unreached,
    when_text,
)
from bot.errors import UserError
from bot.nudges.calendar import Occurrence, Rule
from bot.nudges.clocks import local
from bot.nudges.kinds import DATE, SWITCH, date_text, day_meant
from bot.nudges.message import day_text
from bot.nudges.model import Ending, RuleState, trial_key
from bot.nudges.outcome import Sent
from bot.reply import Block, Button, Cited, Note, Paragraph, Reply

if TYPE_CHECKING:
    from bot.store.learners import StoredLearner

LONGEST_PAUSE = timedelta(days=366)
AS_ASKED = "as you asked"
_UNTIL = "A pause ends on a day within a year: pause until 5 jan, or pause 2 weeks."

OneDate = Annotated[str | None, DATE]
OneNumber = Annotated[int | None, NUMBER]


async def save(ask: Ask, here: Present, wish: Wish) -> Reply:
    """Keep a rule, and show when the next one comes; a press that changes nothing says so."""
    old = here.rule.rule if here.rule else Rule(MONDAY, NINE, here.zone or "UTC")
    rule = Rule(wish.days or old.days, wish.at or old.at, wish.zone or old.zone)
    moves = bool(wish.roadmap) and (here.roadmap is None or wish.roadmap != here.roadmap.id)
    same = here.rule is not None and here.rule.state is RuleState.ACTIVE and here.rule.rule == rule
    store = await ask.store()
    learner = await store.learners.ensure(ask.who(), ask.at)
    if wish.zone or here.rule is None:
        await store.learners.set_zone(learner.id, rule.zone, ask.who().zone)
    if here.rule and same and not moves and wish.consent != "discreet":
        return await _shown(ask, "That is how it is already.")
    if moves:
        await store.learners.set_roadmap(learner.id, wish.roadmap)
    due = here.next_of(rule, *_end_of_pause(here, rule))
    told: tuple[Block, ...] = ()
    if not same:
        await store.rules.set(learner, rule, due if _arrives_here(ask, here) else None, ask.at)
        if here.paused_until:
            await store.rules.resume(learner, due, ask.at, here.paused_until)
        told = settling_note(here, rule, due.day)
    if wish.consent:
        await store.rules.set_discreet(learner.id, discreet=wish.consent == "discreet")
    if not _arrives_here(ask, here):
        return await _begin(ask, learner, due)
    return await _shown(ask, f"Set: {when_text(rule.days, rule.at)}.", told)


def _arrives_here(ask: Ask, here: Present) -> bool:
    """Say whether no message has to be tried first: the conversation is direct, or it has worked before."""
    return ask.direct is None or here.live


async def _begin(ask: Ask, learner: "StoredLearner", due: Occurrence) -> Reply:
    """Let a rule begin once a direct message has arrived that says so; else say what to change."""
    here = await present_of(ask)
    store = await ask.store()
    first = f"Your nudges are on. The first comes {moment_text(here, due.at)}."
    stop = (Button("Change day or time", "nudge change"), Button("Stop nudges", "nudge stop"))
    if ask.direct is not None:
        outcome = await ask.direct(ask.who(), Reply(first, actions=stop))
        if not isinstance(outcome, Sent):
            return unreached(outcome.reason, "nudge resume")
    await store.rules.resume(learner, due, ask.at)
    return await _shown(ask, "Your nudges are on.")


async def _shown(ask: Ask, told: str, notes: tuple[Block, ...] = ()) -> Reply:
    """Say what was done, then how it stands now."""
    here = await present_of(ask)
    if here.rule is None:
        raise UserError("There are no nudges any more.", (Button("Study nudges", "nudge"),))
    return panel(here, here.rule, (Paragraph(Cited(told)), *notes))


def _end_of_pause(here: Present, rule: Rule) -> tuple[date, ...]:
    return (local(rule.zone, here.paused_until).date(),) if here.paused_until else ()


async def pause(ask: Ask, until: OneDate = None) -> Reply:
    """Pause until a day, such as 5 jan, or until you resume."""
    here, rule, learner = await rule_of(ask)
    if not here.live:
        return panel(here, rule, (Paragraph(Cited("There is nothing to pause.")),))
    store = await ask.store()
    if until is None:
        await store.rules.halt(learner.id, Ending(RuleState.PAUSED, AS_ASKED), ask.at)
        shown = await _shown(ask, "They pause until you press again.")
        return replace(shown, actions=(*shown.actions, pauses(here)))
    day = day_meant(until, here.today())
    if day is None:
        raise UserError(f"There is no {date_text(until)}. {_UNTIL}", (Button("Back", "nudge"),))
    if day - here.today() > LONGEST_PAUSE:
        raise UserError(f"{day_text(day)} {day.year} is more than a year away. {_UNTIL}", (Button("Back", "nudge"),))
    if day <= here.today():
        told = f"{day_text(day)} {day.year} has come already, so nothing changed."
        return panel(here, rule, (Paragraph(Cited(told)), Note(Cited(_UNTIL))))
    end = datetime.combine(day, time(), ZoneInfo(rule.rule.zone))
    already = here.paused_until == end
    if not already:
        await store.rules.resume(learner, here.next_of(rule.rule, day), ask.at, end)
    return await _shown(ask, "That is how it is already." if already else "Your place on the roadmap stays as it is.")


async def resume(ask: Ask) -> Reply:
    """Go on after a pause, or start again."""
    present = await present_of(ask)
    if present.rule is None:
        return nothing_left(present) or opening(present, Wish())
    here, rule, learner = await rule_of(ask)
    if rule.state is RuleState.ACTIVE and not here.paused_until:
        return panel(here, rule, (Paragraph(Cited("They are on already.")),))
    if through := nothing_left(here):
        return through
    due = here.next_of(rule.rule)
    if not _arrives_here(ask, here):
        return await _begin(ask, learner, due)
    await (await ask.store()).rules.resume(learner, due, ask.at)
    return await _shown(ask, "They go on.")


async def stop(ask: Ask) -> Reply:
    """Stop all nudges; your progress stays."""
    here, rule, learner = await rule_of(ask)
    if rule.state is RuleState.STOPPED:
        return panel(here, rule, (Paragraph(Cited("They are stopped already.")),))
    await (await ask.store()).rules.halt(learner.id, Ending(RuleState.STOPPED, AS_ASKED), ask.at)
    return await _shown(ask, "No more nudges. Your progress stays, and /nudge starts them again.")


async def skip(ask: Ask, nudge: OneNumber = None, day: OneDate = None) -> Reply:
    """Leave this week out."""
    here, rule, learner = await rule_of(ask)
    store = await ask.store()
    within = (day_meant(day, here.today()) if day else None) or here.today()
    if nudge is not None:
        _, delivery = await delivery_of(ask, nudge)
        within = local(rule.rule.zone, delivery.due_at).date()
        await store.deliveries.answer(delivery.id, learner.id, "skip", ask.at)
    following = within + timedelta(days=7 - within.weekday())
    if following <= here.today():
        return panel(here, rule, (Paragraph(Cited(f"The week of {day_text(within)} is over, so nothing changed.")),))
    if rule.state is not RuleState.ACTIVE or rule.due is None:
        return panel(here, rule, (Paragraph(Cited("Nothing would come that week.")),))
    if rule.due.day >= following:
        return panel(here, rule, (Paragraph(Cited("Nothing more comes that week.")),))
    await store.rules.resume(learner, here.next_of(rule.rule, following), ask.at, here.paused_until)
    return await _shown(ask, f"The week of {day_text(within)} is left out.")


async def discreet(ask: Ask, switch: Annotated[str | None, SWITCH] = None) -> Reply:
    """Leave role and task out of a nudge until you press: on or off."""
    here, rule, learner = await rule_of(ask)
    wanted = switch != "off"
    if rule.discreet is wanted:
        return panel(here, rule, (Paragraph(Cited("That is how it is already.")),))
    await (await ask.store()).rules.set_discreet(learner.id, discreet=wanted)
    told = "From now on they name no role and no task until you press." if wanted else "They name the task again."
    return await _shown(ask, told)


async def weeks(ask: Ask, switch: Annotated[str | None, SWITCH] = None) -> Reply:
    """Show in how many of the last weeks you did something: on or off."""
    here, rule, learner = await rule_of(ask)
    wanted = switch != "off"
    if rule.weeks is wanted:
        return panel(here, rule, (Paragraph(Cited("That is how it is already.")),))
    await (await ask.store()).rules.set_weeks(learner.id, weeks=wanted)
    return await _shown(
        ask, "Active weeks are shown from now on." if wanted else "Active weeks are not shown any more."
    )


async def trial(ask: Ask, number: OneNumber = None) -> Reply:
    """Send one nudge now, to see what it is like."""
    here = await present_of(ask)
    if through := nothing_left(here):
        return through
    store = await ask.store()
    learner = await store.learners.ensure(ask.who(), ask.at)
    newest = here.newest.id if here.newest else 0
    added = await store.deliveries.add(learner, trial_key(str(newest if number is None else number)), ask.at)
    told = "That one was sent before." if added is None else "One is on its way."
    hint = Note(Cited("It is a trial: it changes nothing about the others."))
    again = await present_of(ask)
    return Reply(told, (hint,), (Button("Another one", again.next_trial), Button("My nudges", "nudge")))
