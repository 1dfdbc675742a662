"""/roadmap: the one next task, the steps around it, and the ticks. Looking stores nothing; a tick does."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from typing import Annotated

from bot.command import (
    NUMBER,
    SKILL,
    Ask,
    Confirmed,
    Effect,
    OneDestination,
    OneHours,
    OneRoadmap,
    OneStep,
    OneTask,
    UpTo,
    Words,
    command,
)
from bot.commands.journey import Kept, current_roadmap, journey, kept_of
from bot.commands.recording import record, show
from bot.commands.roadmap_view import chooser, overview, unmapped
from bot.commands.skill_view import skills_view
from bot.commands.step_view import step_view, steps_view, task_view
from bot.commands.task_search import find_task
from bot.commands.ticking import done, known, open_, skip, some
from bot.errors import UserError
from bot.pack.gone import follow as today_of
from bot.pack.model import Pack, Roadmap
from bot.progress import SKILL as SKILLS
from bot.progress import Change, Item, clear
from bot.reply import Button, Cited, Paragraph, Reply, StepState

SKILLS_AT_ONCE = 12
HOURS_OF_A_WEEK = 168

OneEvent = Annotated[int | None, NUMBER]
Skills = Annotated[tuple[str, ...], SKILL, UpTo(SKILLS_AT_ONCE)]


async def roadmap(ask: Ask, destination: OneDestination = None, hours: OneHours = None) -> Reply:
    """Show your next task towards a career, the steps around it, and the effort left."""
    pack, kept = ask.pack, await kept_of(ask)
    if hours is not None and not 0 < hours <= HOURS_OF_A_WEEK:
        raise UserError(
            f"A week has {HOURS_OF_A_WEEK} hours; say how many are for this, at least one, such as 3h.",
            (Button("Roadmaps", "roadmap"),),
        )
    if destination and destination not in pack.roadmaps:
        return unmapped(pack, pack.roles[destination])
    place = _place(pack, kept, destination)
    return chooser(pack, hours) if place is None else overview(journey(pack, place, kept), hours)


async def choose(ask: Ask) -> Reply:
    """Show which roadmaps there are."""
    return chooser(ask.pack)


async def steps(ask: Ask, roadmap: OneRoadmap = None) -> Reply:
    """Show all steps of a roadmap."""
    kept = await kept_of(ask)
    place = _place(ask.pack, kept, roadmap)
    return chooser(ask.pack) if place is None else steps_view(journey(ask.pack, place, kept))


async def step(ask: Ask, roadmap: OneRoadmap = None, step: OneStep = None) -> Reply:
    """Show one step in full: what to learn, its tasks, the mistake people make there, where to learn it."""
    kept = await kept_of(ask)
    place = _place(ask.pack, kept, roadmap)
    places = (*((place,) if place else ()), *ask.pack.roadmaps.values())
    for each in places if step else ():
        for own in each.steps:
            if own.id == step:
                return step_view(journey(ask.pack, each, kept), own)
    return await steps(ask, roadmap)


async def task(ask: Ask, roadmap: OneRoadmap = None, task: OneTask = None, words: Words = "") -> Reply:
    """Show one task in full, by its title or a word of it."""
    kept = await kept_of(ask)
    place, found = find_task(ask.pack, kept, verb="task", roadmap=roadmap, task=task, words=words)
    return task_view(journey(ask.pack, place, kept), found)


async def have(ask: Ask, roadmap: OneRoadmap = None, skills: Skills = ()) -> Reply:
    """Say which skills you have already, such as python git; no roadmap asks for them again."""
    kept = await kept_of(ask)
    place = _place(ask.pack, kept, roadmap)
    if not skills:
        return skills_view(ask.pack, place, kept)
    names = ", ".join(ask.pack.skills[skill].name for skill in skills)
    changes = [Change(SKILLS, skill, StepState.KNOWN) for skill in skills]
    named = ask.pack.roadmaps[roadmap] if roadmap else None
    return await record(ask, named, changes, f"You have: {names}", f"Noted already: {names}")


async def follow(ask: Ask, roadmap: OneRoadmap = None) -> Reply:
    """Make a roadmap yours: the one that opens first."""
    if roadmap is None:
        return chooser(ask.pack)
    place = ask.pack.roadmaps[roadmap]
    store = await ask.store()
    learner = await store.learners.ensure(ask.who(), ask.at)
    await store.learners.set_roadmap(learner.id, roadmap)
    already = "already" if learner.roadmap == roadmap else "from now on"
    return show(ask.pack, place, await kept_of(ask), f"{place.name} is your roadmap {already}.")


async def reset(ask: Ask, roadmap: OneRoadmap = None, yes: Confirmed = None) -> Reply:
    """Start a roadmap over; this can be undone."""
    kept = await kept_of(ask)
    place = _place(ask.pack, kept, roadmap)
    if place is None:
        return chooser(ask.pack)
    changes = clear(kept.progress, place, ask.pack.gone)
    if yes or not changes:
        return await _start_over(ask, place, kept, changes)
    ticks = "the one tick" if len(changes) == 1 else f"all {len(changes)} ticks"
    told = f"This takes back {ticks} on it. Skills you said you have stay. It can be undone."
    return Reply(
        f"Start over on {place.name}?",
        (Paragraph(Cited(told)),),
        (Button("Yes, start over", f"roadmap reset {place.id} yes"), Button("Keep my ticks", f"roadmap {place.id}")),
    )


async def _start_over(ask: Ask, place: Roadmap, kept: Kept, changes: tuple[Change, ...]) -> Reply:
    empty = f"Nothing is ticked on {place.name}."
    if not changes:
        return show(ask.pack, place, kept, empty)
    return await record(ask, place, changes, f"Started over on {place.name}", empty)


async def undo(ask: Ask, event: OneEvent = None) -> Reply:
    """Take one press back: the last, or the one that a button names."""
    kept = await kept_of(ask)
    store = await ask.store() if kept.learner else None
    undone = await store.progress.undo(kept.learner.id, ask.at, event) if store and kept.learner else None
    if undone is None:
        return show(ask.pack, None, kept, "There is nothing to take back.")
    kept = await kept_of(ask)
    back = _titles(ask.pack, [change.key for change in undone.restored])
    left = _titles(ask.pack, list(undone.left))
    told = f"Taken back: {back}." if back else "That is taken back already."
    if left:
        told = f"{told if back else 'Not taken back.'} You changed this since, so it stays: {left}."
    scopes = [change.scope for change in undone.restored]
    return show(ask.pack, _of_scope(ask.pack, kept, scopes), kept, told)


def _place(pack: Pack, kept: Kept, roadmap: str | None) -> Roadmap | None:
    return pack.roadmaps[roadmap] if roadmap else current_roadmap(pack, kept)


def _of_scope(pack: Pack, kept: Kept, scopes: list[str]) -> Roadmap | None:
    """Choose the roadmap to show after changes: the learner's own if they are on it, else the one they are on."""
    own = current_roadmap(pack, kept)
    changed = [today_of(scope, pack.gone) for scope in scopes if scope != SKILLS]
    if own and own.progress_key in changed:
        return own
    return next((pack.roadmaps[scope] for scope in changed if scope and scope in pack.roadmaps), own)


