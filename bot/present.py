"""Things of a pack as parts of a reply: claims, figures, sources, in words of their own. Decides no answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.pack.model import Claim, Disagreement, Gap
from bot.reply import Block, Bullets, Button, Cited, Fact, Facts, Menu, Note, Reply, SourceLine, Sources, cited

if TYPE_CHECKING:
    from bot.pack.model import Figure, FigureTable, Pack, Source, Statement

MENU_LIMIT = 25  # options; the least that a platform takes
_CURRENCIES = {"INR": "rupees", "USD": "US dollars", "EUR": "euros", "GBP": "pounds"}


def claim_text(claim: Claim, pack: Pack) -> str:
    """Write a claim's text, the things it names, and the place and year it speaks of."""
    names = ", ".join((pack.tools.get(name) or pack.skills[name]).name for name in claim.names)
    text = f"{claim.text.removesuffix('.')}: {names}" if claim.text and names else claim.text or names
    frame = ", ".join(
        part
        for part in (claim.region and pack.regions[claim.region].name, claim.year and str(claim.year))
        if part and part not in text
    )
    return f"{text.removesuffix('.')} ({frame})." if frame else text


def claim_cited(claim: Claim, pack: Pack, *statements: str) -> Cited:
    """Cite a claim."""
    return Cited(claim_text(claim, pack), claim.sources, statements)


def tell(statement: Statement, pack: Pack, *, titled: bool = True) -> tuple[Cited, ...]:
    """Tell a statement, whatever it is: one cited text, or for a disagreement its topic and one text a view."""
    match statement.content:
        case Claim():
            text = claim_text(statement.content, pack)
            return (Cited(_with_title(statement, text, titled=titled), statement.content.sources, (statement.id,)),)
        case Disagreement():
            about = f"{pack.roles[statement.roles[0]].name}: " if len(statement.roles) == 1 else ""
            topic = Cited(f"{about}{statement.content.topic.removesuffix('.')}: sources differ.", (), (statement.id,))
            return (topic, *(claim_cited(view, pack, statement.id) for view in statement.content.views))
        case Gap():
            return (Cited(_with_title(statement, statement.content.text, titled=titled), (), (statement.id,)),)


def _with_title(statement: Statement, text: str, *, titled: bool) -> str:
    if not titled or not statement.title:
        return text
    return f"{statement.title} {text}" if statement.title.endswith("?") else f"{statement.title}: {text}"


def in_one_line(statement: Statement, pack: Pack) -> Cited:
    """Tell a statement in one text; the views of a disagreement stand side by side in it."""
    content = statement.content
    if not isinstance(content, Disagreement):
        return tell(statement, pack, titled=False)[0]
    views = [claim_text(view, pack).removesuffix(".") for view in content.views]
    sources = tuple(dict.fromkeys(source for view in content.views for source in view.sources))
    return Cited(f"Sources differ. {' — or: '.join(views)}.", sources, (statement.id,))


def bullets(statements: Iterable[Statement], pack: Pack, heading: str | None = None) -> tuple[Block, ...]:
    """Tell statements as one list; a disagreement makes a list of its own under its topic."""
    items = [tell(statement, pack) for statement in statements]
    plain = tuple(told[0] for told in items if len(told) == 1)
    lists: list[Block] = [Bullets(plain, Cited(heading) if heading else None)] if plain else []
    lists += [Bullets(told[1:], told[0]) for told in items if len(told) > 1]
    return tuple(lists)


@lru_cache(maxsize=1024)
def number(value: Decimal) -> str:
    """Write a number with a thousands comma where it has four digits or more."""
    return f"{value:,f}"


def figure_text(figure: Figure) -> str:
    """Write a printed figure: `6–10`, `141,000`, `over 90,000`, or that the source gives none."""
    if figure.low is None:
        return "no figure"
    if figure.high is None:
        return f"over {number(figure.low)}"
    if figure.low == figure.high:
        return number(figure.low)
    return f"{number(figure.low)}–{number(figure.high)}"


def unit_text(table: FigureTable) -> str:
    """Write a table's unit in words, the currency by its name."""
    words = table.unit.text
    currency = table.unit.currency
    return words.replace(currency, _CURRENCIES.get(currency, currency)) if currency else words


