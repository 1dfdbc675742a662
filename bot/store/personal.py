"""All that is kept of one learner, whatever table it stands in: to be handed out, or to be deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import Column, Table, delete, select

from bot.store.tables import learner, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store.database import Database


Rows = list[dict[str, str | int | None]]


@dataclass(frozen=True, slots=True)
class Personal:
    """What a store keeps of its learners, one learner at a time."""

    database: Database

    async def export(self, learner_id: int) -> dict[str, Rows]:
        """Read every row of a learner as JSON takes it: a list of objects a table, times in ISO 8601, UTC."""
        async with self.database.reading() as connection:
            return {
                table.name: [
                    {name: _plain(value) for name, value in row._asdict().items() if name != "learner_id"}
                    for row in await connection.execute(
                        select(table).where(owner == learner_id).order_by(*table.primary_key)
                    )
                ]
                for table, owner in _owned()
            }

    async def delete(self, learner_id: int) -> dict[str, int]:
        """Delete every row of a learner, and count them a table."""
        async with self.database.writing() as connection:
            return {
                table.name: (await connection.execute(delete(table).where(owner == learner_id))).rowcount
                for table, owner in reversed(list(_owned()))
            }


def _owned() -> Iterator[tuple[Table, Column[int]]]:
    """Go through the tables that hold something of a learner, with the column that says whose it is."""
    for table in metadata.sorted_tables:
        if table is learner:
            yield table, table.c.id
        elif "learner_id" in table.c:
            yield table, table.c.learner_id


def _plain(value: str | int | datetime | date | time | None) -> str | int | None:
    return value.isoformat() if isinstance(value, datetime | date | time) else value
