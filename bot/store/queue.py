"""Deliveries as a worker moves them on; every statement asks for the state it comes from, so that none runs twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import false, literal, null, select, update

from bot.nudges.model import Delivery, DeliveryState, KeptRule, occurrence_key
from bot.store.database import in_stretches, insert_into
from bot.store.deliveries import DELIVERY, read_delivery
from bot.store.given import given
from bot.store.lanes import is_of
from bot.store.learners import LEARNER, StoredLearner
from bot.store.rules import RULE, halt, read_rule
from bot.store.tables import delivery as table
from bot.store.tables import lane, learner, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, FromClause, Update
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.dml import ReturningInsert

    from bot.nudges.calendar import Occurrence
    from bot.nudges.landing import Landing
    from bot.nudges.verdict import Drop
    from bot.store.database import Database
    from bot.store.lanes import StoredLane


Item = TypeVar("Item")
Key = TypeVar("Key")

# A rule as it was read, by its day, the key of its delivery, and when it is due next.
FALLING = {
    "id": rule.c.learner_id,
    "day": rule.c.due_on,
    "key": table.c.key,
    "due_at": rule.c.due_at,
    "due_on": rule.c.due_on,
}


@dataclass(frozen=True, slots=True)
class Falling:
    """An occurrence that falls due, by the rule as it was read, its learner, and the occurrence that it goes on to.

    `ended` is what became of it already, None if it is to be sent.
    """

    learner: StoredLearner
    rule: KeptRule
    following: Occurrence
    ended: Drop | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery with which something is to be done, its learner, and their rule."""

    delivery: Delivery
    learner: StoredLearner
    rule: KeptRule | None


@dataclass(frozen=True, slots=True)
class Queue:
    """The open deliveries of a store."""

    database: Database

    async def enqueue(self, falling: Sequence[Falling], at: datetime) -> list[Waiting]:
        """Make the deliveries of occurrences that fall due, move their rules on, and give what was made.

        A rule that is not any more as it was read is left alone.
        """
        by_learner = {one.learner.id: one for one in falling}
        made: list[Waiting] = []
        async with self.database.writing() as connection:
            for ended, some in _grouped(falling, lambda one: one.ended).items():
                new = given(connection.dialect, FALLING, map(_falling_row, some))
                inserted = await connection.execute(_making(connection, new, ended, at))
                made += await in_stretches(inserted, lambda row: _made(by_learner[row.learner_id], row, at))
                await connection.execute(_moving_on(new))
        return made

    async def waiting(self, lane_id: str, now: datetime, limit: int) -> list[Waiting]:
        """List what is to be sent or looked up in a lane by now, the longest waiting first."""
        query = (
            select(*DELIVERY, *LEARNER, *RULE)
            .join_from(table, learner)
            .outerjoin(rule, rule.c.learner_id == table.c.learner_id)
            .where(
                table.c.lane == lane_id,
                table.c.act_at <= now,
                table.c.state.in_((DeliveryState.PENDING, DeliveryState.UNCLEAR)),
            )
            .order_by(table.c.act_at)
            .limit(limit)
        )
        return await self.database.read(query, _read_waiting)

    async def start(self, held: StoredLane, tasks: Mapping[int, str | None], now: datetime) -> Mapping[int, int]:
        """Commit that these deliveries are being sent, each with its task, and give the attempts of those that are.

        None are if the lane was lost. A call that is in doubt is looked up from the moment its attempt began.
        """
        if not tasks:
            return {}
        is_held = select(lane.c.id).where(lane.c.id == held.id, is_of(held)).exists()
        async with self.database.writing() as connection:
            new = given(connection.dialect, {"id": table.c.id, "task": table.c.task}, tasks.items())
            starting = (
                update(table)
                .where(table.c.id == new.c.id, table.c.state == DeliveryState.PENDING, is_held)
                .values(
                    state=DeliveryState.SENDING,
                    attempt=table.c.attempt + 1,
                    fence=held.fence,
                    started_at=now,
                    task=new.c.task,
                )
                .returning(table.c.id, table.c.attempt)
            )
            return {delivery_id: attempt for delivery_id, attempt in await connection.execute(starting)}  # noqa: C416

    async def land(self, landings: Sequence[Landing], at: datetime) -> None:
        """Bring deliveries to the state that their attempt led to, where they are still in one it can come from.

        Needs no hold of the lane: the outcome of a call counts whoever learns it, and the attempt says which call.
        """
        alike = _grouped(landings, _in_common)
        async with self.database.writing() as connection:
            await _tell_learners(connection, landings, at)
            for some in alike.values():
                await connection.execute(_landing(connection, some, at))

    async def assume_sent(self, until: datetime, reason: str, at: datetime) -> int:
        """Take every open delivery that was due by a moment as sent, and count them."""
        old = update(table).where(table.c.act_at.is_not(None), table.c.due_at <= until)
        values = {"state": DeliveryState.ASSUMED, "act_at": None, "ended_at": at, "reason": reason}
        async with self.database.writing() as connection:
            return (await connection.execute(old.values(**values))).rowcount


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _falling_row(falling: Falling) -> tuple[int, date, str, datetime, date]:
    due, following = falling.rule.due, falling.following
    if due is None:
        raise ValueError("a rule without a next occurrence does not fall due")
    return falling.rule.learner_id, due.day, occurrence_key(due.day), following.at, following.day


