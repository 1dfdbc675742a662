"""The version before goes on working on the newest tables: whatever it reads and writes is still taken."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from bot import privacy
from bot.request import Learner
from bot.store import migrate as module
from bot.store.database import connect
from bot.store.engine import open_store
from bot.store.migrate import migrate, revisions

# As a process of revision 0003 writes: every column that it knew, and none that came later.
WRITES = (
    "INSERT INTO lane (id, platform, fence) VALUES ('slack:T1', 'slack', 0)",
    (
        "INSERT INTO learner (lane, person, zone, locale, region, roadmap, dm, created_at, seen_at) VALUES"
        " ('slack:T1', 'U1', 'Asia/Kolkata', 'en-IN', 'india', 'ml-engineer', 'D1', :at, :at)"
        " ON CONFLICT (lane, person) DO UPDATE SET locale = excluded.locale, seen_at = excluded.seen_at"
    ),
    (
        "INSERT INTO rule (learner_id, lane, days, at, zone, state, discreet)"
        " SELECT id, lane, 'mon', '09:00:00', zone, 'active', false FROM learner"
    ),
    (
        "INSERT INTO delivery (learner_id, lane, key, state, due_at, act_at, attempt, repeated)"
        " SELECT id, lane, 'w:2026-11-23', 'pending', :at, :at, 0, false FROM learner"
    ),
    "UPDATE learner SET zone = 'Europe/Lisbon', locale = 'pt-PT'",
)
READS = "SELECT id, lane, person, zone, locale, region, roadmap, created_at, seen_at, dm FROM learner"


def _to(connection: Connection, revision: str) -> dict[str, set[str]]:
    """Bring a database to a revision; return the columns of each table."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(module.__file__).parent / "migrations"))
    command.upgrade(config, revision)
    seen = inspect(connection)
    return {table: {column["name"] for column in seen.get_columns(table)} for table in seen.get_table_names()}


def _owed(connection: Connection) -> dict[str, set[str]]:
    """Return the columns of each table without which nothing can be inserted."""
    seen = inspect(connection)
    return {
        table: {each["name"] for each in seen.get_columns(table) if not each["nullable"] and each["default"] is None}
        for table in seen.get_table_names()
    }


@pytest.mark.parametrize("before", revisions()[2:-1])
async def test_no_revision_takes_a_column_away_or_asks_for_one_that_the_version_before_does_not_know(
    url: str, before: str
) -> None:
    async with aclosing(connect(url)) as database, database.writing() as connection:
        known = await connection.run_sync(_to, before)
        present = await connection.run_sync(_to, "head")
        owed = await connection.run_sync(_owed)
    assert {table: columns - present[table] for table, columns in known.items() if columns - present[table]} == {}
    assert {table: owed[table] - columns for table, columns in known.items() if owed[table] - columns} == {}


async def test_what_the_version_before_writes_and_reads_is_taken_and_is_the_learners_to_see(url: str) -> None:
    await migrate(url)
    at = "2026-11-21 12:00:00+00:00"
    async with aclosing(await open_store(url)) as store:
        async with store.database.writing() as connection:
            for write in WRITES:
                await connection.execute(text(write.replace(":at", f"'{at}'")))
            (row,) = await connection.execute(text(READS))
        assert (row.person, row.zone, row.locale) == ("U1", "Europe/Lisbon", "pt-PT")
        ana = Learner("slack:T1", "U1")
        learner = await store.learners.find(ana)
        assert learner is not None
        rule = await store.rules.of(learner.id)
        assert (learner.zone, rule and rule.rule.zone, rule and rule.weeks) == ("Europe/Lisbon", "Asia/Kolkata", False)
        assert (await privacy.export(store, ana))["learner"][0]["locale"] == "pt-PT"
        assert (await privacy.forget(store, ana)).startswith("Deleted: 3 entries")
        assert await store.learners.find(ana) is None
