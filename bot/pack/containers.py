"""The shapes that hold others: lists, records with named fields, and things under an id of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yaml import MappingNode, ScalarNode, SequenceNode

from bot.likeness import meant
from bot.pack.shapes import DOTTED, FORMS, ID, JsonSchema, Reading, Ref, Shape, nearest

if TYPE_CHECKING:
    import re

    from yaml import Node


@dataclass(frozen=True, slots=True)
class Seq:
    """A list of `least` to `most` values; with `or_one` a single value may stand bare."""

    item: Shape
    least: int = 0
    most: int | None = None
    or_one: bool = False

    def read(self, node: Node, reading: Reading, key: str) -> tuple[object, ...] | None:
        """Return the values that could be read."""
        if not isinstance(node, SequenceNode):
            if self.or_one:
                value = self.item.read(node, reading, key)
                return None if value is None else (value,)
            reading.wrong(node, "KB008", "A list belongs here.", "Write `[first, second]`, or lines with `- `.")
            return None
        count(node, len(node.value), self.least, self.most, reading)
        values = [self.item.read(each, reading, "") for each in node.value]
        return tuple([value for value in values if value is not None])

    def schema(self) -> JsonSchema:
        """Describe the list."""
        item = self.item.schema()
        many: JsonSchema = {"type": "array", "items": item, **limits("Items", self.least, self.most)}
        return {"anyOf": [item, many]} if self.or_one else many


@dataclass(frozen=True, slots=True)
class Keyed:
    """Things under keys: each key must match `key`, or be an id that `of` refers to.

    `declares` is the kind of id that stands here, `id` how it is made of the file, the key above and the own name.
    """

    value: Shape
    key: re.Pattern[str] = ID
    of: Ref | None = None
    declares: str = ""
    id: str = "{name}"
    least: int = 0
    most: int | None = None

    def read(self, node: Node, reading: Reading, key: str) -> dict[str, object] | None:
        """Return what could be read, by key, in the order of the file."""
        if not mapping(node, reading):
            return None
        count(node, len(node.value), self.least, self.most, reading)
        values: dict[str, object] = {}
        sure = 0
        for name, name_node, value_node in pairs(node, reading):
            if not self._fits(name, name_node, reading):
                continue
            sure += 1
            if self.declares:
                declared = self.id.format(file=reading.stem, key=key, name=name)
                reading.declare(self.declares, declared, name_node, value_node)
            value = self.value.read(value_node, reading, name)
            if value is not None:
                values[name] = value
        if sure < len(node.value):
            reading.unsure.add(self.declares)
        return values

    def _fits(self, name: str, node: Node, reading: Reading) -> bool:
        """Tell whether a key may stand here, and note it where not."""
        if self.of:
            return self.of.read(node, reading, "") is not None
        if self.key.fullmatch(name):
            return True
        remedy = f"Keep to {FORMS[self.key]}."
        reading.wrong(node, "KB010", f"`{name[:40]}` cannot be an id here.", remedy)
        return False

    def schema(self) -> JsonSchema:
        """Describe the keys and the values."""
        names = DOTTED if self.of else self.key
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^(?:{names.pattern})$"},
            "additionalProperties": self.value.schema(),
            **limits("Properties", self.least, self.most),
        }


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record, given to `make` as `into`, or under its own name with `_` for `-`.

    `code` is what its absence is reported as, where it is required.
    """

    shape: Shape
    required: bool = False
    into: str = ""
    code: str = "KB007"


