"""Finds what in a pack answers a plain question: recorded ways of asking first, then shared rare words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.likeness import by_likeness, likest
from bot.pack.find import words_of
from bot.pack.model import Claim, Disagreement, Gap

if TYPE_CHECKING:
    from bot.pack.model import FigureTable, Pack, Statement

ENOUGH = 0.62  # share of a question's weight that an answer must hold; tuned on tests/questions.yaml
_ASKED = 0.74  # likeness to a recorded question from which it counts at all
_BESIDE = 0.8  # share of the best answer's score that another must have to stand beside it
_NAME = 0.2  # weight of a word that only names a role: which role it is answers nothing yet
_LEAST = 1.0  # weight that a question must have; less is a role's name alone
_SLIP = 84.0  # likeness of two words, 0 to 100, that makes one a misspelling of the other
_STOP = frozenset(
    "a about actually all am an and any are as at be become been being but can could do does easily ever for "
    "from get give go going got has have hi how i if im in into is it job just kind know learn like long many "
    "mean means me more most much my necessary need needed no not of off on one only or person please possible "
    "really required role should so some still take taken tell than that the them there they this time to too "
    "us use used using very want was way we what whats when which who why will with without would you your "
    "engineer engineers aana aani aur banna bante ban banu bhi chahiye ha haan hai hain ho hoga hona hota hoti "
    "ja ka kaha kahan kaise kar karna karu karun karta kare ke ki kitna kitne kitni ko kaun kaunsa kaunsi kya "
    "kyu liye main mein mujhe mera nahi par pe se sakta sakte sakti seekhu seekhna sikhna ya ye".split()
)


@dataclass(frozen=True, slots=True)
class Index:
    """A pack, made ready for questions: each answer's words, the ways in which it was asked for, each word's weight."""

    words: Mapping[str, frozenset[str]]
    asked: Mapping[str, str]
    weights: Mapping[str, float]


def index_of(pack: Pack) -> Index:
    """Index the statements and figure tables of a pack, by id."""
    words = {statement.id: frozenset(_words(_text(statement, pack))) for statement in pack.statements.values()}
    words |= {table.id: frozenset(_words(_table_text(table, pack))) for table in pack.figures.values()}
    asked = {
        _phrase(question): statement.id
        for statement in pack.statements.values()
        for question in (
            *statement.also_asked,
            *((statement.title,) if (statement.title or "").endswith("?") else ()),
        )
        if question
    }
    counts = Counter(word for found in words.values() for word in found)
    weights = {word: math.log(1 + len(words) / count) for word, count in counts.items()}
    names = {word for role in pack.roles.values() for word in _words(f"{role.name} {role.short}")}
    weights |= dict.fromkeys(names & weights.keys(), _NAME)
    return Index(words, asked, weights)


def answers(question: str, index: Index, most: int = 3) -> list[str]:
    """Return the ids of the statements and figure tables that answer a question best, none if nothing does."""
    scores: dict[str, float] = {}
    phrase, meant = _phrase(question), frozenset(_words(question))
    for asked, score, _ in by_likeness(phrase, list(index.asked), 100 * _ASKED, 8, any_order=True):
        if not meant.isdisjoint(_words(asked)) or not meant:  # alike in more than its small words
            scores[index.asked[asked]] = max(scores.get(index.asked[asked], 0.0), 1.0 + score / 100)
    weighed = [(word, index.weights[word]) for word in _known(_words(question), index)]
    total = sum(weight for _, weight in weighed) + _unknown_weight(question, index)
    if total > _LEAST:
        for identifier, words in index.words.items():
            share = sum(weight for word, weight in weighed if word in words) / total
            if share >= ENOUGH:
                scores[identifier] = max(scores.get(identifier, 0.0), share)
    ranked = sorted(scores, key=lambda found: -scores[found])[:most]
    return [found for found in ranked if scores[found] >= _BESIDE * scores[ranked[0]]]


def is_recorded(question: str, index: Index) -> bool:
    """Say whether a question stands in the pack nearly as it was asked: alike, and the same in its words of weight."""
    phrase, meant = _phrase(question), frozenset(_words(question))
    near = by_likeness(phrase, list(index.asked), 100 * _ASKED)
    return any(frozenset(_words(asked)) == meant for asked, _, _ in near)


def says_more_than(question: str, names: Iterable[str]) -> bool:
    """Say whether a question has words of weight besides those of some names."""
    return not frozenset(_words(question)) <= {word for name in names for word in _words(name)}


def _unknown_weight(question: str, index: Index) -> float:
    """Weigh the words that occur nowhere in the pack: they speak against every answer."""
    known = _known(_words(question), index)
    strange = len(list(_words(question))) - len(known)
    return strange * max(index.weights.values(), default=0.0) * 0.65


def _known(words: Iterable[str], index: Index) -> list[str]:
    known = []
    for word in words:
        if word in index.weights:
            known.append(word)
        elif len(word) > 3:
            near = likest(word, list(index.weights), _SLIP)
            if near:
                known.append(near)
    return known


def _words(text: str) -> Iterator[str]:
    for word in words_of(text):
        if word not in _STOP:
            yield word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word


def _phrase(question: str) -> str:
    return " ".join(words_of(question))


def _text(statement: Statement, pack: Pack) -> str:
    match statement.content:
        case Claim() as claim:
            texts = [_claim_text(claim, pack)]
        case Disagreement(topic, views):
            texts = [topic, *(_claim_text(view, pack) for view in views)]
        case Gap(text):
            texts = [text]
    aspect = pack.aspects[statement.aspect]
    roles = [name for role in statement.roles for name in (pack.roles[role].name, pack.roles[role].short)]
    return " ".join((statement.title or "", *texts, aspect.name, *aspect.also_called, *roles, *statement.also_asked))


def _claim_text(claim: Claim, pack: Pack) -> str:
    return " ".join(
        (claim.text, *((pack.tools.get(n) or pack.skills[n]).name for n in claim.names), claim.region or "")
    )


def _table_text(table: FigureTable, pack: Pack) -> str:
    aspect = pack.aspects[table.aspect]
    region = pack.regions[table.region] if table.region else None
    roles = [pack.roles[f.role] for f in table.figures if f.role]
    levels = [pack.levels[f.level].name for f in table.figures]
    return " ".join(
        (
            table.name,
            aspect.name,
            *aspect.also_called,
            *((region.name, *region.also_called) if region else ()),
            *(name for role in roles for name in (role.name, role.short)),
            *levels,
        )
    )
