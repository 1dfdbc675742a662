"""What a nudge says: one task for today, what happened last, and buttons that work for months.

Pure: knows no store, no platform and no present moment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from bot.nudges.clocks import elsewhere, local
from bot.nudges.kinds import WHOLE_DAYS, time_text
from bot.nudges.model import DeliveryState, Ending, Message, RuleState
from bot.nudges.zones import city_of
from bot.pack.gone import follow
from bot.progress import Progress, Standing, standing, tasks_of, up_to_date
from bot.reply import Action, Block, Button, Cited, Fact, Facts, Menu, Note, Paragraph, Reply, StepState
from bot.request import SEEN_EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.nudges.model import Delivery, Nudge
    from bot.pack.model import Pack, Roadmap, RoadmapStep, Task

PATIENCE = 3  # nudges without an answer; the next one asks, and the one after that says that it pauses
NO_ANSWER = "no answer to the last ones"
FINISHED = "the roadmap is finished"
CHOSEN = frozenset({"some", "tomorrow"})  # answers by which a learner wants the same task again


@dataclass(frozen=True, slots=True)
class Chosen:
    """The task of a nudge, the step it is for, and whether it has been begun."""

    roadmap: Roadmap
    step: RoadmapStep
    task: Task
    begun: bool


def compose(pack: Pack, nudge: Nudge) -> Message:
    """Write one nudge; its ending says if it is the rule's last."""
    roadmap = roadmap_of(pack, nudge.learner.roadmap)
    if roadmap is None:
        return Message(_with_doubt(nudge, _without_roadmap(pack)))
    chosen = choose(pack, roadmap, nudge)
    if chosen is None:
        ending = None if nudge.delivery.is_trial else Ending(RuleState.STOPPED, FINISHED)
        told = "Nothing is left to do there, so this is the last nudge. Well walked."
        return Message(_with_doubt(nudge, through(pack, roadmap, nudge.progress, told)), ending=ending)
    silent = 0 if nudge.delivery.is_trial else unanswered(nudge)
    if silent > PATIENCE:
        return Message(_with_doubt(nudge, _pausing()), ending=Ending(RuleState.PAUSED, NO_ANSWER))
    discreet = nudge.rule is not None and nudge.rule.discreet
    reply = _discreet(nudge) if discreet else _open(pack, nudge, chosen)
    return Message(_asking(nudge, reply) if silent == PATIENCE else _about_clock(nudge, reply), chosen.task.id)


def shown(pack: Pack, nudge: Nudge, roadmap: Roadmap, task: Task) -> Reply:
    """Write in full a nudge that was sent before, about the task it was sent for."""
    step = next(step for step in roadmap.steps if task in step.tasks)
    state = standing(pack, roadmap, nudge.progress).tasks[task.id]
    return _open(pack, nudge, Chosen(roadmap, step, task, state is StepState.STARTED))


def roadmap_of(pack: Pack, roadmap: str | None) -> Roadmap | None:
    """Return the roadmap that a kept id names today."""
    return pack.roadmaps.get(follow(roadmap, pack.gone) or "") if roadmap else None


def choose(pack: Pack, roadmap: Roadmap, nudge: Nudge) -> Chosen | None:
    """Choose the first open task; not the last nudge's again, unless the learner chose it or nothing else is open."""
    now = standing(pack, roadmap, nudge.progress)
    last = last_sent(nudge)
    previous = follow(last.task, pack.gone) if last and last.task else None
    repeats = now.next is not None and now.next.id == previous and now.tasks[previous] is not StepState.STARTED
    if repeats and last and last.answer not in CHOSEN:
        passed_over = _without(nudge.progress, roadmap, previous or "", pack)
        now = other if (other := standing(pack, roadmap, passed_over)).next else now
    return _chosen(roadmap, now)


def last_sent(nudge: Nudge) -> Delivery | None:
    """Return the last nudge before this one that went out, or may have."""
    return next(_before(nudge), None)


def unanswered(nudge: Nudge) -> int:
    """Count how many nudges in a row got no answer; only what surely arrived can be without one."""
    seen = nudge.learner.seen_at
    arrived = (one for one in _before(nudge) if one.state is DeliveryState.SENT and one.started_at)
    silent = takewhile(
        lambda one: one.answered_at is None and one.started_at is not None and seen < one.started_at - SEEN_EVERY,
        arrived,
    )
    return sum(1 for _ in silent)


