"""How far a learner is on a roadmap: pure functions over the pack and what was recorded.

Knows no store and no text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Literal

from bot.pack.gone import follow
from bot.reply import StepState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.pack.model import Pack, Roadmap, RoadmapStep, Task, Tombstone

SKILL = "skill"  # the scope of skills that a learner says they have; every other scope is a roadmap

Mark = Literal[StepState.DONE, StepState.STARTED, StepState.SKIPPED, StepState.KNOWN]
Item = tuple[str, str]  # a scope, and the id of a task or skill in it

_STRONGEST: tuple[Mark, ...] = (StepState.DONE, StepState.KNOWN, StepState.STARTED, StepState.SKIPPED)
SETTLED = frozenset({StepState.DONE, StepState.KNOWN, StepState.SKIPPED})
_BEGUN = frozenset({StepState.DONE, StepState.STARTED})


@dataclass(frozen=True, slots=True)
class Change:
    """The end state of one task or skill; None takes away what was recorded."""

    scope: str
    item: str
    state: Mark | None

    @property
    def key(self) -> Item:
        """What it changes."""
        return self.scope, self.item


@dataclass(frozen=True, slots=True)
class Progress:
    """What a learner recorded, by the ids of that day: tasks, and skills that they say they have."""

    tasks: Mapping[Item, Mark]
    skills: frozenset[str]


NOTHING = Progress({}, frozenset())


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a learner is: a state for every task and step of the roadmap, by id, and what to do next.

    `next` is the started task if there is one (its state stays `started`), else the one in the state
    `next`; None when nothing is left. `minutes_left` counts tasks; `hours_left` is the effort of the steps,
    in proportion to the minutes left in each.
    """

    tasks: Mapping[str, StepState]
    steps: Mapping[str, StepState]
    next: Task | None
    next_step: RoadmapStep | None
    minutes_left: int
    hours_left: int

    @property
    def counts(self) -> Counter[StepState]:
        """How many tasks are in each state."""
        return Counter(self.tasks.values())


def standing(pack: Pack, roadmap: Roadmap, progress: Progress) -> Standing:
    """Say how far a learner is on a roadmap of this pack, with what they know from all the others."""
    present = up_to_date(progress, pack.gone)
    return standing_on(roadmap, present, known_skills(pack.roadmaps.values(), present))


def standing_on(roadmap: Roadmap, progress: Progress, skills: frozenset[str]) -> Standing:
    """Say how far a learner with these skills is; the ids in `progress` are today's."""
    tasks = {
        task.id: _task_state(progress.tasks.get((roadmap.progress_key, task.id)), known=task.skill in skills)
        for step in roadmap.steps
        for task in step.tasks
    }
    next_step, following = _next(roadmap, tasks) or (None, None)
    if following and tasks[following.id] is StepState.OPEN:
        tasks[following.id] = StepState.NEXT
    left = {step.id: _minutes_left(step, tasks) for step in roadmap.steps}
    hours = sum(step.hours * Fraction(left[step.id], _minutes(step)) for step in roadmap.steps if left[step.id])
    steps = {step.id: _step_state([tasks[task.id] for task in step.tasks]) for step in roadmap.steps}
    return Standing(tasks, steps, following, next_step, sum(left.values()), ceil(hours))


def tasks_of(roadmap: Roadmap) -> Iterator[Task]:
    """Yield the tasks of a roadmap in order."""
    return (task for step in roadmap.steps for task in step.tasks)


def weeks_left(hours_left: int, hours_a_week: int) -> int:
    """Count the weeks that so many hours take, the last one rounded up."""
    return ceil(Fraction(hours_left, hours_a_week))


def known_skills(roadmaps: Iterable[Roadmap], progress: Progress) -> frozenset[str]:
    """Collect the skills that need not be learned again anywhere.

    A skill is known when the learner said so, of itself or of one task that teaches it, or when every task
    that teaches it in one roadmap is done. Variants count together with the roadmap whose tasks they arrange.
    """
    marks: dict[tuple[str, str], set[Mark | None]] = defaultdict(set)
    for roadmap in roadmaps:
        for task in tasks_of(roadmap):
            marks[roadmap.progress_key, task.skill].add(progress.tasks.get((roadmap.progress_key, task.id)))
    learned = {skill for (_, skill), states in marks.items() if StepState.KNOWN in states or states == {StepState.DONE}}
    return progress.skills | learned


