"""What a pack says about some roles on one aspect: the part of it that an answer to /compare is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.pack.model import Claim, Disagreement, Gap

if TYPE_CHECKING:
    from bot.pack.model import FigureTable, Pack, Statement


@dataclass(frozen=True, slots=True)
class Selection:
    """The roles, aspect, region and level of an answer, with the statements and figures that bear on them."""

    pack: Pack
    roles: tuple[str, ...]
    aspect: str
    region: str | None
    level: str | None
    statements: tuple[Statement, ...]
    tables: tuple[FigureTable, ...]

    def of(self, role: str) -> tuple[Statement, ...]:
        """Return what is said of one role alone."""
        return tuple(statement for statement in self.statements if statement.roles == (role,))

    def spoken(self) -> bool:
        """Say whether anything is said of any of the roles alone."""
        return any(self.of(role) for role in self.roles)

    def first(self, role: str) -> Statement | None:
        """Return what stands for a role where there is room for one statement: a claim, if there is one."""
        said = self.of(role)
        return next((s for s in said if isinstance(s.content, Claim)), said[0] if said else None)

    def shared(self) -> tuple[Statement, ...]:
        """Return what is claimed of several of the roles together, then of the field as a whole."""
        claims = [s for s in self.statements if len(s.roles) != 1 and isinstance(s.content, Claim)]
        return tuple(sorted(claims, key=lambda statement: not statement.roles))

    def disputed(self) -> tuple[Statement, ...]:
        """Return the disagreements, on several roles first; those on a role that stands alone are in its own list."""
        found = [s for s in self.statements if isinstance(s.content, Disagreement)]
        wide = [s for s in found if len(s.roles) != 1]
        return (*wide, *(s for s in found if len(s.roles) == 1 and len(self.roles) > 1))

    def gaps(self) -> tuple[Statement, ...]:
        """Return what the pack says nobody says, of several roles or the field."""
        return tuple(s for s in self.statements if len(s.roles) != 1 and isinstance(s.content, Gap))

    def silent(self) -> tuple[str, ...]:
        """Return the roles of which nothing is said, where the aspect is one of single roles at all."""
        spoken = any(len(s.roles) == 1 for s in self.pack.by_aspect.get(self.aspect, ()))
        numbered = {figure.role for table in self.tables for figure in table.figures}
        known = {role for s in self.statements for role in s.roles} | numbered
        return tuple(role for role in self.roles if role not in known) if spoken else ()

    def regions(self) -> tuple[str, ...]:
        """Return the regions for which there is anything on this aspect, in the pack's order."""
        spoken = {table.region for table in self.pack.figures.values() if table.aspect == self.aspect}
        for statement in self.pack.by_aspect.get(self.aspect, ()):
            if isinstance(statement.content, Claim):
                spoken.add(statement.content.region)
        return tuple(region for region in self.pack.regions if region in spoken)

    def asks_for_region(self) -> bool:
        """Say whether figures of several regions stand side by side because none was named."""
        return self.region is None and len({table.region for table in self.tables if table.region}) > 1

    def line(self, verb: str | None = None, region: str | None = None) -> str:
        """Write the line that asks for this, or for another view or region of it."""
        parts = ("compare", verb, *self.roles, self.aspect, region or self.region, self.level)
        return " ".join(part for part in parts if part)


def select(
    pack: Pack, roles: tuple[str, ...], aspect: str, region: str | None = None, level: str | None = None
) -> Selection:
    """Select what the pack says about roles on an aspect: of each alone, of them together, and of the field."""
    among = set(roles)
    statements = tuple(
        statement
        for statement in pack.by_aspect.get(aspect, ())
        if among.issuperset(statement.roles) and _in_region(statement, region)
    )
    tables = [
        table
        for table in pack.figures.values()
        if table.aspect == aspect
        and (region is None or table.region in (None, region))
        and any(f.role is None or f.role in among for f in table.figures)
    ]
    places = list(pack.regions)
    tables.sort(key=lambda t: (places.index(t.region) if t.region else -1, all(f.role is None for f in t.figures)))
    return Selection(pack, roles, aspect, region, level, statements, tuple(tables))


def aspect_of_figures(pack: Pack, region: str | None, level: str | None) -> str | None:
    """Read a bare region or level as a question about the figures that have one."""
    if region is None and level is None:
        return None
    tables = [table for table in pack.figures.values() if table.region and region in (None, table.region)]
    tables.sort(key=lambda table: table.unit.currency is None)  # a place or level is mostly asked for with pay
    return tables[0].aspect if tables else None


def _in_region(statement: Statement, region: str | None) -> bool:
    content = statement.content
    return region is None or not isinstance(content, Claim) or content.region in (None, region)