def frame_of(table: FigureTable, pack: Pack) -> Cited:
    """Say once what all figures of a table share: place, unit, what a number stands for, year of the data."""
    place = pack.regions[table.region].name if table.region else None
    stands_for = table.describes and f"{table.describes}s as printed"
    year = f"data of {table.year}" if table.year else "year of the data not stated"
    parts = [part for part in (place, unit_text(table), stands_for, year) if part]
    frame = ", ".join(parts)
    return Cited(capitalised(frame), table.sources)


def figures(table: FigureTable, pack: Pack, roles: Sequence[str], level: str | None = None) -> Facts | None:
    """Show a table's figures for some roles, a row a level; None where it has nothing for them."""
    rows = []
    for level_id in pack.levels if level is None else (level,):
        found = [f for f in table.figures if f.level == level_id and (f.role is None or f.role in roles)]
        if not found:
            continue
        ids = tuple(figure.id for figure in found)
        if all(figure.low is None for figure in found):
            value = Cited("no figure in our sources", (), ids)
        else:
            value = Cited(" · ".join(_of_role(figure, pack, alone=len(roles) == 1) for figure in found), (), ids)
        rows.append(Fact(pack.levels[level_id].name, value))
    return Facts(tuple(rows), frame_of(table, pack)) if rows else None


def _of_role(figure: Figure, pack: Pack, *, alone: bool) -> str:
    label = pack.roles[figure.role].short if figure.role else "all roles together"
    return figure_text(figure) if alone and figure.role else f"{label} {figure_text(figure)}"


def source_line(source: Source) -> str:
    """Write how a source stands under an answer: who, when, and what they have to sell."""
    when = f" {source.printed}" if source.printed else ", undated"
    interest = f", {source.interest}" if source.interest else ""
    via = ", as quoted" if source.via else ""
    return f"{source.short}{when}{via}{interest}"


def sources_of(blocks: tuple[Block, ...], pack: Pack) -> tuple[Sources, ...]:
    """List the sources of some blocks in the order of first use; nothing where nothing is cited."""
    used = dict.fromkeys(source for text in cited(blocks) for source in text.sources)
    if not used:
        return ()
    return (Sources(tuple(SourceLine(source, source_line(pack.sources[source])) for source in used)),)


def noted(reply: Reply, notes: Sequence[Note], pack: Pack) -> Reply:
    """Put notes in front of a reply, and what they cite among its sources."""
    if not notes:
        return reply
    blocks = (*notes, *(block for block in reply.blocks if not isinstance(block, Sources)))
    return replace(reply, blocks=(*blocks, *sources_of(blocks, pack)))


def capitalised(words: str) -> str:
    """Begin words with a capital, and leave the others as they are."""
    return words[:1].upper() + words[1:]


def example(pack: Pack, *, framed: bool = False) -> str:
    """Write a line that this pack understands: two of its roles and an aspect, `framed` with a place and a level too.

    Such as `compare ai ml salary india senior`.
    """
    aspect = next((each for each in ("salary", "maths") if each in pack.aspects), next(iter(pack.aspects), ""))
    tables = [table for table in pack.figures.values() if table.aspect == aspect and table.region]
    fullest = max(tables, key=lambda table: len(table.figures), default=None)
    frame = (fullest.region or "", fullest.figures[-1].level) if framed and fullest else ()
    return " ".join(("compare", *pair(pack), aspect, *frame)).rstrip()


def pair(pack: Pack) -> list[str]:
    """Name the first two roles as somebody would type them."""
    return [role.short.lower() for role in list(pack.roles.values())[:2]]


def asked(pack: Pack) -> str:
    """Write a question that this pack answers: the first that it was recorded with, or which of two roles."""
    titles = (statement.title or "" for statement in pack.statements.values())
    return next((title for title in titles if title.endswith("?")), f"{' or '.join(pair(pack))}?")


def fit_button(pack: Pack) -> tuple[Button, ...]:
    """Offer the questionnaire, where the pack has one."""
    return (Button("Which one fits me?", "fit"),) if pack.fit else ()


def menus(label: str, options: Sequence[Button]) -> tuple[Menu, ...]:
    """Put any number of buttons into as many menus as it takes."""
    parts = [tuple(options[start : start + MENU_LIMIT]) for start in range(0, len(options), MENU_LIMIT)]
    return tuple(Menu(label if not index else f"{label} ({index + 1})", part) for index, part in enumerate(parts))
