"""What is kept about a learner: shown in words, handed out whole, deleted.

Knows no table: where it all stands is the store's.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.nudges.kinds import days_in_words, time_text
from bot.reply import Block, Cited, Fact, Facts, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.nudges.model import KeptRule
    from bot.pack.model import Pack
    from bot.progress import Progress
    from bot.request import Learner
    from bot.store.engine import Store
    from bot.store.fits import KeptFit
    from bot.store.learners import StoredLearner
    from bot.store.personal import Rows

_NOTHING = "Nothing is kept about you now."


async def show(store: Store, learner: Learner, pack: Pack) -> tuple[Block, ...]:
    """Say in words what is kept about a learner."""
    stored = await store.learners.find(learner)
    if stored is None:
        return (Paragraph(Cited(_NOTHING)),)
    progress = await store.progress.of(stored.id)
    tables = await store.personal.export(stored.id)
    learned = _learned(progress, len(tables["progress_event"]), pack)
    nudged = _nudged(await store.rules.of(stored.id), len(tables["delivery"]))
    rows = (*_who(stored), *_chosen(stored, pack), *learned, *_fit(await store.fits.find(stored.id)), *nudged)
    return (Facts(tuple(Fact(label, Cited(value)) for label, value in rows)),)


async def export(store: Store, learner: Learner) -> Mapping[str, Rows]:
    """Hand out every row kept about a learner, ready for JSON: a list of objects a table; {} for nothing."""
    stored = await store.learners.find(learner)
    return {} if stored is None else await store.personal.export(stored.id)


async def forget(store: Store, learner: Learner) -> str:
    """Delete all that is kept about a learner, and say how much it was."""
    stored = await store.learners.find(learner)
    if stored is None:
        return _NOTHING
    counts = await store.personal.delete(stored.id)
    total = sum(counts.values())
    return f"Deleted: {total} {'entry' if total == 1 else 'entries'}, all there was. {_NOTHING}"


def _who(stored: StoredLearner) -> Iterator[tuple[str, str]]:
    yield "You", f"{stored.person} on {stored.lane}"
    yield "Kept since", _day(stored.created_at)
    yield "Last here", _day(stored.seen_at)


def _chosen(stored: StoredLearner, pack: Pack) -> Iterator[tuple[str, str]]:
    """Say what the learner set; an id that the pack no longer has stands for itself."""
    if stored.region:
        yield "Region", pack.regions[stored.region].name if stored.region in pack.regions else stored.region
    if stored.zone:
        yield "Time zone", stored.zone
    if stored.told_zone:
        yield "Time zone here when you chose yours", stored.told_zone
    if stored.roadmap:
        yield "Roadmap", pack.roadmaps[stored.roadmap].name if stored.roadmap in pack.roadmaps else stored.roadmap


def _learned(progress: Progress, presses: int, pack: Pack) -> Iterator[tuple[str, str]]:
    states = Counter(progress.tasks.values())
    if states:
        yield "Tasks", ", ".join(f"{number} {state.value}" for state, number in states.most_common())
    if progress.skills:
        names = (pack.skills[skill].name if skill in pack.skills else skill for skill in progress.skills)
        yield "Skills you have", ", ".join(sorted(names))
    if presses:
        yield "Presses", f"{presses}, each with its time, so that it can be undone"


def _fit(kept: KeptFit | None) -> Iterator[tuple[str, str]]:
    if kept:
        yield "Fit", f"your answers of {_day(kept.at)}"


def _nudged(rule: KeptRule | None, deliveries: int) -> Iterator[tuple[str, str]]:
    if rule:
        when = f"{days_in_words(rule.rule.days)} at {time_text(rule.rule.at)}, {rule.rule.zone}"
        chosen = (("discreet", rule.discreet), ("active weeks shown", rule.weeks))
        yield "Study nudges", ", ".join((when, rule.state, *(name for name, on in chosen if on)))
    if deliveries:
        yield "Nudges sent or to come", f"{deliveries}, each with its time, its task and your answer"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