@dataclass(frozen=True, slots=True)
class Record:
    """Named fields, given to `make`; those not written are left to its defaults. `any_of`: one of these must be there.

    `key_as` is the argument in which `make` gets the key that the record stands under. `rest` reads what stands
    under keys that are no fields but ids of the kind of `rest_key`; `make` gets it by key as the argument `rest`.
    """

    make: Callable[..., object]
    fields: Mapping[str, Field]
    key_as: str = ""
    any_of: tuple[str, ...] = ()
    rest: Shape | None = None
    rest_key: Ref | None = None

    def read(self, node: Node, reading: Reading, key: str) -> object:
        """Return the thing made, or None where a field that it needs is missing or wrong."""
        if not mapping(node, reading, next(iter(self.fields))):
            return None
        values: dict[str, object] = {self.key_as: key} if self.key_as else {}
        if self.rest:
            values["rest"] = {}
        seen: set[str] = set()
        others = []
        for name, name_node, value_node in pairs(node, reading):
            field = self.fields.get(name)
            if field is None:
                others.append((name, name_node, value_node))
                continue
            seen.add(name)
            value = field.shape.read(value_node, reading, name)
            if value is not None:
                values[field.into or name.replace("-", "_")] = value
        if others or self._missing(seen):
            self._odd(node, others, seen, values, reading)
        return self.make(**values) if self._whole(values) else None

    def _missing(self, seen: set[str]) -> list[str]:
        """Return the fields that have to be there and are not; of `any_of` the first."""
        missing = [name for name, field in self.fields.items() if field.required and name not in seen]
        return [*missing, *self.any_of[:1]] if seen.isdisjoint(self.any_of) else missing

    def _whole(self, values: dict[str, object]) -> bool:
        """Tell whether all that is required was read."""
        needs = [name for name, field in self.fields.items() if field.required]
        have = [name for name in self.any_of if self._argument(name) in values]
        return all(self._argument(name) in values for name in needs) and bool(have or not self.any_of)

    def _argument(self, name: str) -> str:
        """Return the argument in which `make` gets a field."""
        return self.fields[name].into or name.replace("-", "_")

    def _odd(
        self,
        node: Node,
        others: list[tuple[str, Node, Node]],
        seen: set[str],
        values: dict[str, object],
        reading: Reading,
    ) -> None:
        """Read the keys that are no fields, and note those that are unknown and those that are missing.

        An unknown key that resembles a missing one is one mistake, not two; one that was declared is none.
        """
        rest: dict[str, object] = {}
        missing = self._missing(seen)
        unused = [name for name in self.fields if name not in seen]
        for name, name_node, value_node in others:
            known = self.rest_key is not None and reading.is_known(name, self.rest_key.kinds)
            likely = None if known else meant(name, missing, 70) or meant(name, unused, 85)
            if likely or not (self.rest and self.rest_key):
                missing = [each for each in missing if each != likely]
                remedy = f"Did you mean `{likely}`?" if likely else nearest(name, self.fields)
                reading.wrong(name_node, "KB006", f"The key `{name[:40]}` is not known here.", remedy)
            else:
                self.rest_key.read(name_node, reading, "")
                if (value := self.rest.read(value_node, reading, name)) is not None:
                    rest[name] = value
        for name in missing:
            remedy = f"Write `{name}: ...` here."
            reading.wrong(node, self.fields[name].code, f"`{name}` is missing.", remedy)
        if self.rest:
            values["rest"] = rest

    def schema(self) -> JsonSchema:
        """Describe the fields."""
        schema: JsonSchema = {
            "type": "object",
            "properties": {name: field.shape.schema() for name, field in self.fields.items()},
            "required": [name for name, field in self.fields.items() if field.required],
            "additionalProperties": self.rest.schema() if self.rest else False,
        }
        if self.any_of:
            schema["anyOf"] = [{"required": [name]} for name in self.any_of]
        return schema


def mapping(node: Node, reading: Reading, first: str = "key") -> bool:
    """Tell whether a node has keys; note it where it has not, with the first key that belongs there."""
    if isinstance(node, MappingNode):
        return True
    if isinstance(node, ScalarNode) and not node.value:
        reading.wrong(node, "KB007", "Nothing is written here.", "Write its keys, or delete the line.")
    else:
        reading.wrong(node, "KB008", "Keys with values belong here.", f"Write `{first}: ...` below it.")
    return False


def pairs(node: Node, reading: Reading) -> Iterator[tuple[str, Node, Node]]:
    """Yield key, its node and the value's node; a key that is no text or is written twice is noted and left out."""
    seen: set[str] = set()
    for name_node, value_node in node.value:
        name = name_node.value
        if not isinstance(name_node, ScalarNode):
            reading.wrong(name_node, "KB008", "A key has to be one word.", "Write it without brackets.")
        elif not value_node.value and value_node.start_mark.index == name_node.end_mark.index:
            remedy = "A comma ends a value: leave it out of numbers, and put quotes round a text that has one."
            reading.wrong(name_node, "KB007", f"`{name[:40]}` stands here without a value.", remedy)
        elif name in seen:
            reading.wrong(name_node, "KB009", f"The key `{name[:40]}` stands here twice.", "Keep one of the two.")
        else:
            seen.add(name)
            yield name, name_node, value_node


def count(node: Node, there: int, least: int, most: int | None, reading: Reading) -> None:
    """Note a list or mapping with too few or too many members."""
    if there < least or (most is not None and there > most):
        wanted = f"at least {least}" if most is None else f"{least} to {most}"
        message = f"Found {there}; {wanted} belong here."
        reading.wrong(node, "KB022", message, "Add some." if there < least else "Leave some out, or split them.")


def limits(of: str, least: int, most: int | None) -> JsonSchema:
    """Describe how many `Items` or `Properties` there may be."""
    schema: JsonSchema = {f"min{of}": least}
    if most is not None:
        schema[f"max{of}"] = most
    return schema
