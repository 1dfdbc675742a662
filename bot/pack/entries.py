"""How the entries of a role or topic are written: claims, disagreements and gaps, one or several under an aspect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from yaml import MappingNode, ScalarNode, SequenceNode

from bot.pack.containers import Field, Keyed, Record, Seq
from bot.pack.making import claim, claim_entry, disagreement_entry, gap_entry
from bot.pack.shapes import JsonSchema, Reading, Ref, Text, Whole

if TYPE_CHECKING:
    from yaml import Node

    from bot.pack.making import Entry

FROM = Field(Seq(Ref(("source",)), least=1, or_one=True), required=True, into="sources", code="KB012")
_CLAIM_FIELDS = {
    "says": Field(Text(many="KB013"), into="text"),
    "names": Field(Seq(Ref(("tool", "skill")), least=1)),
    "from": FROM,
    "where": Field(Text(120)),
    "region": Field(Ref(("region",))),
    "year": Field(Whole(1990, 2100, "KB015")),
}
_ENTRY_FIELDS = {
    "title": Field(Text(100)),
    "also-asked": Field(Seq(Text(100))),
    "degree": Field(Whole(0, 4)),
}
CLAIM = Record(claim, _CLAIM_FIELDS, any_of=("says", "names"))
_CLAIM_ENTRY = Record(claim_entry, _CLAIM_FIELDS | _ENTRY_FIELDS, any_of=("says", "names"))
_DISAGREEMENT_ENTRY = Record(
    disagreement_entry,
    {
        "disagree": Field(Text(100), required=True, into="topic"),
        "views": Field(Seq(CLAIM, least=2), required=True),
    }
    | _ENTRY_FIELDS,
)
_GAP_ENTRY = Record(gap_entry, {"not-said": Field(Text(), required=True, into="text")} | _ENTRY_FIELDS)
_WORDS = frozenset(_CLAIM_ENTRY.fields) | frozenset(_DISAGREEMENT_ENTRY.fields) | frozenset(_GAP_ENTRY.fields)


def _keys(node: Node) -> set[str]:
    return {name.value for name, _ in node.value if isinstance(name, ScalarNode)}


@dataclass(frozen=True, slots=True)
class EntryShape:
    """One entry: a claim, a disagreement or a gap, told apart by their keys."""

    def read(self, node: Node, reading: Reading, key: str) -> Entry | None:
        """Return the entry."""
        if isinstance(node, ScalarNode) and node.value:
            remedy = "Write `{says: ..., from: SOURCE}`, or `not-said` if no source says it."
            reading.wrong(node, "KB012", "This stands without a source.", remedy)
            return None
        if isinstance(node, SequenceNode):
            reading.wrong(node, "KB013", "Several bare values stand here.", "Write `disagree` with `views`.")
            return None
        shape = _CLAIM_ENTRY
        if isinstance(node, MappingNode):
            keys = _keys(node)
            if "disagree" in keys or "views" in keys:
                shape = _DISAGREEMENT_ENTRY
            elif "not-said" in keys:
                shape = _GAP_ENTRY
        return cast("Entry | None", shape.read(node, reading, key))

    def schema(self) -> JsonSchema:
        """Describe the three kinds."""
        return {"anyOf": [each.schema() for each in (_CLAIM_ENTRY, _DISAGREEMENT_ENTRY, _GAP_ENTRY)]}


@dataclass(frozen=True, slots=True)
class Entries:
    """What stands under an aspect: one entry, or several under ids; read as entries by the end of their id."""

    def read(self, node: Node, reading: Reading, key: str) -> dict[str, Entry] | None:
        """Return the entries by what follows the file in their ids: `maths`, or `maths.level`."""
        several = isinstance(node, MappingNode) and node.value and _WORDS.isdisjoint(_keys(node))
        if not several:
            reading.declare("statement", f"{reading.stem}.{key}", node, node)
            entry = ENTRY.read(node, reading, key)
            return {key: entry} if entry else None
        entries = _SEVERAL.read(node, reading, key) or {}
        return {f"{key}.{name}": cast("Entry", entry) for name, entry in entries.items()}

    def schema(self) -> JsonSchema:
        """Describe the one and the several."""
        return {"anyOf": [ENTRY.schema(), _SEVERAL.schema()]}


ENTRY = EntryShape()
_SEVERAL = Keyed(ENTRY, declares="statement", id="{file}.{key}.{name}")