def _titles(pack: Pack, items: list[Item]) -> str:
    """Name tasks and skills in one line; what the pack no longer has is counted only."""
    titles = {task.id: task.title for each in pack.roadmaps.values() for step in each.steps for task in step.tasks}
    names = [
        pack.skills[item].name if scope == SKILLS and item in pack.skills else titles.get(item) for scope, item in items
    ]
    if len(items) > 3 or None in names:
        return f"{len(items)} ticks" if len(items) > 1 else "one tick" if items else ""
    return ", ".join(name for name in names if name)


ROADMAP = command(
    roadmap,
    personal=True,
    verbs=(
        command(
            done,
            effect=Effect.STATE,
            also_called=(
                "tick",
                "finished",
                "did",
                "i-finished",
                "i-did",
                "i-am-done",
                "i'm-done",
                "im-done",
                "i-finished-the-task",
            ),
        ),
        command(some, effect=Effect.STATE, also_called=("did-some", "started")),
        command(skip, effect=Effect.STATE),
        command(known, effect=Effect.STATE, also_called=("know",)),
        command(open_, name="open", effect=Effect.STATE, also_called=("reopen",)),
        command(have, effect=Effect.STATE, also_called=("i-have", "i-know")),
        command(undo, effect=Effect.STATE),
        command(reset, effect=Effect.STATE, also_called=("start-over", "restart")),
        command(follow, effect=Effect.STATE, also_called=("start", "switch")),
        command(task, personal=True),
        command(step, personal=True),
        command(steps, personal=True),
        command(choose, personal=True),
    ),
    also_called=(
        "roadmaps",
        "plan",
        "path",
        "next",
        "next-task",
        "what-next",
        "what-is-next",
        "how-do-i-start",
        "my-progress",
        "show-my-progress",
        "how-far-am-i",
    ),
)
