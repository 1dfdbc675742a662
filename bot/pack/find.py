"""The names that a pack gives to things, as people type them: exact phrases, longest first, and near-misses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.likeness import by_likeness
from bot.pack.gone import follow

if TYPE_CHECKING:
    from bot.pack.model import Pack, Roadmap

NEAR = 80.0  # similarity of 0 to 100 from which a single candidate is taken as a slip of the finger
FARTHEST = 55.0  # below this a suggestion is noise
_SEPARATORS = re.compile(r"[\s\-_/,;:+&|()\[\]\"'.?!]+")


def words_of(text: str) -> tuple[str, ...]:
    """Split text into comparable words: lower case, compatibility forms folded, cut at spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return tuple(word for word in _SEPARATORS.split(folded) if word)


@dataclass(frozen=True, slots=True)
class Name:
    """One thing that a phrase can mean."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every phrase of a pack, as a tuple of words, with what it can mean; `longest` is the most words in a phrase."""

    phrases: Mapping[tuple[str, ...], tuple[Name, ...]]
    labels: Mapping[Name, str]
    longest: int

    def match(self, words: tuple[str, ...], start: int, kinds: frozenset[str]) -> tuple[int, Name] | None:
        """Find the longest phrase that begins at `start` and names something of one of the kinds."""
        for length in range(min(self.longest, len(words) - start), 0, -1):
            for name in self.phrases.get(words[start : start + length], ()):
                if name.kind in kinds:
                    return length, name
        return None

    def nearest(self, text: str, kinds: frozenset[str], most: int = 3) -> list[tuple[Name, float]]:
        """Rank what a mistyped text may mean, the likeliest first, each thing once, with its similarity (0 to 100)."""
        candidates = [
            (name, " ".join(phrase)) for phrase, names in self.phrases.items() for name in names if name.kind in kinds
        ]
        scored = by_likeness(" ".join(words_of(text)), [phrase for _, phrase in candidates], FARTHEST, most * 4)
        best: dict[Name, float] = {}
        for _, score, index in scored:
            best.setdefault(candidates[index][0], score)
        return list(best.items())[:most]


def vocabulary_of(pack: Pack) -> Vocabulary:
    """Collect the names of a pack; the earlier of two meanings of a phrase wins where a command takes both."""
    phrases: dict[tuple[str, ...], list[Name]] = {}
    labels: dict[Name, str] = {}
    for kind, id_, label, spellings in _named(pack):
        name = Name(kind, id_)
        labels[name] = label
        for spelling in (id_, label, *spellings):
            meanings = phrases.setdefault(words_of(spelling), [])
            if name not in meanings:
                meanings.append(name)
    for old in pack.gone:
        today = follow(old, pack.gone)
        meanings = phrases.get(words_of(today), []) if today else [Name("retired", old)]
        phrases.setdefault(words_of(old), []).extend(meanings)
    phrases.pop((), None)
    return Vocabulary(
        MappingProxyType({phrase: tuple(names) for phrase, names in phrases.items()}),
        MappingProxyType(labels),
        max((len(phrase) for phrase in phrases), default=0),
    )


def _named(pack: Pack) -> Iterator[tuple[str, str, str, Iterable[str]]]:
    """Yield kind, id, label and other spellings of everything in a pack that can be typed."""
    for role in pack.roles.values():
        yield "role", role.id, role.name, (role.short, *role.also_called, *role.alias_notes)
    for kind, things in (
        ("region", pack.regions),
        ("level", pack.levels),
        ("skill", pack.skills),
        ("tool", pack.tools),
    ):
        for thing in things.values():
            yield kind, thing.id, thing.name, thing.also_called
    for aspect in pack.aspects.values():
        yield "aspect", aspect.id, aspect.name, aspect.also_called
    for source in pack.sources.values():
        yield "source", source.id, source.short, (source.name,)
    for term in pack.not_covered:
        yield "uncovered", term, term, ()
    yield from _on_the_way(pack)


def _on_the_way(pack: Pack) -> Iterator[tuple[str, str, str, Iterable[str]]]:
    """Yield the names of roadmaps, steps and tasks; a destination is a roadmap, or a role that none leads to."""
    for roadmap in pack.roadmaps.values():
        spellings = _roadmap_spellings(pack, roadmap)
        yield "roadmap", roadmap.id, roadmap.name, spellings
        yield "destination", roadmap.id, roadmap.name, spellings
        for step in roadmap.steps:
            yield "step", step.id, step.title, ()
            for task in step.tasks:
                yield "task", task.id, task.title, ()
    mapped = {roadmap.role for roadmap in pack.roadmaps.values()}
    for role in pack.roles.values():
        if role.id not in mapped:
            yield "destination", role.id, role.name, (role.short, *role.also_called, *role.alias_notes)


def _roadmap_spellings(pack: Pack, roadmap: Roadmap) -> tuple[str, ...]:
    """Name a roadmap as its role is named; a variant adds what its id adds to the other's: `ai short`."""
    role = pack.roles[roadmap.role]
    names = (role.name, role.short, role.id, *role.also_called)
    if roadmap.variant_of is None:
        return names
    variant = roadmap.id.removeprefix(roadmap.variant_of)
    return tuple(spelling for name in names for spelling in (f"{name} {variant}", f"{variant} {name}"))
