"""What admins have hidden or forbidden in their community, and how many learners it has. Names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from bot.house import Freedom, House
from bot.nudges.model import RuleState
from bot.store.database import insert_into
from bot.store.tables import fit, lane, learner, rule
from bot.store.tables import house_rule as table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.store.database import Database

_HIDES = "hides "


@dataclass(frozen=True, slots=True)
class Counts:
    """How many learners a community has, and how many of them have a nudge, a roadmap, a fit that they kept."""

    learners: int
    nudged: int
    on_roadmap: int
    fits: int


@dataclass(frozen=True, slots=True)
class Houses:
    """The rules of communities; every row forbids one thing, so that two admins at once cannot undo one another."""

    database: Database

    async def find(self, house: str) -> House:
        """Find a community's rules; one without any allows everything."""
        query = select(table.c.rule).where(table.c.house == house)
        async with self.database.reading() as connection:
            return _house(house, (await connection.execute(query)).scalars())

    async def all(self) -> tuple[House, ...]:
        """Find every community that has rules, in the order of their names."""
        query = select(table.c.house, table.c.rule).order_by(table.c.house)
        async with self.database.reading() as connection:
            rows = list(await connection.execute(query))
        return tuple(_house(name, (row.rule for row in of)) for name, of in groupby(rows, lambda row: row.house))

    async def hide(self, house: str, aspect: str, at: datetime) -> bool:
        """Hide an aspect; False if it was hidden already."""
        return await self._forbid(house, _HIDES + aspect, at)

    async def show(self, house: str, aspect: str, at: datetime) -> bool:
        """Show an aspect again; False if it was not hidden."""
        return await self._allow(house, _HIDES + aspect, at)

    async def forbid(self, house: str, freedom: Freedom, at: datetime) -> bool:
        """Forbid something; False if it was forbidden already."""
        return await self._forbid(house, freedom, at)

    async def allow(self, house: str, freedom: Freedom, at: datetime) -> bool:
        """Allow something again; False if it was allowed. What nudges fell due meanwhile is never sent."""
        return await self._allow(house, freedom, at)

    async def counts(self, house: str) -> Counts:
        """Count the learners of a community that is a lane of its own."""
        here = select(func.count()).where(learner.c.lane == house)
        kept = select(func.count()).select_from(fit.join(learner)).where(learner.c.lane == house)
        nudged = select(func.count()).where(rule.c.lane == house, rule.c.state == RuleState.ACTIVE)
        queries = (here, nudged, here.where(learner.c.roadmap.is_not(None)), kept)
        async with self.database.reading() as connection:
            return Counts(*[(await connection.execute(query)).scalar_one() for query in queries])

    async def _forbid(self, house: str, what: str, at: datetime) -> bool:
        async with self.database.writing() as connection:
            if what == Freedom.NUDGES:
                # Taken from its holder; before the rule, as all else that changes a lane locks it.
                shut = update(lane).where(lane.c.id == house)
                await connection.execute(shut.values(next_at=None, held_until=None, fence=lane.c.fence + 1))
            insert = (
                insert_into(connection.dialect.name, table)
                .values(house=house, rule=what, since=at)
                .on_conflict_do_nothing()
            )
            return (await connection.execute(insert)).rowcount == 1

    async def _allow(self, house: str, what: str, at: datetime) -> bool:
        async with self.database.writing() as connection:
            gone = delete(table).where(table.c.house == house, table.c.rule == what)
            allowed = (await connection.execute(gone)).rowcount == 1
            if allowed and what == Freedom.NUDGES:
                reopened = update(lane).where(lane.c.id == house)
                await connection.execute(reopened.values(open_since=at))
                await connection.execute(reopened.where(lane.c.stopped.is_(None)).values(next_at=at))
            return allowed


def _house(name: str, rules: Iterable[str]) -> House:
    kept = frozenset(rules)
    hidden = frozenset(each.removeprefix(_HIDES) for each in kept if each.startswith(_HIDES))
    return House(name, hidden, frozenset(Freedom) & kept)
