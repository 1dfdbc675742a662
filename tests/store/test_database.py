"""Addresses as hosts write them, the promises of a SQLite file, and several processes on one database."""

import asyncio
import sys
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import SettingsError
from bot.request import Learner
from bot.store.database import connect, parse
from bot.store.engine import open_store
from bot.store.migrate import migrate, pending

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgres://ana:pw@db/way", "postgresql+asyncpg://ana:pw@db/way"),
        ("postgresql://ana@db:5433/way", "postgresql+asyncpg://ana@db:5433/way"),
        ("postgresql+asyncpg://db/way", "postgresql+asyncpg://db/way"),
        ("postgres://db/way?sslmode=require&channel_binding=require", "postgresql+asyncpg://db/way?ssl=require"),
        ("sqlite:///way.sqlite3", "sqlite+aiosqlite:///way.sqlite3"),
        ("sqlite+aiosqlite:////srv/way.sqlite3", "sqlite+aiosqlite:////srv/way.sqlite3"),
    ],
)
def test_an_address_is_taken_as_hosts_write_it(written: str, read: str) -> None:
    assert parse(written).render_as_string(hide_password=False) == read


@pytest.mark.parametrize(
    "address",
    [
        "",
        "way.sqlite3",
        "mysql://db/way",
        "postgres://db:port/way",
        "sqlite+pysqlite://",
        "postgres://db/way?color=red",
    ],
)
def test_what_is_no_address_of_ours_is_told_with_the_variable_to_set(address: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        connect(address)


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana, " * 100)
    for address in (f"sqlite:///{tmp_path}", f"sqlite:///{tmp_path}/letter.txt"):
        with pytest.raises(SettingsError, match="DATABASE_URL"):
            await open_store(address)


async def test_a_folder_that_cannot_be_made_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana")
    for use in (open_store, migrate, pending):
        with pytest.raises(SettingsError, match=r"letter\.txt.* set DATABASE_URL"):
            await use(f"sqlite:///{tmp_path}/letter.txt/way.sqlite3")


async def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    for use in (open_store, migrate, pending):
        with pytest.raises(SettingsError, match="DATABASE_URL") as told:
            await use("postgres://ana:secret@127.0.0.1:1/way")
        assert "secret" not in told.value.sentence


async def test_a_server_without_that_database_is_told(postgres_url: str) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        await open_store(postgres_url.replace("/waymark_", "/nowhere_"))


async def test_a_sqlite_file_forgets_no_commit_and_no_foreign_key(sqlite_url: str) -> None:
    promises = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    async with aclosing(connect(sqlite_url)) as database, database.reading() as connection:
        for pragma, value in promises.items():
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar_one() == value


def test_the_folder_of_a_sqlite_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "where"
    connect(f"sqlite:///{folder}/way.sqlite3")
    assert folder.stat().st_mode & 0o077 == 0


async def test_a_store_in_memory_lasts_as_long_as_it_is_open() -> None:
    async with aclosing(await open_store("sqlite://")) as store:
        kept = await store.learners.ensure(Learner("terminal", "ana"), NOW)
        assert await store.learners.find(Learner("terminal", "ana")) == kept


def test_what_was_deleted_cannot_be_found_in_the_file(tmp_path: Path) -> None:
    asyncio.run(_come_and_go(f"sqlite:///{tmp_path}/way.sqlite3", "ana-of-the-deleted"))
    assert not any(b"ana-of-the-deleted" in file.read_bytes() for file in tmp_path.iterdir())


async def _come_and_go(url: str, person: str) -> None:
    async with aclosing(await open_store(url)) as store:
        ana = await store.learners.ensure(Learner("terminal", person), NOW)
        await store.personal.delete(ana.id)


_PRESSES = """
import asyncio, sys
from contextlib import aclosing
from datetime import datetime, UTC
from bot.progress import Change
from bot.reply import StepState
from bot.request import Learner
from bot.store.engine import open_store

async def main(url, name):
    now = datetime.now(UTC)
    async with aclosing(await open_store(url)) as store:
        ana = await store.learners.ensure(Learner("terminal", "ana"), now)
        for number in range(20):
            await store.progress.record(ana.id, [Change("ml", f"{name}-{number}", StepState.DONE)], now)
            await store.progress.record(ana.id, [Change("ml", "shared", StepState.DONE if number % 2 else None)], now)

asyncio.run(main(*sys.argv[1:]))
"""


async def _press(url: str, name: str) -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _PRESSES, url, name)
    return await process.wait()


async def test_processes_that_press_at_once_on_a_new_file_lose_nothing(sqlite_url: str) -> None:
    await _presses_of_three_processes(sqlite_url)


async def test_processes_that_press_at_once_on_a_server_lose_nothing(postgres_url: str) -> None:
    await migrate(postgres_url)
    await _presses_of_three_processes(postgres_url)


async def _presses_of_three_processes(url: str) -> None:
    assert await asyncio.gather(*(_press(url, name) for name in "abc")) == [0, 0, 0]
    async with aclosing(await open_store(url)) as store:
        ana = await store.learners.find(Learner("terminal", "ana"))
        assert ana
        tasks = (await store.progress.of(ana.id)).tasks
        assert {("ml", f"{name}-{number}") for name in "abc" for number in range(20)} <= tasks.keys()
        events = (await store.personal.export(ana.id))["progress_event"]
        for _ in events:
            await store.progress.undo(ana.id, NOW)
        assert not (await store.progress.of(ana.id)).tasks
