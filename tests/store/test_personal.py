"""What is kept of one learner: all of it goes out, all of it goes away, and nobody else's."""

import json
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select

from bot.nudges.calendar import Occurrence, Rule
from bot.progress import SKILL, Change
from bot.reply import StepState
from bot.request import Learner
from bot.store.engine import Store
from bot.store.tables import house_rule, lane, mark, metadata, seen

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


async def _live_a_little(store: Store, person: str) -> int:
    """Leave a row in every table that is about a learner."""
    learner = await store.learners.ensure(Learner("discord", person), NOW)
    changes = (Change("ml", "numpy", StepState.DONE), Change(SKILL, "git", StepState.KNOWN))
    await store.progress.record(learner.id, changes, NOW)
    await store.fits.keep(learner.id, "ea", "v1", NOW)
    weekly = Rule(frozenset({0}), time(9), "Asia/Kolkata")
    await store.rules.set(learner, weekly, Occurrence(date(2026, 11, 23), NOW), NOW)
    await store.deliveries.add(learner, "t:1", NOW)
    return learner.id


async def _sizes(store: Store) -> dict[str, int]:
    async with store.database.reading() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
            if table not in (seen, lane, mark, house_rule)
        }


async def test_an_export_holds_every_row_of_the_learner_as_json(store: Store) -> None:
    ana = await _live_a_little(store, "ana")
    exported = await store.personal.export(ana)
    assert json.loads(json.dumps(exported)) == exported
    assert {name: len(rows) for name, rows in exported.items()} == await _sizes(store)
    assert exported["learner"][0]["created_at"] == "2026-11-21T09:30:00+00:00"
    assert exported["rule"][0] | {"days": "mon", "at": "09:00:00", "due_on": "2026-11-23"} == exported["rule"][0]
    assert {row["item"]: row["state"] for row in exported["progress"]} == {"numpy": "done", "git": "known"}


async def test_an_export_holds_nothing_of_anybody_else(store: Store) -> None:
    ana, ben = await _live_a_little(store, "ana"), await _live_a_little(store, "ben")
    exported = await store.personal.export(ana)
    assert [row["person"] for row in exported["learner"]] == ["ana"]
    assert {name: len(rows) for name, rows in exported.items()} == {
        name: len(rows) for name, rows in (await store.personal.export(ben)).items()
    }


async def test_a_deletion_counts_and_leaves_nothing(store: Store) -> None:
    ana = await _live_a_little(store, "ana")
    before = await _sizes(store)
    assert all(before.values())
    assert await store.personal.delete(ana) == before
    assert not any((await _sizes(store)).values())


async def test_a_deletion_leaves_everybody_else_alone(store: Store) -> None:
    ana, ben = await _live_a_little(store, "ana"), await _live_a_little(store, "ben")
    kept = await store.personal.export(ben)
    await store.personal.delete(ana)
    assert await store.personal.export(ben) == kept


async def test_a_second_deletion_finds_nothing(store: Store) -> None:
    ana = await _live_a_little(store, "ana")
    await store.personal.delete(ana)
    assert not any((await store.personal.delete(ana)).values())


def test_every_table_either_belongs_to_a_learner_or_knows_of_none() -> None:
    unowned = {table.name for table in metadata.sorted_tables if "learner_id" not in table.c}
    assert unowned == {"learner", "seen", "lane", "mark", "house_rule"}
