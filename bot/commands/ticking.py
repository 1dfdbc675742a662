"""The ticks on a task: done, some, skip, known, open. Each names an end state, so pressing twice is as good as once."""

# Annotations are read at run time to declare the command, so they are not postponed here.
from collections.abc import Iterator
from dataclasses import replace

from bot.command import Ask, OneRoadmap, OneTask, Words
from bot.commands.journey import Kept, journey, kept_of
from bot.commands.recording import record, show
from bot.commands.task_search import find_task
from bot.pack.model import Pack, Roadmap, Task
from bot.progress import SKILL, Change, Mark, mark, tasks_of, up_to_date
from bot.reply import Button, Reply, StepState, buttons

_STRENGTH = {StepState.STARTED: 0, StepState.SKIPPED: 0, StepState.KNOWN: 1, StepState.DONE: 2}
_TOLD = {
    StepState.DONE: "Done: {}",
    StepState.STARTED: "You did some of this, it stays next: {}",
    StepState.SKIPPED: "Skipped: {}",
    StepState.KNOWN: "You know this: {}",
}
_ALREADY = {
    StepState.DONE: "Already done: {}",
    StepState.STARTED: "Already begun: {}",
    StepState.SKIPPED: "Already skipped: {}",
    StepState.KNOWN: "Already known: {}",
}


async def done(ask: Ask, roadmap: OneRoadmap = None, task: OneTask = None, words: Words = "") -> Reply:
    """Tick a task as done, by its title or a word of it."""
    return await _tick(ask, "done", StepState.DONE, roadmap, task, words)


async def some(ask: Ask, roadmap: OneRoadmap = None, task: OneTask = None, words: Words = "") -> Reply:
    """Say that you did some of a task; it stays next."""
    return await _tick(ask, "some", StepState.STARTED, roadmap, task, words)


async def skip(ask: Ask, roadmap: OneRoadmap = None, task: OneTask = None, words: Words = "") -> Reply:
    """Skip a task; it can be opened again."""
    return await _tick(ask, "skip", StepState.SKIPPED, roadmap, task, words)


async def known(ask: Ask, roadmap: OneRoadmap = None, task: OneTask = None, words: Words = "") -> Reply:
    """Say that you know what a task teaches; it is not asked again, on any roadmap."""
    return await _tick(ask, "known", StepState.KNOWN, roadmap, task, words)


async def open_(ask: Ask, roadmap: OneRoadmap = None, task: OneTask = None, words: Words = "") -> Reply:
    """Open a task again that you had ticked, skipped or known."""
    kept = await kept_of(ask)
    place, found = find_task(ask.pack, kept, verb="open", roadmap=roadmap, task=task, words=words)
    if journey(ask.pack, place, kept).standing.tasks[found.id] in {StepState.OPEN, StepState.NEXT}:
        return show(ask.pack, place, kept, f"Open already: {found.title}")
    changes = [
        each
        for change in _reopening(ask.pack, kept, place, found)
        for each in mark(kept.progress, change, ask.pack.gone)
    ]
    elsewhere = f"What you did on another roadmap covers this already: {found.title}"
    return await record(ask, place, changes, f"Open again: {found.title}", elsewhere)


def _reopening(pack: Pack, kept: Kept, roadmap: Roadmap, task: Task) -> Iterator[Change]:
    """Take back all by which a task counts as settled: its own tick, and the word that its skill is known."""
    yield Change(roadmap.progress_key, task.id, None)
    yield Change(SKILL, task.skill, None)
    marks = up_to_date(kept.progress, pack.gone).tasks
    for other in pack.roadmaps.values():
        for same in tasks_of(other):
            if same.skill == task.skill and marks.get((other.progress_key, same.id)) is StepState.KNOWN:
                yield Change(other.progress_key, same.id, None)


async def _tick(  # noqa: PLR0913, PLR0917 - the parts of one line, handed on
    ask: Ask, verb: str, state: Mark, roadmap: str | None, task: str | None, words: str
) -> Reply:
    kept = await kept_of(ask)
    place, found = find_task(ask.pack, kept, verb=verb, roadmap=roadmap, task=task, words=words)
    return await settle(ask, kept, place, found, state)


async def settle(  # noqa: PLR0913 - the parts of one tick
    ask: Ask, kept: Kept, place: Roadmap, found: Task, state: Mark, *, follows: bool = True
) -> Reply:
    """Bring a task into a state, unless it is there or past it: a late press on Skip never takes a tick away.

    With `follows` its roadmap becomes the learner's own.
    """
    present = journey(ask.pack, place, kept).standing.tasks[found.id]
    if present is state or _STRENGTH.get(present, 0) > _STRENGTH[state]:
        reply = show(ask.pack, place, kept, _ALREADY[present].format(found.title))
        offered = {button.line for button in buttons(reply)}
        again = Button("Open it again", f"roadmap open {place.id} {found.id}")
        return reply if again.line in offered else replace(reply, actions=(*reply.actions, again))
    changes = mark(kept.progress, Change(place.progress_key, found.id, state), ask.pack.gone)
    told, already = _TOLD[state].format(found.title), _ALREADY[state].format(found.title)
    return await record(ask, place if follows else None, changes, told, already)
