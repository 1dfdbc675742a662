"""The parameters of a command as Discord's typed options, and what was typed there as a line. Pure; answers nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.discord.languages import descriptions, names
from bot.nudges.clocks import local
from bot.nudges.zones import cities, find
from bot.present import capitalised

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.discord.languages import Language
    from bot.command import Command, Parameter
    from bot.nudges.zones import City
    from bot.pack.find import Vocabulary

CHOICES = 25
NAME, VALUE = 100, 100  # characters of a choice
_NAMED = frozenset({"role", "aspect", "region", "level", "roadmap", "destination", "skill", "source"})
_FORMED = frozenset({"hours", "days", "time", "date"})
_ZONE = "zone"
_STRING = 3


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a slash command: its name, what is said of it, and the kind of what is typed there."""

    name: str
    says: str
    kind: str


def options_of(command: Command) -> tuple[Option, ...]:
    """List the options of a command: what people type. What only buttons carry is left out."""
    return tuple(option for parameter in command.parameters for option in _options(parameter))


def _options(parameter: Parameter) -> Iterator[Option]:
    kind = parameter.kind.name
    says = capitalised(parameter.kind.label)
    if kind in _NAMED:
        yield Option(kind, says, kind)
        yield from (Option(f"{kind}-{number}", f"{says} more", kind) for number in range(2, parameter.most + 1))
    elif kind in _FORMED or kind == _ZONE:
        yield Option(kind, says, kind)


def described(option: Option, vocabulary: Vocabulary, languages: Sequence[Language]) -> dict[str, Any]:
    """Describe an option to Discord: with its choices, or with the wish to be asked for them."""
    there = _names(option.kind, vocabulary)
    described: dict[str, Any] = {
        "type": _STRING,
        "name": option.name,
        "name_localizations": names(languages, option.name),
        "description": option.says,
        "description_localizations": descriptions(languages, option.says),
        "required": False,
    }
    if option.kind == _ZONE or len(there) > CHOICES:
        return described | {"autocomplete": True, "max_length": VALUE}
    if there:
        return described | {"choices": [_choice(label, value) for label, value in there]}
    return described | {"max_length": VALUE}


def line_of(name: str, options: Sequence[Mapping[str, Any]]) -> str:
    """Write what was chosen and typed as the line that somebody would have typed."""
    return " ".join((name, *(str(option.get("value", "")) for option in options)))


def suggestions(kind: str, typed: str, vocabulary: Vocabulary, at: datetime) -> list[tuple[str, str]]:
    """List what may be meant by what was typed so far, at most 25, each with its label and its value."""
    if kind == _ZONE:
        found = find(typed).cities if typed.strip() else cities()[:CHOICES]
        return [_cut(_clock(city, at), city.zone) for city in found][:CHOICES]
    ids = {value: label for label, value in _names(kind, vocabulary)}
    asked = typed.casefold()
    called = (
        name.id
        for phrase, names in vocabulary.phrases.items()
        for name in names
        if name.kind == kind and asked in " ".join(phrase)
    )
    named = (value for value, label in ids.items() if asked in label.casefold())
    near = (name.id for name, _ in vocabulary.nearest(typed, frozenset({kind}), CHOICES)) if asked else ()
    return [_cut(ids[value], value) for value in dict.fromkeys((*named, *called, *near))][:CHOICES]


def _names(kind: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    return [(label, name.id) for name, label in vocabulary.labels.items() if name.kind == kind]


def _choice(label: str, value: str) -> dict[str, str]:
    label, value = _cut(label, value)
    return {"name": label, "value": value}


def _cut(label: str, value: str) -> tuple[str, str]:
    return (label if len(label) <= NAME else f"{label[: NAME - 1]}…"), value[:VALUE]


def _clock(city: City, at: datetime) -> str:
    country = f", {city.country}" if city.country else ""
    return f"{city.name}{country}: {local(city.zone, at):%a %H:%M}"
