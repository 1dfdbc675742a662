"""Finds the task that a line means: by its id, or by words that somebody typed. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.journey import current_roadmap, journey, whole_roadmaps
from bot.errors import UserError
from bot.likeness import alike
from bot.pack.find import NEAR, words_of
from bot.progress import SETTLED, tasks_of
from bot.reply import Button

if TYPE_CHECKING:
    from bot.commands.journey import Kept
    from bot.pack.model import Pack, Roadmap, Task

_OFFERED = 5  # tasks to choose from where words fit several


def find_task(  # noqa: PLR0913 - the parts of one line, by keyword
    pack: Pack, kept: Kept, *, verb: str, roadmap: str | None, task: str | None, words: str
) -> tuple[Roadmap, Task]:
    """Find a task and the roadmap to show it on: the one named, else the learner's own, else the one that has it.

    Raises UserError with buttons where the line means none, or several.
    """
    wanted = pack.roadmaps[roadmap] if roadmap else current_roadmap(pack, kept)
    if task is not None:
        return _by_id(pack, wanted, task)
    scope = (wanted,) if wanted else whole_roadmaps(pack)
    if words in pack.gone:
        raise UserError(
            "That task is not part of the roadmaps any more; what you did before it still counts.", _way_on(scope)
        )
    fitting = _fitting(pack, scope, words)
    still_open = [
        place for place in fitting if journey(pack, place[0], kept).standing.tasks[place[1].id] not in SETTLED
    ]
    candidates = still_open or fitting
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise UserError("Which one?", _choices(verb, candidates))
    following = [(each, found) for each in scope if (found := journey(pack, each, kept).standing.next)]
    sentence = (
        "I found no task like that. This is what comes next." if words else "Which task? This is what comes next."
    )
    raise UserError(sentence, (*_choices(verb, following), *_way_on(scope)))


def _by_id(pack: Pack, wanted: Roadmap | None, task: str) -> tuple[Roadmap, Task]:
    places = (*((wanted,) if wanted else ()), *whole_roadmaps(pack), *pack.roadmaps.values())
    return next((roadmap, own) for roadmap in places for own in tasks_of(roadmap) if own.id == task)


def _fitting(pack: Pack, scope: tuple[Roadmap, ...], words: str) -> list[tuple[Roadmap, Task]]:
    """Find the tasks in whose id, title and skill each of the words occurs, or nearly; the best alone."""
    typed = words_of(words)
    if not typed:
        return []
    scored = [(_likeness(typed, task, pack), roadmap, task) for roadmap in scope for task in tasks_of(roadmap)]
    best = max((score for score, _, _ in scored), default=0.0)
    return [(roadmap, task) for score, roadmap, task in scored if score == best >= NEAR]


def _likeness(typed: tuple[str, ...], task: Task, pack: Pack) -> float:
    """Measure from 0 to 100 how well each typed word is found among a task's own."""
    own = set(words_of(f"{task.id} {task.title} {pack.skills[task.skill].name}"))
    return sum(max(alike(word, other) for other in own) for word in typed) / len(typed)


def _choices(verb: str, places: list[tuple[Roadmap, Task]]) -> tuple[Button, ...]:
    return tuple(Button(task.title, f"roadmap {verb} {roadmap.id} {task.id}") for roadmap, task in places[:_OFFERED])


def _way_on(scope: tuple[Roadmap, ...]) -> tuple[Button, ...]:
    return tuple(Button(roadmap.name, f"roadmap {roadmap.id}") for roadmap in scope)
