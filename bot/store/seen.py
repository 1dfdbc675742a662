"""What has happened once and must not again: events delivered twice, presses with an effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete

from bot.store.database import insert_into
from bot.store.tables import seen as table

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Seen:
    """The keys of what has happened; a key names an event or a press, never a person."""

    database: Database

    async def first(self, key: str, at: datetime) -> bool:
        """Note that something happens; True the first time, False at every other, however close together."""
        async with self.database.writing() as connection:
            insert = insert_into(connection.dialect.name, table).values(key=key, at=at).on_conflict_do_nothing()
            return (await connection.execute(insert)).rowcount == 1

    async def forget(self, key: str) -> None:
        """Take back that something happened: it was tried and failed, and may be tried again."""
        async with self.database.writing() as connection:
            await connection.execute(delete(table).where(table.c.key == key))

    async def forget_before(self, moment: datetime) -> int:
        """Forget what happened before a moment, when nothing can come again any more; return how much that was."""
        async with self.database.writing() as connection:
            return (await connection.execute(delete(table).where(table.c.at < moment))).rowcount
