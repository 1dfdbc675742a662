"""Bring a database to the tables of this version, by the numbered scripts in `migrations/versions`.

Numbers follow one another without branches, so that what is missing can be told without loading Alembic.
"""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from bot.store.database import Database, connect, reaching

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x776179  # any number that is ours: two processes that migrate one PostgreSQL database take turns


async def migrate(url: str) -> tuple[str, ...]:
    """Apply what is missing, all of it or nothing, and give the revisions that were applied.

    Raises SettingsError if the database cannot be reached.
    """
    async with aclosing(connect(url)) as database:
        with reaching():
            return await bring_up(database)


async def pending(url: str) -> tuple[str, ...]:
    """List the revisions that a database lacks, the first to apply first; raises SettingsError as `migrate`."""
    async with aclosing(connect(url)) as database:
        with reaching():
            return await missing(database)


async def bring_up(database: Database) -> tuple[str, ...]:
    """Apply what is missing to an open database."""
    if not await missing(database):
        return ()
    async with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        lacking = await connection.run_sync(_missing)  # again: another process may have been quicker
        if lacking:
            await connection.run_sync(_upgrade)
        return lacking


async def missing(database: Database) -> tuple[str, ...]:
    """List the revisions that an open database lacks."""
    async with database.reading() as connection:
        return await connection.run_sync(_missing)


def revisions() -> tuple[str, ...]:
    """List the revisions of this version, the oldest first."""
    return tuple(sorted(script.name.partition("_")[0] for script in _SCRIPTS.glob("versions/[0-9]*.py")))


def _missing(connection: Connection) -> tuple[str, ...]:
    """Compare numbers; a database that a newer version has migrated lacks nothing."""
    present = ""
    if inspect(connection).has_table("alembic_version"):
        present = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
    return tuple(revision for revision in revisions() if revision > present)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - 85 ms that only a migration should pay
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")
