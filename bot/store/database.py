"""The one door to the database: its address, the settings of a connection, transactions.

Knows no table.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection, Result, Row, Select, Table
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.engine import URL

Made = TypeVar("Made")

STRETCH = 50  # rows worked on at once: others on this loop are answering people
_KEPT, _MORE = 10, 5  # connections to PostgreSQL: a sweep of many lanes would open the sixth anew again and again
BUSY_SECONDS = 30  # how long one process waits for another that is writing to the same SQLite file

# FULL: with NORMAL, a power cut may forget a commit that was already reported.
# secure_delete: what a learner deletes is overwritten in the file, not only unlinked.
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}

_WORDS = {"host": "host", "port": "port", "ssl": "ssl", "sslmode": "ssl", "channel_binding": ""}


@dataclass(frozen=True, slots=True)
class Database:
    """A pool of connections."""

    engine: AsyncEngine

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a connection that only reads: each statement sees what was committed before it."""
        return self.engine.connect()

    @property
    def kind(self) -> str:
        """The kind of database, as SQLAlchemy names its dialects."""
        return self.engine.dialect.name

    async def read(
        self, query: Select[Any], make: Callable[[Row[Any]], Made], parameters: Mapping[str, object] | None = None
    ) -> list[Made]:
        """Make something of each row that a query finds."""
        async with self.reading() as connection:
            return await in_stretches(await connection.execute(query, parameters), make)

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that writes: committed at the end of the block, rolled back on any error."""
        return self.engine.execution_options(writing=True).begin()

    async def aclose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def connect(url: str) -> Database:
    """Make the door to the database at this address; nothing is opened before the first transaction.

    Raises SettingsError for an address that is none, or of a database that is not supported, and for a SQLite file
    whose folder cannot be made.
    """
    address = parse(url)
    if address.get_backend_name() == "sqlite":
        with reaching():
            return Database(_sqlite(address))
    try:
        return Database(create_async_engine(address, pool_pre_ping=True, pool_size=_KEPT, max_overflow=_MORE))
    except ModuleNotFoundError:
        raise SettingsError(
            "DATABASE_URL names a PostgreSQL database, and the package that reaches it is missing. "
            "Install it, in the checkout: pip install '.[postgres]'"
        ) from None


@contextmanager
def reaching() -> Iterator[None]:
    """Turn what goes wrong on the way to the database into a sentence about the setting."""
    try:
        yield
    except (OSError, SQLAlchemyError) as error:
        raise SettingsError(
            f"The database cannot be used: {_reason(error)}. Mend that, or set DATABASE_URL to another one."
        ) from error


def _reason(error: OSError | SQLAlchemyError) -> str:
    """Say what went wrong in the words of the system or the driver, and on which file."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(getattr(error, "orig", None) or error).removesuffix(".")


def parse(url: str) -> URL:
    """Read an address as hosts write it (`postgres://`, `sslmode=`) into one for our drivers."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError(
            "DATABASE_URL is not an address like sqlite:///folder/waymark.sqlite3 or postgres://user@host/name."
        ) from None
    if address.drivername not in _DRIVERS:
        raise SettingsError(
            f"DATABASE_URL begins with {address.drivername}://, which is not supported. "
            "Set it to an address that begins with sqlite:// or postgres://."
        )
    address = address.set(drivername=_DRIVERS[address.drivername])
    return address if address.get_backend_name() == "sqlite" else _for_asyncpg(address)


async def in_stretches(found: Result[Any], make: Callable[[Row[Any]], Made]) -> list[Made]:
    """Make something of each row, a stretch of them at a time."""
    made: list[Made] = []
    for rows in found.partitions(STRETCH):
        made += map(make, rows)
        await asyncio.sleep(0)
    return made


def insert_into(kind: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Start an INSERT that can say ON CONFLICT, which both kinds of database do in the same words."""
    if kind == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415 - each database has no need of the other's

        return insert(table)
    from sqlalchemy.dialects.postgresql import insert as insert_there  # noqa: PLC0415 - 2 MB, as above

    return insert_there(table)


def _for_asyncpg(address: URL) -> URL:
    """Put libpq's words, which hosts write behind the address, into those that asyncpg takes."""
    unknown = address.query.keys() - _WORDS.keys()
    if unknown:
        raise SettingsError(f"DATABASE_URL says {min(unknown)}=, which is not supported. Set it without that word.")
    return address.set(query={_WORDS[word]: value for word, value in address.query.items() if _WORDS[word]})


def _sqlite(address: URL) -> AsyncEngine:
    """Make the engine for a SQLite file, and the file's folder.

    One connection: its queue is fair, where several writers would poll for the lock and starve one another.
    """
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_async_engine(
        address,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "invalidate", _roll_back)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once where something will be written: later it can be refused half-way.

    What only reads needs no transaction around its statement, here no more than with PostgreSQL's own default; to begin
    and end one would take longer than most statements do.
    """
    if connection.get_execution_options().get("writing", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _roll_back(connection: Any, _record: object, _error: object) -> None:  # noqa: ANN401 - the driver's own type
    """Free the file of a connection that is given up in mid-transaction, as when its task is cancelled.

    Closing is not enough: while a cursor of it is still referred to, SQLite would keep the lock.
    """
    connection.rollback()
