"""The shapes that a field of a pack can have: each reads a YAML node, and describes itself as JSON Schema.

They know positions and findings, and nothing of roles, roadmaps or files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

from yaml import ScalarNode, SequenceNode

from bot.errors import Finding
from bot.likeness import meant

if TYPE_CHECKING:
    from yaml import Node

JsonSchema = dict[str, object]

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ONE_CHARACTER = re.compile(r"[a-z0-9]")
DOTTED = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
NAME = re.compile(r".{1,60}")
FORMS = {
    ID: "small letters, digits and hyphens",
    ONE_CHARACTER: "one small letter or digit",
    DOTTED: "small letters, digits, hyphens and dots",
    NAME: "at most 60 characters",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands: its file, the node of its name, the node of its value.

    Where nobody will look below it, a bare node at the place of its name stands for both.
    """

    file: str
    name: Node
    value: Node


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that names an id of some kind (any of `kinds`); `also` are other words that may stand there."""

    kinds: tuple[str, ...]
    id: str
    file: str
    node: Node
    also: tuple[str, ...] = ()


def stem(file: str) -> str:
    """Return the id that the name of a file is."""
    return PurePosixPath(file).stem


def finding(file: str, node: Node, code: str, message: str, remedy: str) -> Finding:
    """Make a finding at the place where a node begins."""
    mark = node.start_mark
    return Finding(file, mark.line + 1, mark.column + 1, code, message, remedy)


@dataclass(slots=True)
class Reading:
    """What has been met while one file is read: mistakes, ids declared, ids referred to.

    Of the kinds in `unsure` an id was written so wrongly that it is not known which it was meant to be.
    Only a draft to be checked has its nodes kept, which take several times what is made of them. `known` are the ids of
    the files before it, by kind.
    """

    file: str
    stem: str
    nodes_kept: bool = True
    known: Mapping[str, Mapping[str, Spot]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    declared: list[tuple[str, str, Spot]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)

    def declare(self, kind: str, id_: str, name: Node, value: Node) -> None:
        """Note that an id of some kind stands here."""
        if not self.nodes_kept:
            name = value = ScalarNode("text", id_, name.start_mark, name.end_mark)
        self.declared.append((kind, id_, Spot(self.file, name, value)))

    def is_known(self, name: str, kinds: Iterable[str]) -> bool:
        """Tell whether a file before this one has declared an id of one of these kinds."""
        return any(name in self.known.get(kind, ()) for kind in kinds)

    def wrong(self, node: Node, code: str, message: str, remedy: str) -> None:
        """Note a mistake at a node."""
        self.findings.append(finding(self.file, node, code, message, remedy))


class Shape(Protocol):
    """One way to read a node; `key` is the key under which the node stands, '' in a list."""

    def read(self, node: Node, reading: Reading, key: str) -> object:
        """Return the value, or None after noting what is wrong."""

    def schema(self) -> JsonSchema:
        """Describe the shape as JSON Schema."""


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the remedy for a word that is not one of the words: the nearest, or the first of them."""
    known = list(words)
    if likely := meant(word, known, 61):
        return f"Did you mean `{likely}`?"
    if not known:
        return "There is none yet."
    return f"Write one of: {', '.join(known[:12])}{', ...' if known[12:] else '.'}"


def scalar(node: Node, reading: Reading, code: str = "KB008") -> str | None:
    """Return the text of a node; a list, a mapping or nothing at all is noted as wrong."""
    if isinstance(node, ScalarNode):
        text: str = node.value
        if text and not text.isspace():
            return " ".join(text.split()) if "\n" in text else text
        reading.wrong(
            node,
            "KB007",
            "Nothing is written here.",
            "Write a value (in quotes if it begins with `#`), or delete the key.",
        )
    elif isinstance(node, SequenceNode):
        remedy = "Write `disagree` with `views`, or two statements." if code == "KB013" else "Write one text."
        reading.wrong(node, code, "A list stands where one text belongs.", remedy)
    else:
        reading.wrong(node, "KB008", "Keys stand where one text belongs.", "Write one text; quote it if it holds `: `.")
    return None


