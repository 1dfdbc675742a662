"""Rules about lines and names: no line too long, no name that means two things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaml import ScalarNode, SequenceNode

from bot.errors import Finding
from bot.pack.find import words_of
from bot.pack.rules.subject import Subject, below, child, wrong
from bot.pack.shapes import Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yaml import Node

LINE = 100
_LONG = re.compile(rf"^.{{{LINE}}}(.+)", re.MULTILINE)
_SETS = (("role", "aspect", "region", "level"), ("skill",), ("tool",))


def long_lines(subject: Subject) -> Iterator[Finding]:
    """Yield the lines over 100 characters of the files that are YAML; in others they are the least of it."""
    for file in subject.draft.roots:
        text = subject.draft.texts[file]
        for found in _LONG.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            message = f"The line has {LINE + len(found[1].rstrip())} characters; {LINE} is the most."
            remedy = "Break the text: write `>-` behind the key, and the text indented below it."
            yield Finding(file, line, LINE + 1, "KB024", message, remedy)


def ambiguous_names(subject: Subject) -> Iterator[Finding]:
    """Yield names under which a person would find two things: roles, aspects, regions and levels share one set."""
    for kinds in _SETS:
        taken: dict[tuple[str, ...], tuple[str, str]] = {}
        for kind in kinds:
            for id_, spot in subject.known(kind).items():
                for name, node in _names(id_, spot):
                    owner = taken.setdefault(words_of(name), (kind, id_))
                    if owner != (kind, id_):
                        message = f"`{name}` already means the {owner[0]} `{owner[1]}`."
                        yield wrong(spot, node, "KB025", message, "Take it out of one of the two.")


def uncovered_names(subject: Subject) -> Iterator[Finding]:
    """Yield names that the pack says it does not cover although a role has them."""
    roles = {words_of(name): id_ for id_, spot in subject.known("role").items() for name, _ in _names(id_, spot)}
    for name in subject.pack.not_covered:
        role = roles.get(words_of(name))
        if role:
            root = subject.draft.roots["pack.yaml"]
            spot = Spot("pack.yaml", root, root)
            message = f"`{name}` is said to be not covered, and already means the role `{role}`."
            yield wrong(spot, below(spot, "not-covered", name), "KB025", message, "Take it out of one of the two.")


def _names(id_: str, spot: Spot) -> Iterable[tuple[str, Node]]:
    """Return the id and the names that stand under an id, each once, with its node."""
    names = {words_of(id_): (id_, spot.name)}
    others = child(spot.value, "also-called")
    nodes = [child(spot.value, "name"), *(others.value if isinstance(others, SequenceNode) else ())]
    for node in nodes:
        if isinstance(node, ScalarNode) and node.value:
            names.setdefault(words_of(node.value), (node.value, node))
    return names.values()
