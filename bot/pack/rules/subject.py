"""What a rule looks at: the pack as far as it could be read, where everything stands in it, and the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from yaml import MappingNode, ScalarNode

from bot.pack.shapes import Spot, finding

if TYPE_CHECKING:
    from datetime import date

    from yaml import Node

    from bot.errors import Finding
    from bot.pack.draft import Draft
    from bot.pack.model import Pack


@dataclass(frozen=True, slots=True)
class Subject:
    """A draft, the pack made of it, and the day on which it is checked."""

    draft: Draft
    pack: Pack
    today: date

    def spot(self, kind: str, id_: str) -> Spot:
        """Return where an id is declared; raise KeyError for one that is not."""
        return self.draft.declared[kind][id_]

    def known(self, kind: str) -> dict[str, Spot]:
        """Return the spots of all ids of a kind."""
        return self.draft.declared.get(kind, {})

    def has_findings(self, file: str) -> bool:
        """Tell whether a file was read with mistakes, so that something may be missing from the pack."""
        return any(each.file == file for each in self.draft.findings)


def below(spot: Spot, *keys: str) -> Node:
    """Return the node of the value under keys below a spot, or of the spot's own name where there is none."""
    node = spot.value
    for key in keys:
        found = child(node, key)
        if found is None:
            return spot.name
        node = found
    return node


def child(node: Node, key: str) -> Node | None:
    """Return the node of the value under a key, None where there is no such key."""
    if not isinstance(node, MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def key_node(node: Node, key: str) -> Node:
    """Return the node of a key, or the node itself where it has no such key."""
    pairs = node.value if isinstance(node, MappingNode) else ()
    return next((name for name, _ in pairs if name.value == key), node)


def text_node(node: Node, text: str) -> Node:
    """Return the node in a list that holds a text, or the node itself where none does."""
    items = () if isinstance(node, (ScalarNode, MappingNode)) else node.value
    return next((item for item in items if item.value == text), node)


def wrong(spot: Spot, node: Node, code: str, message: str, remedy: str) -> Finding:
    """Make a finding at a node of the file in which a spot is."""
    return finding(spot.file, node, code, message, remedy)