def up_to_date(progress: Progress, gone: Mapping[str, Tombstone]) -> Progress:
    """Read what was recorded by today's ids: renamed and merged ones follow, retired ones are passed over.

    Of several that became one the strongest counts, but what is recorded under today's id counts before.
    """
    tasks: dict[Item, Mark] = {}
    for key, state in sorted(progress.tasks.items(), key=lambda entry: _STRONGEST.index(entry[1])):
        present = _today(key, gone)
        if present == key:
            tasks[key] = state
        elif present:
            tasks.setdefault(present, state)
    skills = (_today((SKILL, skill), gone) for skill in progress.skills)
    return Progress(tasks, frozenset(key[1] for key in skills if key))


def mark(progress: Progress, change: Change, gone: Mapping[str, Tombstone]) -> tuple[Change, ...]:
    """Make the changes that bring a task or skill into a state, whatever it was once called.

    `progress` is as read from the store. What stands under former ids is cleared, lest it show through.
    """
    former = (key for key in _keys(progress) if key != change.key and _today(key, gone) == change.key)
    return change, *(Change(*key, None) for key in former)


def clear(progress: Progress, roadmap: Roadmap, gone: Mapping[str, Tombstone]) -> tuple[Change, ...]:
    """Make the changes that begin a roadmap anew; skills that the learner says they have stay."""
    return tuple(Change(*key, None) for key in progress.tasks if follow(key[0], gone) == roadmap.progress_key)


def _task_state(recorded: Mark | None, *, known: bool) -> StepState:
    if known and recorded is not StepState.DONE:
        return StepState.KNOWN
    return recorded or StepState.OPEN


def _step_state(tasks: Iterable[StepState]) -> StepState:
    """Sum up a step: settled if nothing is left to do in it, started if anything was done in it."""
    states = set(tasks)
    if states <= SETTLED:
        return next((state for state in _STRONGEST if state in states), StepState.OPEN)
    if states & _BEGUN:
        return StepState.STARTED
    return StepState.NEXT if StepState.NEXT in states else StepState.OPEN


def _next(roadmap: Roadmap, tasks: Mapping[str, StepState]) -> tuple[RoadmapStep, Task] | None:
    """Find the first started task, else the first open one in a step whose needs are met."""
    settled = {step.id for step in roadmap.steps if all(tasks[task.id] in SETTLED for task in step.tasks)}
    present = {step.id for step in roadmap.steps}
    started = ((step, task) for step, task in _in_order(roadmap) if tasks[task.id] is StepState.STARTED)
    ready = (
        (step, task)
        for step, task in _in_order(roadmap)
        if tasks[task.id] is StepState.OPEN and settled.issuperset(present.intersection(step.needs))
    )
    return next(started, None) or next(ready, None)


def _in_order(roadmap: Roadmap) -> Iterator[tuple[RoadmapStep, Task]]:
    return ((step, task) for step in roadmap.steps for task in step.tasks)


def _minutes(step: RoadmapStep) -> int:
    return sum(task.minutes for task in step.tasks)


def _minutes_left(step: RoadmapStep, tasks: Mapping[str, StepState]) -> int:
    return sum(task.minutes for task in step.tasks if tasks[task.id] not in SETTLED)


def _keys(progress: Progress) -> Iterator[Item]:
    yield from progress.tasks
    yield from ((SKILL, skill) for skill in progress.skills)


def _today(key: Item, gone: Mapping[str, Tombstone]) -> Item | None:
    """Follow a scope and an item to what they are called today; None for what is taught no more."""
    scope, item = key
    scope_today = scope if scope == SKILL else follow(scope, gone)
    item_today = follow(item, gone)
    return (scope_today, item_today) if scope_today and item_today else None
