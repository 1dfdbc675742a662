"""Small things that all processes have to know: what was noted, who holds what until when, whose turn comes when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update

from bot.store.database import insert_into
from bot.store.tables import mark as table

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks by their keys; a key names a thing of the installation, never a person."""

    database: Database

    async def noted(self, key: str) -> str | None:
        """Return what was noted under a key."""
        query = select(table.c.value).where(table.c.key == key)
        async with self.database.reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none()

    async def note(self, key: str, value: str, at: datetime) -> None:
        """Note something in place of what was noted before."""
        async with self.database.writing() as connection:
            insert = insert_into(connection.dialect.name, table).values(key=key, value=value, at=at)
            replacing = {"value": insert.excluded.value, "at": insert.excluded.at}
            await connection.execute(insert.on_conflict_do_update(index_elements=[table.c.key], set_=replacing))

    async def hold(self, key: str, holder: str, now: datetime, until: datetime) -> bool:
        """Hold a key until a moment, or go on holding it; False if somebody else does."""
        async with self.database.writing() as connection:
            insert = insert_into(connection.dialect.name, table).values(key=key, value=holder, at=until)
            taking = insert.on_conflict_do_update(
                index_elements=[table.c.key],
                set_={"value": insert.excluded.value, "at": insert.excluded.at},
                where=or_(table.c.value == holder, table.c.at < now),
            )
            return (await connection.execute(taking)).rowcount == 1

    async def release(self, key: str, holder: str) -> None:
        """Let go of a key; does nothing for who does not hold it."""
        async with self.database.writing() as connection:
            await connection.execute(delete(table).where(table.c.key == key, table.c.value == holder))

    async def turn(self, key: str, now: datetime, every: timedelta, burst: int = 1) -> datetime:
        """Book the next turn under a key and return when it is: `burst` at once, and then one `every` so often."""
        async with self.database.writing() as connection:
            first = (
                insert_into(connection.dialect.name, table).values(key=key, value="", at=now).on_conflict_do_nothing()
            )
            await connection.execute(first)
            query = select(table.c.at).where(table.c.key == key).with_for_update()
            booked: datetime = max((await connection.execute(query)).scalar_one(), now)
            await connection.execute(update(table).where(table.c.key == key).values(at=booked + every))
        return max(now, booked - (burst - 1) * every)
