"""A store is opened here: the one thing that is handed to whoever keeps something."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import SettingsError
from bot.store.database import Database, connect, reaching
from bot.store.deliveries import Deliveries
from bot.store.fits import Fits
from bot.store.houses import Houses
from bot.store.lanes import Lanes
from bot.store.learners import Learners
from bot.store.marks import Marks
from bot.store.migrate import bring_up, missing
from bot.store.personal import Personal
from bot.store.progress import ProgressLog
from bot.store.queue import Queue
from bot.store.rules import Rules
from bot.store.seen import Seen


@dataclass(frozen=True, slots=True)
class Store:
    """All that is kept, by group."""

    database: Database
    learners: Learners
    progress: ProgressLog
    fits: Fits
    personal: Personal
    seen: Seen
    rules: Rules
    deliveries: Deliveries
    queue: Queue
    lanes: Lanes
    marks: Marks
    houses: Houses

    async def aclose(self) -> None:
        """Close the connections; `contextlib.aclosing` does it at the end of a block."""
        await self.database.aclose()


async def open_store(url: str) -> Store:
    """Open the store at this address; a SQLite file is made and migrated where needed.

    Raises SettingsError if it cannot be reached, or if a PostgreSQL database waits for `waymark migrate`.
    """
    database = connect(url)
    try:
        with reaching():
            await _prepare(database)
    except BaseException:
        await database.aclose()
        raise
    return Store(
        database,
        Learners(database),
        ProgressLog(database),
        Fits(database),
        Personal(database),
        Seen(database),
        Rules(database),
        Deliveries(database),
        Queue(database),
        Lanes(database),
        Marks(database),
        Houses(database),
    )


async def _prepare(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        await bring_up(database)
    elif lacking := await missing(database):
        raise SettingsError(
            f"DATABASE_URL names a database that lacks {len(lacking)} of this version's migrations. "
            "Run: waymark migrate"
        )
