"""Who has asked for something to be kept, and their own settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, literal, select, update

from bot.errors import UserError
from bot.store.database import insert_into
from bot.store.tables import learner as table

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.request import Learner
    from bot.store.database import Database


class StoredLearner(NamedTuple):
    """A learner as kept: `region` and `roadmap` (the current one) are the pack's ids, `zone` is IANA's.

    `told_zone` is what the platform said of their zone when they chose theirs, `heard_zone` what it has said since
    `heard_at`.
    `dm` is the platform's name for the conversation with them, once it has told it.
    """

    id: int
    lane: str
    person: str
    zone: str | None
    region: str | None
    roadmap: str | None
    created_at: datetime
    seen_at: datetime
    dm: str | None = None
    told_zone: str | None = None
    heard_zone: str | None = None
    heard_at: datetime | None = None


LEARNER = tuple(table.c[field] for field in StoredLearner._fields)


@dataclass(frozen=True, slots=True)
class Learners:
    """The learners of a store; what is set for one who was deleted meanwhile raises UserError."""

    database: Database

    async def find(self, learner: Learner) -> StoredLearner | None:
        """Find what is kept of a learner; None if nothing is."""
        query = select(*LEARNER).where(table.c.lane == learner.lane, table.c.person == learner.person)
        async with self.database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else StoredLearner(*row)

    async def ensure(self, learner: Learner, at: datetime) -> StoredLearner:
        """Begin to keep a learner, or note that they were here; `at` becomes `seen_at`."""
        async with self.database.writing() as connection:
            insert = insert_into(connection.dialect.name, table).values(
                lane=learner.lane, person=learner.person, created_at=at, seen_at=at
            )
            upsert = insert.on_conflict_do_update(
                index_elements=[table.c.lane, table.c.person],
                set_={"seen_at": insert.excluded.seen_at},
            )
            return StoredLearner(*(await connection.execute(upsert.returning(*LEARNER))).one())

    async def seen(self, learner: Learner, at: datetime) -> None:
        """Note that a learner was here, and the zone that the platform says; only if anything is kept of them."""
        mine = update(table).where(table.c.lane == learner.lane, table.c.person == learner.person)
        since = literal(at, table.c.heard_at.type)
        moved = case((table.c.heard_zone.is_distinct_from(learner.zone), since), else_=table.c.heard_at)
        zone = {"heard_zone": learner.zone, "heard_at": moved} if learner.zone else {}
        async with self.database.writing() as connection:
            await connection.execute(mine.values(seen_at=at, **zone))

    async def set_region(self, learner_id: int, region: str | None) -> None:
        """Keep the region in which a learner looks for figures; None for the pack's own order."""
        await self._set(learner_id, region=region)

    async def set_zone(self, learner_id: int, zone: str | None, told: str | None = None) -> None:
        """Keep a learner's time zone, an IANA name, and what the platform said of it when it was chosen."""
        await self._set(learner_id, zone=zone, told_zone=told)

    async def set_roadmap(self, learner_id: int, roadmap: str | None) -> None:
        """Make a roadmap the current one."""
        await self._set(learner_id, roadmap=roadmap)

    async def set_dm(self, learner: Learner, dm: str) -> None:
        """Keep the platform's name for the conversation with a learner; does nothing for one who is not kept."""
        known = update(table).where(table.c.lane == learner.lane, table.c.person == learner.person)
        async with self.database.writing() as connection:
            await connection.execute(known.values(dm=dm))

    async def _set(self, learner_id: int, **values: str | None) -> None:
        async with self.database.writing() as connection:
            await hold(connection, learner_id)
            await connection.execute(update(table).where(table.c.id == learner_id).values(**values))


async def hold(connection: AsyncConnection, learner_id: int) -> None:
    """Make all writing about one learner wait its turn until this transaction ends; SQLite has locked already.

    Raises UserError if the learner was deleted while they pressed.
    """
    query = select(table.c.id).where(table.c.id == learner_id).with_for_update()
    if (await connection.execute(query)).one_or_none() is None:
        raise UserError("Everything kept about you was deleted just now, so this was not kept. Try once more.")