def _before(nudge: Nudge) -> Iterator[Delivery]:
    """Go through the nudges before this one, the newest first; trials are none, and what was refused never came."""
    for one in nudge.past:
        if one.id != nudge.delivery.id and not one.is_trial and one.state is not DeliveryState.REFUSED:
            yield one


def _without(progress: Progress, roadmap: Roadmap, task: str, pack: Pack) -> Progress:
    """Leave a task out for once, as if it were skipped."""
    present = up_to_date(progress, pack.gone)
    return replace(present, tasks={**present.tasks, (roadmap.progress_key, task): StepState.SKIPPED})


def _chosen(roadmap: Roadmap, now: Standing) -> Chosen | None:
    if now.next is None or now.next_step is None:
        return None
    return Chosen(roadmap, now.next_step, now.next, now.tasks[now.next.id] is StepState.STARTED)


def _open(pack: Pack, nudge: Nudge, chosen: Chosen) -> Reply:
    task, steps = chosen.task, chosen.roadmap.steps
    part = f"step {steps.index(chosen.step) + 1} of {len(steps)} to {chosen.roadmap.name}: {chosen.step.title}"
    rows = [Fact("Takes", Cited(f"{task.minutes} minutes")), Fact("Done when", Cited(task.done_when))]
    rows += [Fact("Tip", Cited(task.tip))] if task.tip else []
    rows.append(Fact("Part of", Cited(part)))
    blocks: tuple[Block, ...] = (Facts(tuple(rows)), *_remarks(pack, nudge, chosen))
    some = () if chosen.begun else (Button("Did some", f"nudge some #{nudge.delivery.id}"),)
    return Reply(
        f"Go on: {task.title}" if chosen.begun else task.title,
        blocks,
        (Button("Done", f"nudge done #{nudge.delivery.id}"), *some, *_later(nudge)),
    )


def _discreet(nudge: Nudge) -> Reply:
    return Reply(
        "Your study time",
        (Note(Cited("What is next stands behind the first button.")), *_late(nudge), *_doubt(nudge)),
        (Button("Show it", f"nudge show #{nudge.delivery.id}"), *_later(nudge)),
    )


def _later(nudge: Nudge) -> tuple[Action, ...]:
    """Offer everything but today: a day, a week, or for good. Each line names its end, whenever it is pressed."""
    day = _day(nudge, nudge.delivery)
    pauses = tuple(
        Button(f"Pause until {day_text(day + timedelta(weeks=weeks))}", f"nudge pause {day + timedelta(weeks=weeks)}")
        for weeks in (2, 4, 8)
    )
    later = (
        Button("Tomorrow", f"nudge tomorrow #{nudge.delivery.id}"),
        Button("Not this week", f"nudge skip #{nudge.delivery.id}"),
    )
    more = (*pauses, Button("Change day or time", "nudge change"), Button("Stop nudges", "nudge stop"))
    return (*(() if nudge.delivery.is_trial else later), Menu("More", more))


def _remarks(pack: Pack, nudge: Nudge, chosen: Chosen) -> tuple[Note, ...]:
    """Say what happened last, in at most a line each; nothing that shames, hurries or guesses."""
    if nudge.delivery.is_trial:
        return (Note(Cited("A trial, as you asked. The real ones come at your time.")),)
    return (*_late(nudge), *(_doubt(nudge) or _last(pack, nudge, chosen)))


def _late(nudge: Nudge) -> tuple[Note, ...]:
    if not nudge.late or nudge.rule is None:
        return ()
    day = WHOLE_DAYS[local(nudge.rule.rule.zone, nudge.delivery.due_at).weekday()]
    return (Note(Cited(f"Late, and that is on us: it was due on {day} at {time_text(nudge.rule.rule.at)}.")),)


def _doubt(nudge: Nudge) -> tuple[Note, ...]:
    """Tell at the next occasion, whatever it is about, that nobody knows whether the last nudge arrived."""
    last = last_sent(nudge)
    if nudge.delivery.is_trial or last is None or last.state is not DeliveryState.UNKNOWN:
        return ()
    return (
        Note(Cited(f"The nudge of {day_text(_day(nudge, last))} may not have reached you; we could not find out.")),
    )


