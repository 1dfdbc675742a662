"""What a pack's keepers owe it: sources to read again, questions that nobody looked at, ids that went away."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.pack.model import Disagreement, Gap
from bot.pack.rules.subject import Subject, below, wrong
from bot.pack.shapes import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bot.errors import Finding
    from bot.pack.model import Pack, Statement, Tombstone


def read_ahead(subject: Subject) -> Iterator[Finding]:
    """Yield the sources that are said to be read on a day to come: their reviews would never be due."""
    for source in subject.pack.sources.values():
        if source.read_on > subject.today + timedelta(days=1):  # where the writer lives it may be tomorrow
            spot = subject.spot("source", source.id)
            remedy = "Write the day on which the source was read."
            yield wrong(spot, below(spot, "read-on"), "KB015", f"`{source.read_on}` is still to come.", remedy)


def reviews_due(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for every source that has to be read again, with the aspects for which it is time."""
    pack = subject.pack
    for source, names in _used_for(pack).items():
        if source not in pack.sources:
            continue
        read_on = pack.sources[source].read_on
        aspects = [pack.aspects[name] for name in names if name in pack.aspects]
        due = [each for each in aspects if _months(read_on, subject.today) >= each.review_months]
        if due:
            spot = subject.spot("source", source)
            shown = ", ".join(f"{each.name} (every {each.review_months} months)" for each in due[:3])
            more = f" and {len(due) - 3} more" if due[3:] else ""
            message = f"`{source}` was read on {read_on}. A review is due of: {shown}{more}."
            remedy = "Read it again, mend what has changed, and write today's date here."
            yield wrong(spot, below(spot, "read-on"), "KB037", message, remedy)


def not_looked_at(subject: Subject) -> Iterator[Finding]:
    """Yield for every role the aspects about which nothing is written, not even that no source says it."""
    pack = subject.pack
    looked = {(role, each.aspect) for each in pack.statements.values() for role in each.roles or pack.roles}
    looked |= {(row.role or "", each.aspect) for each in pack.figures.values() for row in each.figures}
    for role in pack.roles:
        blank = [
            name for name, each in pack.aspects.items() if each.shown_in == "compare" and (role, name) not in looked
        ]
        if blank:
            spot = subject.spot("role", role)
            message = f"Nobody has looked yet at: {', '.join(blank)}."
            remedy = "Add what a source says, or write `not-said: {ASPECT: ...}`."
            yield wrong(spot, spot.name, "KB038", message, remedy)


def tombstones(subject: Subject) -> Iterator[Finding]:
    """Yield the tombstones of ids that are in use, and those that point at an id that stands nowhere."""
    alive = {name for _, name in living(subject.pack)}
    gone = subject.pack.gone
    for each in gone.values():
        spot = subject.spot("tombstone", each.id)
        if each.id in alive:
            message = f"`{each.id}` is in use, and said to be gone."
            yield wrong(spot, spot.name, "KB040", message, "Delete the line, or give the new thing another id.")
        elif each.to and _circles(each, gone):
            message = f"`{each.id}` is said to be gone in a circle."
            yield wrong(
                spot, below(spot, each.fate), "KB040", message, "Name an id that is in use, or write `retired`."
            )
        elif each.to and each.to not in alive and each.to not in gone and not subject.draft.unread:
            message = f"There is no `{each.to}` that `{each.id}` could have become."
            yield wrong(spot, below(spot, each.fate), "KB040", message, nearest(each.to, sorted(alive)))


def living(pack: Pack) -> list[tuple[str, str]]:
    """List kind and id of everything that people's progress, buttons and half-finished fits hang on."""
    ids = [("statement", name) for name in pack.statements]
    ids += [("role", name) for name in pack.roles]
    ids += [("skill", name) for name in pack.skills]
    for roadmap in pack.roadmaps.values():
        ids.append(("roadmap", roadmap.id))
        for step in roadmap.steps:
            ids.append(("step", step.id))
            ids += [("task", task.id) for task in step.tasks]
    for question in pack.fit.questions if pack.fit else ():
        ids.append(("question", f"fit.{question.key}"))
        ids += [("choice", f"fit.{question.key}.{choice.key}") for choice in question.choices]
    return ids


def _circles(tombstone: Tombstone, gone: Mapping[str, Tombstone]) -> bool:
    """Tell whether a tombstone leads back to itself."""
    to = tombstone.to
    for _ in gone:
        if to == tombstone.id:
            return True
        to = gone[to].to if to and to in gone else None
    return False


def _used_for(pack: Pack) -> dict[str, list[str]]:
    """Return the aspects that every source speaks of, each once, in the order of the pack."""
    used: dict[str, dict[str, None]] = defaultdict(dict)
    for statement in pack.statements.values():
        for source in _sources(statement):
            used[source][statement.aspect] = None
    for table in pack.figures.values():
        for source in table.sources:
            used[source][table.aspect] = None
    return {source: list(aspects) for source, aspects in used.items()}


def _sources(statement: Statement) -> tuple[str, ...]:
    content = statement.content
    if isinstance(content, Gap):
        return ()
    if isinstance(content, Disagreement):
        return tuple(source for view in content.views for source in view.sources)
    return content.sources


def _months(since: date, today: date) -> int:
    """Count the whole months from one day to another."""
    months = (today.year - since.year) * 12 + today.month - since.month
    return months - (today.day < since.day)
