"""The one answer sheet that a learner asked to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store.database import insert_into
from bot.store.learners import hold
from bot.store.tables import fit as table

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class KeptFit:
    """An answer sheet, in the form in which lines carry it, and the version of the pack that asked."""

    sheet: str
    pack_version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fits:
    """The kept answer sheets of a store."""

    database: Database

    async def find(self, learner_id: int) -> KeptFit | None:
        """Find the sheet that a learner kept."""
        query = select(table.c.sheet, table.c.pack_version, table.c.at).where(table.c.learner_id == learner_id)
        async with self.database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else KeptFit(**row._asdict())

    async def keep(self, learner_id: int, sheet: str, pack_version: str, at: datetime) -> None:
        """Keep a sheet in place of the one kept before; UserError if the learner was deleted meanwhile."""
        values = {"sheet": sheet, "pack_version": pack_version, "at": at}
        async with self.database.writing() as connection:
            await hold(connection, learner_id)
            insert = insert_into(connection.dialect.name, table).values(learner_id=learner_id, **values)
            await connection.execute(insert.on_conflict_do_update(index_elements=[table.c.learner_id], set_=values))
