"""Deliveries as a worker moves them on; every statement asks for the state it comes from, so that none runs twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, func, or_, select, true, update

from bot.nudges.model import Delivery, DeliveryState, KeptRule, occurrence_key
from bot.store.database import insert_into
from bot.store.deliveries import new_delivery, read_delivery
from bot.store.learners import StoredLearner
from bot.store.rules import halt, kept_rule
from bot.store.tables import delivery as table
from bot.store.tables import lane, learner, rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.nudges.calendar import Occurrence
    from bot.nudges.landing import Landing
    from bot.nudges.verdict import Drop
    from bot.store.database import Database
    from bot.store.lanes import StoredLane


_LANDING = (
    update(table)
    .where(table.c.id == bindparam("delivery"), table.c.attempt == bindparam("tried"))
    .values(
        state=bindparam("becomes"),
        reason=bindparam("why"),
        act_at=bindparam("again_at"),
        ended_at=bindparam("ended"),
        held_to=func.coalesce(bindparam("held", type_=table.c.held_to.type), table.c.held_to),
        ref=func.coalesce(bindparam("name", type_=table.c.ref.type), table.c.ref),
        repeated=case((bindparam("again", type_=table.c.repeated.type), true()), else_=table.c.repeated),
    )
)


@dataclass(frozen=True, slots=True)
class Falling:
    """An occurrence that falls due, by the rule as it was read, and the occurrence that it goes on to.

    `ended` is what became of it already, None if it is to be sent.
    """

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

    async def enqueue(self, falling: Sequence[Falling], at: datetime) -> Sequence[Falling]:
        """Make the deliveries of occurrences that fall due, move their rules on, and give those of which it was done.

        A rule that is not any more as it was read is left alone.
        """
        by_learner = {one.rule.learner_id: one for one in falling}
        async with self.database.writing() as connection:
            same = await _unchanged(connection, by_learner)
            if not same:
                return same
            rows = [_falling_row(one, at) for one in same]
            await connection.execute(insert_into(connection, table).on_conflict_do_nothing(), rows)
            moved = [
                {"of": one.rule.learner_id, "next_at": one.following.at, "next_on": one.following.day} for one in same
            ]
            move_on = update(rule).where(rule.c.learner_id == bindparam("of"))
            await connection.execute(move_on.values(due_at=bindparam("next_at"), due_on=bindparam("next_on")), moved)
            return same

    async def waiting(self, lane_id: str, now: datetime, limit: int) -> tuple[Waiting, ...]:
        """List what is to be sent or looked up in a lane by now, the longest waiting first."""
        state = table.c.state.in_((DeliveryState.PENDING, DeliveryState.UNCLEAR))
        query = (
            select(table.c.id)
            .where(table.c.lane == lane_id, table.c.act_at <= now, state)
            .order_by(table.c.act_at)
            .limit(limit)
        )
        async with self.database.reading() as connection:
            ids = (await connection.execute(query)).scalars().all()
            return await _whole(connection, ids)

    async def start(self, held: StoredLane, tasks: Mapping[int, str | None], now: datetime) -> Mapping[int, int]:
        """Commit that these deliveries are being sent, each with its task, and give the attempts of those that are.

        None are if the lane was lost. A call that is in doubt is looked up from the moment its attempt began.
        """
        is_held = select(lane.c.id).where(lane.c.id == held.id, lane.c.fence == held.fence).exists()
        starting = (
            update(table)
            .where(table.c.id == bindparam("delivery"), table.c.state == DeliveryState.PENDING, is_held)
            .values(
                state=DeliveryState.SENDING,
                attempt=table.c.attempt + 1,
                fence=held.fence,
                started_at=now,
                task=bindparam("about"),
            )
        )
        began = select(table.c.id, table.c.attempt).where(
            table.c.id.in_(tasks), table.c.state == DeliveryState.SENDING, table.c.fence == held.fence
        )
        async with self.database.writing() as connection:
            await connection.execute(starting, [{"delivery": one, "about": task} for one, task in tasks.items()])
            return {row.id: row.attempt for row in await connection.execute(began)}

    async def land(self, landings: Sequence[Landing], at: datetime) -> None:
        """Bring deliveries to the state that their attempt led to, where they are still in one it can come from.

        Needs no hold of the lane: the outcome of a call counts whoever learns it, and the attempt says which call.
        """
        by_origin: dict[frozenset[DeliveryState], list[dict[str, object]]] = {}
        for one in landings:
            by_origin.setdefault(one.came_from, []).append(_landing_row(one, at))
        async with self.database.writing() as connection:
            await _tell_learners(connection, landings, at)
            for came_from, rows in by_origin.items():
                is_still_there = or_(*(table.c.state == state for state in sorted(came_from)))
                await connection.execute(_LANDING.where(is_still_there), rows)

    async def assume_sent(self, until: datetime, reason: str, at: datetime) -> int:
        """Take every open delivery that was due by a moment as sent, and count them."""
        old = update(table).where(table.c.act_at.is_not(None), table.c.due_at <= until)
        values = {"state": DeliveryState.ASSUMED, "act_at": None, "ended_at": at, "reason": reason}
        async with self.database.writing() as connection:
            return (await connection.execute(old.values(**values))).rowcount


async def _unchanged(connection: AsyncConnection, by_learner: Mapping[int, Falling]) -> list[Falling]:
    """Lock the rules, and keep those that are as they were read."""
    query = (
        select(rule.c.learner_id, rule.c.due_at, rule.c.due_on)
        .where(rule.c.learner_id.in_(by_learner))
        .order_by(rule.c.learner_id)
        .with_for_update()
    )
    rows = await connection.execute(query)
    return [
        falling
        for row in rows
        if (falling := by_learner[row.learner_id]).rule.due
        and (row.due_at, row.due_on) == (falling.rule.due.at, falling.rule.due.day)
    ]


def _falling_row(falling: Falling, at: datetime) -> dict[str, object]:
    kept = falling.rule
    assert kept.due  # noqa: S101 - a rule without one does not fall due
    row = new_delivery(kept.learner_id, kept.lane, occurrence_key(kept.due.day), kept.due.at)
    ended = falling.ended
    return row | {
        "state": ended.state if ended else DeliveryState.PENDING,
        "reason": ended.reason if ended else None,
        "act_at": None if ended else kept.due.at,
        "ended_at": at if ended else None,
    }


async def _whole(connection: AsyncConnection, ids: Sequence[int]) -> tuple[Waiting, ...]:
    if not ids:
        return ()
    deliveries = {
        row.id: read_delivery(row) for row in await connection.execute(select(table).where(table.c.id.in_(ids)))
    }
    whose = {one.learner_id for one in deliveries.values()}
    learners = {
        row.id: StoredLearner(**row._asdict())
        for row in await connection.execute(select(learner).where(learner.c.id.in_(whose)))
    }
    rules = {
        row.learner_id: kept_rule(row)
        for row in await connection.execute(select(rule).where(rule.c.learner_id.in_(whose)))
    }
    return tuple(
        Waiting(one, learners[one.learner_id], rules.get(one.learner_id))
        for delivery_id in ids
        if (one := deliveries.get(delivery_id)) and one.learner_id in learners
    )


async def _tell_learners(connection: AsyncConnection, landings: Sequence[Landing], at: datetime) -> None:
    """Keep what a landing says of its learner: before the deliveries, in the order in which commands lock."""
    for one in landings:
        if one.ending:
            await halt(connection, one.learner_id, one.ending, at, active=True)
        if one.dm:
            await connection.execute(update(learner).where(learner.c.id == one.learner_id).values(dm=one.dm))


def _landing_row(landing: Landing, at: datetime) -> dict[str, object]:
    return {
        "delivery": landing.delivery_id,
        "tried": landing.attempt,
        "becomes": landing.state,
        "why": landing.reason,
        "again_at": landing.act_at,
        "ended": at if landing.act_at is None else None,
        "held": landing.held_to,
        "name": landing.ref,
        "again": landing.repeated,
    }