def _made(falling: Falling, row: Sequence[Any], at: datetime) -> Waiting:
    """Give what was made of an occurrence; the row says when it is due, as the rule's time may have been changed."""
    rule, learner, ended = falling.rule, falling.learner, falling.ended
    delivery_id, _, key, due_at = row
    of = (delivery_id, learner.id, rule.lane, key, None)
    if ended:
        delivery = Delivery(*of, ended.state, due_at, None, ended_at=at, reason=ended.reason)
    else:
        delivery = Delivery(*of, DeliveryState.PENDING, due_at, act_at=due_at)
    return Waiting(delivery, learner, rule._replace(due=falling.following))


def _making(connection: AsyncConnection, new: FromClause, ended: Drop | None, at: datetime) -> ReturningInsert[Any]:
    """Make deliveries of rules that are still as they were read; locked, so that they stay so."""
    columns = {
        table.c.learner_id: rule.c.learner_id,
        table.c.lane: rule.c.lane,
        table.c.key: new.c.key,
        table.c.state: literal(ended.state if ended else DeliveryState.PENDING, table.c.state.type),
        table.c.due_at: rule.c.due_at,
        table.c.act_at: null() if ended else rule.c.due_at,
        table.c.attempt: literal(0),
        table.c.repeated: false(),
        table.c.reason: literal(ended.reason) if ended else null(),
        table.c.ended_at: literal(at, table.c.ended_at.type) if ended else null(),
    }
    as_read = select(*columns.values()).where(*_as_read(new)).with_for_update(of=rule)
    insert = insert_into(connection, table).from_select(list(columns), as_read)
    return insert.on_conflict_do_nothing().returning(table.c.id, table.c.learner_id, table.c.key, table.c.due_at)


def _moving_on(new: FromClause) -> Update:
    return update(rule).where(*_as_read(new)).values({rule.c.due_at: new.c.due_at, rule.c.due_on: new.c.due_on})


def _as_read(new: FromClause) -> tuple[ColumnElement[bool], ...]:
    return rule.c.learner_id == new.c.id, rule.c.due_on == new.c.day


def _read_waiting(row: Sequence[Any]) -> Waiting:
    delivery, person, kept = row[: len(DELIVERY)], row[len(DELIVERY) : -len(RULE)], row[-len(RULE) :]
    has_rule = kept[0] is not None
    return Waiting(read_delivery(delivery), StoredLearner._make(person), read_rule(kept) if has_rule else None)


def _in_common(one: Landing) -> tuple[object, ...]:
    """Give what deliveries share that one statement brings to their state."""
    return one.attempt, one.came_from, one.state, one.reason, one.act_at, one.held_to, one.repeated


def _landing(connection: AsyncConnection, landings: Sequence[Landing], at: datetime) -> Update:
    """Bring deliveries that came to the same to it, each with its own reference."""
    common = landings[0]
    values: dict[str, object] = {
        "state": common.state,
        "reason": common.reason,
        "act_at": common.act_at,
        "ended_at": at if common.act_at is None else None,
    }
    if common.held_to:
        values["held_to"] = common.held_to
    if common.repeated:
        values["repeated"] = True
    refs = [(one.delivery_id, one.ref) for one in landings]
    new = given(connection.dialect, {"id": table.c.id, "ref": table.c.ref}, refs)
    if any(ref for _, ref in refs):
        values["ref"] = new.c.ref
    is_still_there = (table.c.id == new.c.id, table.c.attempt == common.attempt, table.c.state.in_(common.came_from))
    return update(table).where(*is_still_there).values(values)


async def _tell_learners(connection: AsyncConnection, landings: Sequence[Landing], at: datetime) -> None:
    """Keep what a landing says of its learner: before the deliveries, in the order in which commands lock."""
    for one in landings:
        if one.ending:
            await halt(connection, one.learner_id, one.ending, at, active=True)
        if one.dm:
            await connection.execute(update(learner).where(learner.c.id == one.learner_id).values(dm=one.dm))
