"""What learners ticked, press by press, so that each press can be taken back.

Knows ids, not what they stand for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import and_, delete, exists, func, insert, select, update

from bot.progress import NOTHING, SKILL, Change, Item, Mark, Progress
from bot.reply import StepState
from bot.store.database import insert_into
from bot.store.given import among, ids_given
from bot.store.learners import hold
from bot.store.tables import progress, progress_change, progress_event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an event back did: `restored` to the states of before; `left`, as it was changed since."""

    event_id: int
    restored: tuple[Change, ...]
    left: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ProgressLog:
    """The progress of all learners of a store."""

    database: Database

    async def of(self, learner_id: int) -> Progress:
        """Read all that a learner recorded."""
        async with self.database.reading() as connection:
            return _progress(await _states(connection, learner_id))

    async def of_many(self, learner_ids: Collection[int]) -> Mapping[int, Progress]:
        """Read all that each of these learners recorded; every one of them is in the answer."""
        kind = self.database.kind
        states: dict[int, dict[Item, Mark]] = {}
        rows = await self.database.read(_of_many(kind), tuple, ids_given(kind, learner_ids))
        for learner_id, scope, item, state in rows:
            states.setdefault(learner_id, {})[scope, item] = cast("Mark", StepState(state))
        recorded = {learner_id: _progress(theirs) for learner_id, theirs in states.items()}
        return dict.fromkeys(learner_ids, NOTHING) | recorded

    async def record(self, learner_id: int, changes: Iterable[Change], at: datetime) -> int | None:
        """Record the changes of one press and give its event id; None if all of it was so already.

        Of two changes of one item the last counts. Raises UserError if the learner was deleted meanwhile.
        """
        wanted = {change.key: change for change in changes}
        async with self.database.writing() as connection:
            await hold(connection, learner_id)
            before = await _states(connection, learner_id)
            effective = [change for key, change in wanted.items() if before.get(key) != change.state]
            if not effective:
                return None
            event = insert(progress_event).values(learner_id=learner_id, at=at).returning(progress_event.c.id)
            event_id: int = (await connection.execute(event)).scalar_one()
            states = [
                {"scope": change.scope, "item": change.item, "before": before.get(change.key), "after": change.state}
                for change in effective
            ]
            await connection.execute(insert(progress_change).values(event_id=event_id, learner_id=learner_id), states)
            await _apply(connection, learner_id, effective, at)
            return event_id

    async def worked(self, learner_id: int, since: datetime) -> tuple[datetime, ...]:
        """List when a learner did a task, or some of it, from a moment on; what was taken back is not in it."""
        query = (
            select(progress_event.c.at)
            .join(progress_change, progress_change.c.event_id == progress_event.c.id)
            .where(
                progress_event.c.learner_id == learner_id,
                progress_event.c.at >= since,
                progress_change.c.after.in_((StepState.DONE, StepState.STARTED)),
                progress_change.c.undone_at.is_(None),
            )
            .distinct()
            .order_by(progress_event.c.at)
        )
        async with self.database.reading() as connection:
            return tuple((await connection.execute(query)).scalars())

    async def undo(self, learner_id: int, at: datetime, event_id: int | None = None) -> Undone | None:
        """Take back one event, by default the last, where nothing was changed since; None if there is none.

        Taking the same event back again restores nothing. Somebody else's event is none.
        """
        async with self.database.writing() as connection:
            await hold(connection, learner_id)
            if event_id is None:
                event_id = await _last_event(connection, learner_id)
            mine = and_(progress_change.c.event_id == event_id, progress_change.c.learner_id == learner_id)
            rows = (await connection.execute(select(progress_change, _is_latest().label("latest")).where(mine))).all()
            if event_id is None or not rows:
                return None
            standing = [row for row in rows if row.undone_at is None]
            restored = tuple(Change(row.scope, row.item, _mark(row.before)) for row in standing if row.latest)
            left = tuple((row.scope, row.item) for row in standing if not row.latest)
            take_back = update(progress_change).where(mine, progress_change.c.undone_at.is_(None), _is_latest())
            await connection.execute(take_back.values(undone_at=at))
            await _apply(connection, learner_id, restored, at)
            return Undone(event_id, restored, left)


@cache
def _of_many(kind: str) -> Select[Any]:
    columns = (progress.c.learner_id, progress.c.scope, progress.c.item, progress.c.state)
    return select(*columns).where(among(kind, progress.c.learner_id))


def _progress(states: Mapping[Item, Mark]) -> Progress:
    tasks = {key: state for key, state in states.items() if key[0] != SKILL}
    return Progress(tasks, frozenset(item for scope, item in states if scope == SKILL))


async def _states(connection: AsyncConnection, learner_id: int) -> dict[Item, Mark]:
    query = select(progress.c.scope, progress.c.item, progress.c.state).where(progress.c.learner_id == learner_id)
    return {(row.scope, row.item): cast("Mark", StepState(row.state)) for row in await connection.execute(query)}


async def _last_event(connection: AsyncConnection, learner_id: int) -> int | None:
    """Find the last event of which something still stands."""
    query = select(func.max(progress_change.c.event_id)).where(
        progress_change.c.learner_id == learner_id, progress_change.c.undone_at.is_(None)
    )
    event_id: int | None = (await connection.execute(query)).scalar_one()
    return event_id


def _is_latest() -> ColumnElement[bool]:
    """Say of a change that no other one, still standing, came after it."""
    later = progress_change.alias("later")
    return ~exists().where(
        later.c.learner_id == progress_change.c.learner_id,
        later.c.scope == progress_change.c.scope,
        later.c.item == progress_change.c.item,
        later.c.event_id > progress_change.c.event_id,
        later.c.undone_at.is_(None),
    )


async def _apply(connection: AsyncConnection, learner_id: int, changes: Iterable[Change], at: datetime) -> None:
    """Bring every item into its state."""
    for change in changes:
        key = {"learner_id": learner_id, "scope": change.scope, "item": change.item}
        if change.state is None:
            await connection.execute(delete(progress).filter_by(**key))
            continue
        values = {"state": change.state, "changed_at": at}
        upsert = insert_into(connection.dialect.name, progress).values(**key, **values)
        await connection.execute(upsert.on_conflict_do_update(index_elements=list(key), set_=values))


def _mark(state: str | None) -> Mark | None:
    return None if state is None else cast("Mark", StepState(state))
