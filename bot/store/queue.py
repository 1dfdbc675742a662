"""Deliveries as a worker moves them on; every statement asks for the state it comes from, so that none runs twice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, false, func, literal, null, or_, select, update

from bot.nudges.model import Delivery, DeliveryState, KeptRule, occurrence_key
from bot.store.database import in_stretches, insert_into
from bot.store.deliveries import DELIVERY, read_delivery
from bot.store.given import Like, given, rows_given
from bot.store.lanes import IS_HELD, holding
from bot.store.learners import LEARNER, StoredLearner
from bot.store.rules import RULE, halt, read_rule
from bot.store.tables import delivery as table
from bot.store.tables import lane, learner, rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, FromClause, Update
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

    from bot.nudges.calendar import Occurrence
    from bot.nudges.landing import Landing
    from bot.nudges.verdict import Drop
    from bot.store.database import Database
    from bot.store.lanes import StoredLane


Item = TypeVar("Item")
Key = TypeVar("Key")

_WAITING = (
    select(*DELIVERY, *LEARNER, *RULE)
    .join_from(table, learner)
    .outerjoin(rule, rule.c.learner_id == table.c.learner_id)
    .where(
        table.c.lane == bindparam("in_lane"),
        table.c.act_at <= bindparam("now"),
        table.c.state.in_((DeliveryState.PENDING, DeliveryState.UNCLEAR)),
    )
    .order_by(table.c.act_at)
    .limit(bindparam("limit"))
)
STARTING: Like = {"id": table.c.id, "task": table.c.task}
LANDING: Like = {"id": table.c.id, "ref": table.c.ref}
TELLING: Like = {"id": learner.c.id, "dm": learner.c.dm}
# A rule as it was read, by its day and moment, the key of its delivery, and when it is due next.
FALLING: Like = {
    "id": rule.c.learner_id,
    "day": rule.c.due_on,
    "moment": rule.c.due_at,
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
        kind = self.database.kind
        by_learner = {one.learner.id: one for one in falling}
        made: list[Waiting] = []
        async with self.database.writing() as connection:
            for ended, some in _grouped(falling, lambda one: one.ended).items():
                rows = rows_given(connection.dialect, FALLING, map(_falling_row, some))
                how = {"ended_as": ended.state, "why": ended.reason, "ended_at": at} if ended else {}
                inserted = await connection.execute(_making(kind, is_open=ended is None), {**rows, **how})
                made += await in_stretches(inserted, lambda row: _made(by_learner[row.learner_id], row, at))
                await connection.execute(_moving_on(kind), rows)
        return made

    async def waiting(self, lane_id: str, now: datetime, limit: int) -> list[Waiting]:
        """List what is to be sent or looked up in a lane by now, the longest waiting first."""
        asked = {"in_lane": lane_id, "now": now, "limit": limit}
        return await self.database.read(_WAITING, _read_waiting, asked)

    async def start(self, held: StoredLane, tasks: Mapping[int, str | None], now: datetime) -> Mapping[int, int]:
        """Commit that these deliveries are being sent, each with its task, and give the attempts of those that are.

        None are if the lane was lost. A call that is in doubt is looked up from the moment its attempt began.
        """
        if not tasks:
            return {}
        async with self.database.writing() as connection:
            rows = rows_given(connection.dialect, STARTING, tasks.items())
            begun = {**holding(held), "now": now}
            started = await connection.execute(_starting(self.database.kind), {**rows, **begun})
            return {delivery_id: attempt for delivery_id, attempt in started}  # noqa: C416 - rows are no pairs

    async def land(self, landings: Sequence[Landing], at: datetime) -> None:
        """Bring deliveries to the state that their attempt led to, where they are still in one it can come from.

        Needs no hold of the lane: the outcome of a call counts whoever learns it, and the attempt says which call.
        """
        async with self.database.writing() as connection:
            await _tell_learners(connection, landings, at)
            for alike in _grouped(landings, _in_common).values():
                rows = rows_given(connection.dialect, LANDING, ((one.delivery_id, one.ref) for one in alike))
                await connection.execute(_landing(self.database.kind), {**rows, **_common(alike[0], at)})

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


def _falling_row(falling: Falling) -> tuple[int, date, datetime, str, datetime, date]:
    due, following = falling.rule.due, falling.following
    if due is None:
        raise ValueError("a rule without a next occurrence does not fall due")
    return falling.rule.learner_id, due.day, due.at, occurrence_key(due.day), following.at, following.day


def _made(falling: Falling, row: Sequence[Any], at: datetime) -> Waiting:
    rule, learner, ended = falling.rule, falling.learner, falling.ended
    delivery_id, _, key, due_at = row
    of = (delivery_id, learner.id, rule.lane, key, None)
    if ended:
        delivery = Delivery(*of, ended.state, due_at, None, ended_at=at, reason=ended.reason)
    else:
        delivery = Delivery(*of, DeliveryState.PENDING, due_at, act_at=due_at)
    return Waiting(delivery, learner, rule._replace(due=falling.following))


@cache
def _making(kind: str, *, is_open: bool) -> ReturningInsert[Any]:
    """Make deliveries of rules that are still as they were read; locked, so that they stay so."""
    new = given(kind, FALLING)
    columns = {
        table.c.learner_id: rule.c.learner_id,
        table.c.lane: rule.c.lane,
        table.c.key: new.c.key,
        table.c.state: literal(DeliveryState.PENDING) if is_open else bindparam("ended_as", type_=table.c.state.type),
        table.c.due_at: rule.c.due_at,
        table.c.act_at: rule.c.due_at if is_open else null(),
        table.c.attempt: literal(0),
        table.c.repeated: false(),
        table.c.reason: null() if is_open else bindparam("why", type_=table.c.reason.type),
        table.c.ended_at: null() if is_open else bindparam("ended_at", type_=table.c.ended_at.type),
    }
    as_read = select(*columns.values()).where(*_as_read(new)).with_for_update(of=rule)
    insert = insert_into(kind, table).from_select(list(columns), as_read)
    return insert.on_conflict_do_nothing().returning(table.c.id, table.c.learner_id, table.c.key, table.c.due_at)


@cache
def _moving_on(kind: str) -> Update:
    new = given(kind, FALLING)
    return update(rule).where(*_as_read(new)).values({rule.c.due_at: new.c.due_at, rule.c.due_on: new.c.due_on})


def _as_read(new: FromClause) -> tuple[ColumnElement[bool], ...]:
    return rule.c.learner_id == new.c.id, rule.c.due_on == new.c.day, rule.c.due_at == new.c.moment


def _read_waiting(row: Sequence[Any]) -> Waiting:
    delivery, person, kept = row[: len(DELIVERY)], row[len(DELIVERY) : -len(RULE)], row[-len(RULE) :]
    has_rule = kept[0] is not None
    return Waiting(read_delivery(delivery), StoredLearner._make(person), read_rule(kept) if has_rule else None)


def _in_common(one: Landing) -> tuple[object, ...]:
    """Give what deliveries share that one statement brings to their state."""
    return one.attempt, one.came_from, one.state, one.reason, one.act_at, one.held_to, one.repeated


def _common(one: Landing, at: datetime) -> dict[str, object]:
    """Give that as parameters of the statement."""
    return {
        "of_attempt": one.attempt,
        "came_from": list(one.came_from),
        "comes_to": one.state,
        "why": one.reason,
        "next_at": one.act_at,
        "ended": None if one.act_at else at,
        "morning": one.held_to,
        "once_more": one.repeated,
    }


@cache
def _starting(kind: str) -> ReturningUpdate[Any]:
    new = given(kind, STARTING)
    is_held = select(lane.c.id).where(IS_HELD).exists()
    values = {
        table.c.state: DeliveryState.SENDING,
        table.c.attempt: table.c.attempt + 1,
        table.c.fence: bindparam("held_fence"),
        table.c.started_at: bindparam("now"),
        table.c.task: new.c.task,
    }
    starting = update(table).where(table.c.id == new.c.id, table.c.state == DeliveryState.PENDING, is_held)
    return starting.values(values).returning(table.c.id, table.c.attempt)


@cache
def _landing(kind: str) -> Update:
    """Bring deliveries that came to the same to it, each with its own reference."""
    new = given(kind, LANDING)
    values = {
        table.c.state: bindparam("comes_to"),
        table.c.reason: bindparam("why"),
        table.c.act_at: bindparam("next_at"),
        table.c.ended_at: bindparam("ended"),
        table.c.held_to: func.coalesce(bindparam("morning", type_=table.c.held_to.type), table.c.held_to),
        table.c.repeated: or_(table.c.repeated, bindparam("once_more", type_=table.c.repeated.type)),
        table.c.ref: func.coalesce(new.c.ref, table.c.ref),
    }
    came_from = bindparam("came_from", type_=table.c.state.type, expanding=True)
    is_there = (table.c.id == new.c.id, table.c.attempt == bindparam("of_attempt"), table.c.state.in_(came_from))
    return update(table).where(*is_there).values(values)


@cache
def _telling(kind: str) -> Update:
    new = given(kind, TELLING)
    return update(learner).where(learner.c.id == new.c.id).values(dm=new.c.dm)


async def _tell_learners(connection: AsyncConnection, landings: Sequence[Landing], at: datetime) -> None:
    """Keep what a landing says of its learner: before the deliveries, in the order in which commands lock."""
    for one in landings:
        if one.ending:
            await halt(connection, one.learner_id, one.ending, at, active=True)
    dms = [(one.learner_id, one.dm) for one in landings if one.dm]
    if dms:
        rows = rows_given(connection.dialect, TELLING, dms)
        await connection.execute(_telling(connection.dialect.name), rows)
