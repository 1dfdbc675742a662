"""What limits an answer: the one caveat that could change a decision, and the view that holds all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.pack.model import Disagreement, Gap
from bot.present import bullets, claim_text, sources_of, tell
from bot.reply import Block, Bullets, Button, Cited, Fact, Facts, Note, Paragraph, Reply, cited

if TYPE_CHECKING:
    from bot.commands.selection import Selection
    from bot.pack.model import Source


_FRAME = 20  # characters that come with a text: its label, its citation marks, its share of the source lines


def caveats_of(chosen: Selection, today: date) -> Iterator[Note]:
    """Yield what limits an answer, what could change a decision most first.

    The order is: sources that differ, figures that cannot be compared, what nobody says, age.
    """
    yield from _disputes(chosen)
    yield from _apart(chosen)
    yield from _gaps(chosen)
    yield from _stale(chosen, today)


def one_caveat(chosen: Selection, today: date, *, beside: tuple[Block, ...]) -> tuple[Note, ...]:
    """Pick the caveat that could change a decision most; its views stay behind the door where they would drown it."""
    note = next(caveats_of(chosen, today), None)
    if note is None or not note.views:
        return (note,) if note else ()
    said = [len(text.text) + _FRAME for text in cited(beside)]
    drowns = 2 * sum(len(text.text) for text in cited(note)) > sum(said)
    return (replace(note, views=()) if drowns else note,)


def _disputes(chosen: Selection) -> Iterator[Note]:
    for statement in chosen.disputed():
        topic, *views = tell(statement, chosen.pack)
        yield Note(topic, "caveat", tuple(views))


def _apart(chosen: Selection) -> tuple[Note, ...]:
    if not chosen.asks_for_region():
        return ()
    return (Note(Cited("Figures of two countries cannot be compared: money, prices and taxes differ."), "caveat"),)


def _gaps(chosen: Selection) -> tuple[Note, ...]:
    # several roles without figures stand side by side, and there a silent one says so itself
    inline = len(chosen.roles) > 1 and not chosen.tables
    silent = "" if inline else " and ".join(chosen.pack.roles[role].name for role in chosen.silent())
    own = (Note(Cited(f"Of {silent} our sources say nothing here."), "caveat"),) if silent else ()
    return (*own, *(Note(tell(gap, chosen.pack)[0], "caveat") for gap in chosen.gaps()))


def age_in_months(source: Source, today: date) -> int:
    """Count the months since a source was printed, or read where it bears no date."""
    text = source.printed or source.read_on.isoformat()
    year, month = int(text[:4]), int(text[5:7] or 12) if len(text) > 4 else 12
    return max(0, (today.year - year) * 12 + today.month - month)


def _stale(chosen: Selection, today: date) -> tuple[Note, ...]:
    pack = chosen.pack
    limit = pack.aspects[chosen.aspect].review_months
    used = {source for table in chosen.tables for source in table.sources}
    old = [pack.sources[source] for source in used if age_in_months(pack.sources[source], today) > limit]
    if not old:
        return ()
    names = ", ".join(sorted(f"{source.short} {source.printed or ''}".strip() for source in old))
    return (Note(Cited(f"Older than {limit} months, so due for another look: {names}."), "caveat"),)


def why_view(chosen: Selection, today: date, back: Button) -> Reply:
    """Show all that limits an answer, the sources in full, and each statement's id for a report."""
    pack = chosen.pack
    disputes = bullets(chosen.disputed(), pack)
    missing = tuple(note.text for note in (*_gaps(chosen), *_stale(chosen, today))) + _table_notes(chosen)
    aliases = tuple(
        Cited(f"“{alias}”: {claim_text(note, pack)}", note.sources, (f"{role}.alias-notes.{alias}",))
        for role in chosen.roles
        for alias, note in pack.roles[role].alias_notes.items()
        if chosen.aspect == next(iter(pack.aspects))  # names belong to what a role is, not to its pay
    )
    blocks: tuple[Block, ...] = disputes
    blocks += (Bullets(missing, Cited("What is missing")),) if missing else ()
    blocks += (Bullets(aliases, Cited("On the names")),) if aliases else ()
    blocks = blocks or (Paragraph(Cited("Nothing special limits this answer beyond what holds for all of them.")),)
    where = _where(chosen)
    blocks += (Facts(where, Cited("Statement ids, and where each stands in its source")),) if where else ()
    wrong = f"Something wrong? Report the statement id and the pack version {pack.version} to {pack.report_to}."
    return Reply(
        f"Why so vague? {pack.aspects[chosen.aspect].name}",
        (*blocks, Note(Cited(wrong)), *sources_of(blocks, pack)),
        (back, Button("What holds for every answer", "waymark about"), Button("Sources", "waymark sources")),
    )


def _table_notes(chosen: Selection) -> tuple[Cited, ...]:
    return tuple(Cited(table.note, table.sources) for table in chosen.tables if table.note)


def _where(chosen: Selection) -> tuple[Fact, ...]:
    """Give the ids of all statements of an answer, each with the place in its source; gaps have none."""
    rows = [Fact(table.id, Cited(table.where, table.sources)) for table in chosen.tables]
    for statement in chosen.statements:
        content = statement.content
        if isinstance(content, Gap):
            continue
        claims = content.views if isinstance(content, Disagreement) else (content,)
        places = "; ".join(dict.fromkeys(claim.where for claim in claims if claim.where)) or "place not noted"
        sources = tuple(dict.fromkeys(source for claim in claims for source in claim.sources))
        rows.append(Fact(statement.id, Cited(places, sources, (statement.id,))))
    return tuple(rows)
