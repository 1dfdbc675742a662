"""A database with so many weekly rules, in so many lanes, all of which fall due at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

from bot.nudges.model import RuleState
from bot.store.database import insert_into
from bot.store.engine import open_store
from bot.store.migrate import migrate
from bot.store.tables import lane, learner, rule

DUE = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
PLATFORM = "bench"
CHUNK = 5000
Row = dict[str, object]


async def fill(url: str, rules: int, lanes: int) -> None:
    """Make the tables, the lanes and the learners, each with a rule."""
    await migrate(url)
    async with aclosing(await open_store(url)) as store:
        for begin in range(0, max(rules, lanes), CHUNK):
            part = range(begin, begin + CHUNK)
            async with store.database.writing() as connection:
                for table, rows in (
                    (lane, list(_lanes(part, lanes))),
                    (learner, list(_learners(part, rules, lanes))),
                    (rule, list(_rules(part, rules, lanes))),
                ):
                    if rows:
                        await connection.execute(insert_into(connection.dialect.name, table), rows)
        async with store.database.writing() as connection:
            await connection.exec_driver_sql("ANALYZE")


def _lanes(part: range, lanes: int) -> Iterator[Row]:
    for number in part:
        if number < lanes:
            yield {"id": f"{PLATFORM}:{number}", "platform": PLATFORM, "next_at": DUE, "fence": 0}


def _learners(part: range, rules: int, lanes: int) -> Iterator[Row]:
    for number in part:
        if number < rules:
            of = {"id": number + 1, "lane": f"{PLATFORM}:{number % lanes}", "person": str(number)}
            yield of | {"created_at": DUE - timedelta(days=9), "seen_at": DUE - timedelta(days=9)}


def _rules(part: range, rules: int, lanes: int) -> Iterator[Row]:
    for number in part:
        if number < rules:
            yield {
                "learner_id": number + 1,
                "lane": f"{PLATFORM}:{number % lanes}",
                "days": "mon",
                "at": DUE.time(),
                "zone": "UTC",
                "state": RuleState.ACTIVE,
                "discreet": False,
                "due_at": DUE,
                "due_on": DUE.date(),
            }
