"""A learner's way along a roadmap, as the store has it: which one, what is recorded, how far. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.pack.gone import follow
from bot.progress import NOTHING, SETTLED, Progress, Standing, standing, tasks_of
from bot.reply import StepState

if TYPE_CHECKING:
    from bot.command import Ask
    from bot.pack.model import Pack, Roadmap, RoadmapStep, Task
    from bot.store.learners import StoredLearner


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store has of a learner; nothing of them as long as they ticked nothing."""

    learner: StoredLearner | None = None
    progress: Progress = NOTHING


@dataclass(frozen=True, slots=True)
class Journey:
    """One roadmap, how far a learner is on it, and whether it is the one that they follow."""

    pack: Pack
    roadmap: Roadmap
    standing: Standing
    own: bool

    def settled(self, step: RoadmapStep) -> int:
        """Count the tasks of a step with which nothing is left to do."""
        return sum(self.standing.tasks[task.id] in SETTLED for task in step.tasks)

    def tasks_in(self, *states: StepState) -> tuple[Task, ...]:
        """Return the tasks in some states, in the order of the roadmap."""
        return tuple(task for task in tasks_of(self.roadmap) if self.standing.tasks[task.id] in states)


def journey(pack: Pack, roadmap: Roadmap, kept: Kept) -> Journey:
    """Say how far a learner is on a roadmap."""
    return Journey(pack, roadmap, standing(pack, roadmap, kept.progress), current_roadmap(pack, kept) is roadmap)


async def kept_of(ask: Ask) -> Kept:
    """Read what is kept of the learner who asks; a store that nobody has used yet stays closed."""
    if ask.learner is None or not ask.has_store():
        return Kept()
    store = await ask.store()
    learner = await store.learners.find(ask.learner)
    return Kept() if learner is None else Kept(learner, await store.progress.of(learner.id))


def current_roadmap(pack: Pack, kept: Kept) -> Roadmap | None:
    """Return the roadmap that a learner follows, by its name of today."""
    if kept.learner is None or kept.learner.roadmap is None:
        return None
    return pack.roadmaps.get(follow(kept.learner.roadmap, pack.gone) or "")


def whole_roadmaps(pack: Pack) -> tuple[Roadmap, ...]:
    """Return the roadmaps that are no variant of another."""
    return tuple(roadmap for roadmap in pack.roadmaps.values() if roadmap.variant_of is None)


def roadmap_to(pack: Pack, role: str) -> Roadmap | None:
    """Return the whole roadmap to a role, None if the sources give none."""
    return next((roadmap for roadmap in whole_roadmaps(pack) if roadmap.role == role), None)


def step_with(roadmap: Roadmap, task: Task) -> RoadmapStep:
    """Return the step that a task belongs to."""
    return next(step for step in roadmap.steps if any(own.id == task.id for own in step.tasks))
