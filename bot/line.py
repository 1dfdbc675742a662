"""What a line means: the Call that it makes, and the canonical line that makes the same Call. Reads no free text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.command import Command, Parameter
from bot.pack.find import Name

TEXT_LIMIT = 600  # characters; longer than any question, short enough to search at once
_NO_WORDS = frozenset({"Cc", "Cf", "Cs", "So", "Zl", "Zp"})
_OF_EMOJI = frozenset("\ufe0f\u20e3🏻🏼🏽🏾🏿")  # what changes the look of the emoji before it
_REPAIRS = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})


@dataclass(frozen=True, slots=True)
class Call:
    """One understood line: the command's path (`roadmap done`) and the canonical values of its parameters.

    `words` were typed and name nothing known here; a command that takes them makes sense of them. No button has any.
    """

    path: tuple[str, ...]
    arguments: tuple[tuple[str, tuple[str, ...]], ...] = ()
    words: str = ""

    def given(self, parameter: str) -> tuple[str, ...]:
        """Return the values of a parameter, none if it was not given."""
        return dict(self.arguments).get(parameter, ())


@dataclass(frozen=True, slots=True)
class Heard:
    """How some words were read: what they were, what they name, and whether that was a guess."""

    words: str
    name: Name
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """A call, and the names in it as they were heard, in order."""

    call: Call
    heard: tuple[Heard, ...] = ()


@dataclass(frozen=True, slots=True)
class Plain:
    """Text that is no command: a plain question, cleaned."""

    text: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """A command with words that name nothing: the words, and the nearest whole lines with their labels."""

    command: Command
    path: tuple[str, ...]
    words: str
    suggestions: tuple[tuple[str, Call], ...]
    uncovered: str | None = None


@dataclass(frozen=True, slots=True)
class TooMany:
    """More values than a parameter takes, and what is said `beside` them."""

    command: Command
    path: tuple[str, ...]
    parameter: Parameter
    given: tuple[str, ...]
    beside: Mapping[str, tuple[str, ...]]


Line = Understood | Plain | Unclear | TooMany


def clean(text: str) -> str:
    """Repair what phones and clipboards do to text, and drop emoji and control, format and invisible characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    repaired = unicodedata.normalize("NFKC", text.translate(_REPAIRS)).translate(_REPAIRS)
    visible = "".join(" " if unicodedata.category(c) in _NO_WORDS or c in _OF_EMOJI else c for c in repaired)
    return " ".join(visible.split())


def find_command(path: tuple[str, ...], commands: Mapping[str, Command]) -> Command | None:
    """Return the command or verb that a path names."""
    found = commands.get(path[0]) if path else None
    for verb in path[1:]:
        found = found.verbs.get(verb) if found else None
    return found


def canonical(call: Call) -> str:
    """Write a call as the line that parses back to it; it is made from ids only."""
    return " ".join((*call.path, *(value for _, values in call.arguments for value in values)))


def arguments_of(call: Call, command: Command) -> dict[str, Any]:
    """Turn a call's canonical values into what the command's function takes, as keyword arguments."""
    taken: dict[str, Any] = {}
    for parameter in command.parameters:
        values = tuple(parameter.kind.read(value) for value in call.given(parameter.name))
        if parameter.kind.takes:
            taken[parameter.name] = call.words
        elif parameter.most > 1:
            taken[parameter.name] = values
        elif values:
            taken[parameter.name] = values[0]
    return taken


def call_of(command: Command, path: tuple[str, ...], values: Mapping[str, tuple[str, ...]], words: str = "") -> Call:
    """Make a call with its arguments in the order of the command's parameters, empty ones left out."""
    named = ((parameter.name, tuple(values.get(parameter.name, ()))) for parameter in command.parameters)
    return Call(path, tuple((name, given) for name, given in named if given), words)
