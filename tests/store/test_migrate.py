"""Databases are made by migrations, which must agree with the tables, run anywhere, and never run twice."""

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.errors import SettingsError
from bot.store import migrate as module
from bot.store.database import connect
from bot.store.engine import open_store
from bot.store.migrate import migrate, pending, revisions
from bot.store.tables import metadata


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


async def _execute(url: str, statement: str) -> None:
    async with aclosing(connect(url)) as database, database.writing() as connection:
        await connection.execute(text(statement))


async def test_a_new_database_waits_for_every_revision_and_then_for_none(url: str) -> None:
    assert await pending(url) == revisions()
    assert await migrate(url) == revisions()
    assert await pending(url) == ()
    assert await migrate(url) == ()


async def test_migrations_make_the_tables_that_the_code_expects(url: str) -> None:
    await migrate(url)
    async with aclosing(connect(url)) as database, database.reading() as connection:
        assert await connection.run_sync(_differences) == []


def test_revisions_follow_one_another_by_number() -> None:
    scripts = ScriptDirectory(str(Path(module.__file__).parent / "migrations"))
    assert tuple(script.revision for script in reversed(list(scripts.walk_revisions()))) == revisions()
    assert scripts.get_heads() == [revisions()[-1]]


async def test_several_that_migrate_at_once_do_it_once(url: str) -> None:
    applied = await asyncio.gather(*(migrate(url) for _ in range(4)))
    assert sorted(applied) == [(), (), (), revisions()]


async def test_a_migration_that_fails_leaves_nothing_behind(url: str) -> None:
    await _execute(url, "CREATE TABLE fit (id INTEGER)")  # in the way of the last table
    with pytest.raises(SettingsError, match="already exists"):
        await migrate(url)
    await _execute(url, "DROP TABLE fit")
    assert await migrate(url) == revisions()


async def test_a_database_of_a_newer_version_is_used_as_it_is(url: str) -> None:
    await migrate(url)
    await _execute(url, "UPDATE alembic_version SET version_num = '9999'")
    assert await pending(url) == ()
    await (await open_store(url)).aclose()


async def test_a_sqlite_file_is_made_and_migrated_when_it_is_opened(sqlite_url: str) -> None:
    await (await open_store(sqlite_url)).aclose()
    assert await pending(sqlite_url) == ()


async def test_a_postgresql_database_is_never_migrated_unasked(postgres_url: str) -> None:
    with pytest.raises(SettingsError, match="waymark migrate"):
        await open_store(postgres_url)
    assert await pending(postgres_url) == revisions()


async def test_a_sqlite_file_that_lacks_nothing_needs_neither_alembic_nor_the_words_of_postgresql(
    sqlite_url: str,
) -> None:
    await migrate(sqlite_url)
    script = (
        "import asyncio, sys; from bot.store.engine import open_store\n"
        "async def main(): await (await open_store(sys.argv[1])).aclose()\n"
        "asyncio.run(main()); assert sys.modules.keys().isdisjoint({'alembic', 'sqlalchemy.dialects.postgresql'})"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, sqlite_url)
    assert await process.wait() == 0
