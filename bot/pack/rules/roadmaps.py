"""Rules about roadmaps: an order that can be walked, skills taught once, hours that hold the tasks, tasks that fit."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from yaml import SequenceNode

from bot.pack.rules.subject import Subject, below, child, text_node, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml import Node

    from bot.errors import Finding
    from bot.pack.model import Roadmap, RoadmapStep, Source
    from bot.pack.shapes import Spot


def cycles(subject: Subject) -> Iterator[Finding]:
    """Yield one finding a roadmap whose steps need each other in a circle."""
    for roadmap in subject.pack.roadmaps.values():
        try:
            TopologicalSorter({step.id: step.needs for step in roadmap.steps}).prepare()
        except CycleError as error:
            # graphlib walks from a step to one that needs it; read backwards it says who needs whom.
            ring = error.args[1][::-1]
            first = min(ring, key=[step.id for step in roadmap.steps].index)
            start = ring.index(first)
            ring = [*ring[start:-1], *ring[:start], first]
            spot = subject.spot("step", f"{roadmap.id}.{first}")
            message = f"The steps need each other in a circle: {' needs '.join(ring)}."
            yield wrong(spot, below(spot, "needs"), "KB026", message, "Take one of these out of `needs`.")


def skills_taught_twice(subject: Subject) -> Iterator[Finding]:
    """Yield the skills that a second step of a roadmap teaches again."""
    for roadmap in subject.pack.roadmaps.values():
        taught: dict[str, str] = {}
        for step in roadmap.steps:
            for skill in step.skills:
                first = taught.setdefault(skill, step.id)
                if first != step.id:
                    spot = subject.spot("step", f"{roadmap.id}.{step.id}")
                    node = text_node(below(spot, "skills"), skill)
                    message = f"The step `{first}` already teaches `{skill}`."
                    yield wrong(spot, node, "KB027", message, "Leave it out here, or make two skills of it.")


def hours_below_tasks(subject: Subject) -> Iterator[Finding]:
    """Yield the steps that give less time than their tasks take."""
    for roadmap in subject.pack.roadmaps.values():
        for step in roadmap.steps:
            minutes = sum(task.minutes for task in step.tasks)
            if minutes > step.hours * 60:
                spot = subject.spot("step", f"{roadmap.id}.{step.id}")
                hours = -(-minutes // 60)
                message = f"The hours ({step.hours}) are less than the {minutes} minutes of its tasks."
                yield wrong(spot, below(spot, "hours"), "KB028", message, f"Write {hours} or more.")


def borrowed_tasks(subject: Subject) -> Iterator[Finding]:
    """Yield what keeps a variant from sharing the progress of the roadmap that it varies."""
    roadmaps = subject.pack.roadmaps
    for roadmap in roadmaps.values():
        original = roadmaps.get(roadmap.variant_of or "")
        lent = {task.id for step in original.steps for task in step.tasks} if original else None
        seen: set[str] = set()
        for step in roadmap.steps:
            spot = subject.spot("step", f"{roadmap.id}.{step.id}")
            node = below(spot, "tasks")
            if isinstance(node, SequenceNode) != bool(roadmap.variant_of):
                message = "A variant lists ids of tasks, and only a variant does."
                remedy = "Write `variant-of` at the top and a list of ids here, or the tasks themselves."
                yield wrong(spot, node, "KB034", message, remedy)
                break
            if lent is not None:
                yield from _badly_borrowed(spot, node, step, lent, seen)


def _badly_borrowed(spot: Spot, node: Node, step: RoadmapStep, lent: set[str], seen: set[str]) -> Iterator[Finding]:
    """Yield the tasks of a step that are not lent to it or were seen before; note them as seen."""
    for task in step.tasks:
        at = text_node(node, task.id)
        if task.id in seen:
            message = f"The task `{task.id}` stands in this roadmap twice."
            yield wrong(spot, at, "KB034", message, "Keep it in the step where it fits best.")
        elif task.id not in lent:
            message = f"The task `{task.id}` is not one of the roadmap that this one varies."
            yield wrong(spot, at, "KB034", message, f"Choose among: {', '.join(sorted(lent)[:12])}.")
        seen.add(task.id)


def sellers_resources(subject: Subject) -> Iterator[Finding]:
    """Yield the resources that lead to a seller who is also a source."""
    sellers = [each for each in subject.pack.sources.values() if each.kind == "vendor"]
    for roadmap in subject.pack.roadmaps.values():
        for step in roadmap.steps:
            yield from _sold(subject, roadmap, step, sellers)


def _sold(subject: Subject, roadmap: Roadmap, step: RoadmapStep, sellers: list[Source]) -> Iterator[Finding]:
    """Yield the resources of one step that lead to a seller."""
    spot = subject.spot("step", f"{roadmap.id}.{step.id}")
    for resource in step.resources:
        host = urlsplit(resource.url).hostname or ""
        seller = next((each for each in sellers if _owns(each, host)), None)
        if seller:
            written = child(spot.value, "resources")
            items = written.value if written is not None else ()
            urls = [node for item in items if (node := child(item, "url")) is not None]
            node = next((each for each in urls if each.value == resource.url), spot.name)
            message = f"{host} belongs to {seller.short}, which is a source here and sells."
            remedy = "Name official documentation, or something free that nobody here sells."
            yield wrong(spot, node, "KB033", message, remedy)


def _owns(source: Source, host: str) -> bool:
    """Tell whether a host is a source's: it is that of its link, or has its id or first name as a word."""
    if source.url and urlsplit(source.url).hostname == host:
        return True
    words = {source.id, source.short.split()[0].casefold()}
    return any(len(word) > 2 and any(label.startswith(word) for label in host.split(".")) for word in words)