@dataclass(frozen=True, slots=True)
class Text:
    """One text of at most `limit` characters. `many` is the code for a list in its place."""

    limit: int = 240
    many: str = "KB008"

    def read(self, node: Node, reading: Reading, key: str) -> str | None:
        """Return the text."""
        del key
        text = scalar(node, reading, self.many)
        if text and len(text) > self.limit:
            message = f"The text has {len(text)} characters; {self.limit} is the most."
            reading.wrong(node, "KB018", message, "Say it shorter, or make two statements of it.")
        return text

    def schema(self) -> JsonSchema:
        """Describe a text; editors may see a number or a word such as `no` as more than text."""
        return {"type": ["string", "number", "boolean"], "maxLength": self.limit}


@dataclass(frozen=True, slots=True)
class Matched:
    """A text that a pattern must match in full, then turned into a value by `make` (which may raise ValueError)."""

    pattern: re.Pattern[str]
    code: str
    what: str
    remedy: str
    make: Callable[[str], object] = str

    def read(self, node: Node, reading: Reading, key: str) -> object:
        """Return the value."""
        del key
        text = scalar(node, reading)
        if text is None:
            return None
        if self.pattern.fullmatch(text):
            try:
                return self.make(text)
            except ValueError as error:
                reading.wrong(node, self.code, f"`{text[:40]}`: {error}.", self.remedy)
                return None
        reading.wrong(node, self.code, f"`{text[:40]}` is not {self.what}.", self.remedy)
        return None

    def schema(self) -> JsonSchema:
        """Describe the pattern."""
        return {"type": ["string", "number", "boolean"], "pattern": f"^(?:{self.pattern.pattern})$"}


@dataclass(frozen=True, slots=True)
class Word:
    """One of a closed set of words, each with what it means."""

    words: Mapping[str, object]

    def read(self, node: Node, reading: Reading, key: str) -> object:
        """Return what the word means."""
        del key
        text = scalar(node, reading)
        if text is None:
            return None
        if text in self.words:
            return self.words[text]
        reading.wrong(node, "KB011", f"`{text[:40]}` is not known here.", nearest(text, self.words))
        return None

    def schema(self) -> JsonSchema:
        """Describe the words; editors read `yes` and `no` as they like."""
        flags: list[object] = [True, False] if {"yes", "no"} <= set(self.words) else []
        return {"enum": [*self.words, *flags]}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int
    code: str = "KB014"

    def read(self, node: Node, reading: Reading, key: str) -> int | None:
        """Return the number."""
        del key
        text = scalar(node, reading)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and len(text) < 10 and self.low <= int(text) <= self.high:
            return int(text)
        message = f"`{text[:40]}` is not a whole number from {self.low} to {self.high}."
        reading.wrong(node, self.code, message, f"Write a number from {self.low} to {self.high}.")
        return None

    def schema(self) -> JsonSchema:
        """Describe the range."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Ref:
    """An id that is declared elsewhere; `local` ids belong to the file that names them."""

    kinds: tuple[str, ...]
    local: bool = False
    also: tuple[str, ...] = ()

    def read(self, node: Node, reading: Reading, key: str) -> str | None:
        """Return the id and remember that it was referred to."""
        del key
        text = scalar(node, reading)
        if text is not None and text not in self.also:
            target = f"{reading.stem}.{text}" if self.local else text
            reading.references.append(Reference(self.kinds, target, reading.file, node, self.also))
        return text

    def schema(self) -> JsonSchema:
        """Describe an id."""
        return {"type": ["string", "number"], "pattern": f"^{DOTTED.pattern}$"}


@dataclass(frozen=True, slots=True)
class Either:
    """Keys with values, or a list: each with a shape of its own."""

    keyed: Shape
    listed: Shape

    def read(self, node: Node, reading: Reading, key: str) -> object:
        """Return what the shape for this kind of node makes of it."""
        shape = self.listed if isinstance(node, SequenceNode) else self.keyed
        return shape.read(node, reading, key)

    def schema(self) -> JsonSchema:
        """Describe both."""
        return {"anyOf": [self.keyed.schema(), self.listed.schema()]}
