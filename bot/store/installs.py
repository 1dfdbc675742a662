"""The secrets of lanes, a page at a time, so that they can be sealed anew while others use them. Opens none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.store.tables import lane as table

if TYPE_CHECKING:
    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Installs:
    """What gives a bot the right to write into the lanes of a platform."""

    database: Database

    async def page(self, platform: str, after: str = "", limit: int = 500) -> tuple[tuple[str, bytes], ...]:
        """List lanes behind an id that have a secret, in the order of their ids, with their secrets."""
        query = (
            select(table.c.id, table.c.secret)
            .where(table.c.platform == platform, table.c.id > after, table.c.secret.is_not(None))
            .order_by(table.c.id)
            .limit(limit)
        )
        async with self.database.reading() as connection:
            return tuple((row.id, row.secret) for row in await connection.execute(query))

    async def replace(self, lane: str, old: bytes, new: bytes) -> bool:
        """Put a secret in the place of another; False if that one is not there any more."""
        replacing = update(table).where(table.c.id == lane, table.c.secret == old).values(secret=new)
        async with self.database.writing() as connection:
            return (await connection.execute(replacing)).rowcount == 1
