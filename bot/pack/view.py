"""A pack as one community sees it: without the aspects that its admins have hidden. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.pack.gone import follow

if TYPE_CHECKING:
    from bot.pack.model import Choice, Fit, Pack, Question, Roadmap, RoadmapStep


def hidden_of(pack: Pack, hidden: frozenset[str]) -> frozenset[str]:
    """Return which aspects of a pack are hidden, by their ids of today; the first, what a thing is, never is."""
    return frozenset(follow(each, pack.gone) or each for each in hidden) & frozenset(list(pack.aspects)[1:])


def without(pack: Pack, hidden: frozenset[str]) -> Pack:
    """Leave some aspects out of a pack, with every statement and figure on them and every way to these."""
    left_out = hidden_of(pack, hidden)
    if not left_out:
        return pack
    shown = {key: each for key, each in pack.statements.items() if each.aspect not in left_out}
    return replace(
        pack,
        aspects={key: each for key, each in pack.aspects.items() if key not in left_out},
        statements=shown,
        figures={key: each for key, each in pack.figures.items() if each.aspect not in left_out},
        roadmaps={key: _roadmap(each, shown) for key, each in pack.roadmaps.items()},
        fit=_fit(pack.fit, shown) if pack.fit else None,
    )


def _roadmap(roadmap: Roadmap, shown: Mapping[str, object]) -> Roadmap:
    return replace(roadmap, steps=tuple(_step(step, shown) for step in roadmap.steps))


def _step(step: RoadmapStep, shown: Mapping[str, object]) -> RoadmapStep:
    see = tuple(each for each in step.see if each in shown)
    return replace(step, mistake=_kept(step.mistake, shown), project=_kept(step.project, shown), see=see)


def _fit(fit: Fit, shown: Mapping[str, object]) -> Fit:
    return replace(
        fit,
        questions=tuple(_question(question, shown) for question in fit.questions),
        undecided=_kept(fit.undecided, shown),
        asks_for={role: each for role, each in fit.asks_for.items() if each in shown},
    )


def _question(question: Question, shown: Mapping[str, object]) -> Question:
    return replace(question, choices=tuple(_choice(choice, shown) for choice in question.choices))


def _choice(choice: Choice, shown: Mapping[str, object]) -> Choice:
    return replace(choice, check=_kept(choice.check, shown))


def _kept(statement: str | None, shown: Mapping[str, object]) -> str | None:
    return statement if statement in shown else None