def _with_doubt(nudge: Nudge, reply: Reply) -> Reply:
    return replace(reply, blocks=(*reply.blocks, *_doubt(nudge)))


def _last(pack: Pack, nudge: Nudge, chosen: Chosen) -> tuple[Note, ...]:
    last = last_sent(nudge)
    if last is None:
        return (Note(Cited("The first of your nudges. /nudge changes or stops them at any time.")),)
    told = _told(pack, nudge, last, chosen)
    return (Note(Cited(told)),) if told else ()


def _told(pack: Pack, nudge: Nudge, last: Delivery, chosen: Chosen) -> str | None:
    present = follow(last.task, pack.gone) if last.task else None
    titles = {task.id: task.title for place in pack.roadmaps.values() for task in tasks_of(place)}
    if present is None or present not in titles:
        return None
    if present == chosen.task.id:
        return "You put this one off, and here it is." if last.answer == "tomorrow" else None
    state = standing(pack, chosen.roadmap, nudge.progress).tasks.get(present)
    if state is StepState.DONE:
        return f"Last time: {titles[present]}. Done."
    if state in {StepState.KNOWN, StepState.SKIPPED}:
        return None
    return f"Last time: {titles[present]}. It is still there in /roadmap."


def _asking(nudge: Nudge, reply: Reply) -> Reply:
    """Put one question in front: whether to go on. Any press is an answer."""
    question = Note(Cited("The last three got no answer, which is fine. Shall I keep sending them?"))
    keep = Button("Keep them", f"nudge keep #{nudge.delivery.id}")
    return replace(reply, blocks=(question, *reply.blocks), actions=(keep, *reply.actions))


def _about_clock(nudge: Nudge, reply: Reply) -> Reply:
    """Ask once whether the nudges go where the learner's clock has gone: in the first after that was heard.

    Either answer names a zone, so that it is chosen anew.
    """
    who, last = nudge.learner, last_sent(nudge)
    if nudge.rule is None or nudge.delivery.is_trial or who.heard_at is None:
        return reply
    own = nudge.rule.rule.zone
    there = elsewhere(who.heard_zone, who.told_zone, own, nudge.delivery.due_at)
    if there is None or (last and last.started_at and last.started_at >= who.heard_at):
        return reply
    asked = f"Your clock here says {city_of(there)} now. The nudges go by {city_of(own)}. Move them?"
    answers = (
        Button(f"Move them to {city_of(there)}", f"nudge {there}"),
        Button(f"Keep {city_of(own)}", f"nudge {own}"),
    )
    return replace(reply, blocks=(*reply.blocks, Note(Cited(asked))), actions=(*reply.actions, *answers))


def _pausing() -> Reply:
    return Reply(
        "Your nudges pause here",
        (Paragraph(Cited("Your place on the roadmap stays as it is. One press and they go on.")),),
        (
            Button("Go on", "nudge resume"),
            Button("Change day or time", "nudge change"),
            Button("Stop nudges", "nudge stop"),
            Button("My roadmap", "roadmap"),
        ),
    )


def through(pack: Pack, roadmap: Roadmap, progress: Progress, told: str) -> Reply:
    """Say that a roadmap is walked to its end, and offer those on which something is left."""
    others = (each for each in pack.roadmaps.values() if not each.variant_of and each.role != roadmap.role)
    left = [other for other in others if standing(pack, other, progress).next]
    return Reply(
        f"{roadmap.name}: you are through",
        (Paragraph(Cited(told)),),
        (
            Button("My roadmap", f"roadmap {roadmap.id}"),
            *(Button(f"Nudges for {other.name}", f"nudge {other.id}") for other in left),
        ),
    )


def _without_roadmap(pack: Pack) -> Reply:
    return Reply(
        "Your study time",
        (Paragraph(Cited("You follow no roadmap at present. Choose one, and the next nudge brings a task from it.")),),
        tuple(
            Button(each.name, f"roadmap follow {each.id}") for each in pack.roadmaps.values() if each.variant_of is None
        ),
    )


def day_text(day: date) -> str:
    """Write a date for people: `Monday 23 November`."""
    return f"{WHOLE_DAYS[day.weekday()]} {day.day} {day:%B}"


def _day(nudge: Nudge, delivery: Delivery) -> date:
    return local(nudge.rule.rule.zone if nudge.rule else "UTC", delivery.due_at).date()
