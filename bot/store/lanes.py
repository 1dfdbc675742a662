"""The lanes that deliveries go out on: who holds one, until when, and when something in it is next to be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, delete, func, null, or_, select, update

from bot.house import Freedom
from bot.nudges.model import DeliveryState
from bot.store.database import insert_into
from bot.store.tables import delivery, house_rule, learner, rule
from bot.store.tables import lane as table

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class StoredLane:
    """A lane as kept. `fence` counts its holders; `stopped` says why nothing goes out, None if it does.

    Nothing goes out either while admins forbid nudges there; what was due before `open_since` never will.
    """

    id: str
    platform: str
    next_at: datetime | None
    not_before: datetime | None
    held_by: str | None
    held_until: datetime | None
    fence: int
    stopped: str | None
    open_since: datetime | None
    secret: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a store."""

    database: Database

    async def find(self, lane_id: str) -> StoredLane | None:
        """Find a lane."""
        query = select(table).where(table.c.id == lane_id)
        async with self.database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else StoredLane(**row._asdict())

    async def ids(self) -> tuple[str, ...]:
        """List the ids of all lanes."""
        async with self.database.reading() as connection:
            return tuple((await connection.execute(select(table.c.id).order_by(table.c.id))).scalars())

    async def open(self, lane_id: str, secret: bytes | None, now: datetime) -> None:
        """Begin a lane, or go on with a stopped one: with this secret, from what waits in it.

        Whoever holds it loses it, lest a refusal of the secret before stops it again.
        """
        anew = {"stopped": None, "not_before": None, "held_by": None, "held_until": None, "next_at": now}
        async with self.database.writing() as connection:
            await wake(connection, lane_id, None)
            opened = update(table).where(table.c.id == lane_id)
            await connection.execute(opened.values(secret=secret, fence=table.c.fence + 1, **anew))

    async def resume(self, lane_id: str, now: datetime) -> bool:
        """Let a stopped lane go on as it was; False if there is none of this id."""
        going_on = update(table).where(table.c.id == lane_id).values(stopped=None, next_at=now)
        async with self.database.writing() as connection:
            return (await connection.execute(going_on)).rowcount == 1

    async def stop(self, lane_id: str, reason: str) -> bool:
        """Let nothing more begin in a lane, whoever holds it; False if there is none of this id."""
        stopping = update(table).where(table.c.id == lane_id)
        async with self.database.writing() as connection:
            stopped = stopping.values(stopped=reason, next_at=None, fence=table.c.fence + 1, held_until=None)
            return (await connection.execute(stopped)).rowcount == 1

    async def free_all(self) -> None:
        """Take every lane from its holder: for a worker that knows that any other one is dead."""
        held = update(table).where(table.c.held_until.is_not(None))
        async with self.database.writing() as connection:
            await connection.execute(held.values(held_by=None, held_until=None))

    async def delete(self, lane_id: str) -> int:
        """Delete a lane with all that is kept of its learners, and count these."""
        async with self.database.writing() as connection:
            learners = (await connection.execute(delete(learner).where(learner.c.lane == lane_id))).rowcount
            await connection.execute(delete(table).where(table.c.id == lane_id))
            await connection.execute(delete(house_rule).where(house_rule.c.house == lane_id))
            return learners

    async def due(self, platform: str, now: datetime, limit: int) -> tuple[StoredLane, ...]:
        """List lanes in which something is to be done and that nobody holds, the longest waiting first."""
        query = (
            select(table)
            .where(
                table.c.platform == platform,
                table.c.next_at <= now,
                or_(table.c.not_before.is_(None), table.c.not_before <= now),
                _is_free(now),
                _is_open(),
            )
            .order_by(table.c.next_at)
            .limit(limit)
        )
        async with self.database.reading() as connection:
            return tuple(StoredLane(**row._asdict()) for row in await connection.execute(query))

    async def take(
        self, seen: StoredLane, holder: str, now: datetime, until: datetime, look_at: datetime
    ) -> StoredLane | None:
        """Hold a lane until a moment, as it was seen; None if somebody else was quicker.

        What an earlier holder began and did not end becomes unclear, to be looked up from `look_at` on.
        """
        taking = update(table).where(
            table.c.id == seen.id, table.c.fence == seen.fence, table.c.stopped.is_(None), _is_free(now), _is_open()
        )
        held = taking.values(fence=table.c.fence + 1, held_by=holder, held_until=until).returning(*table.c)
        async with self.database.writing() as connection:
            row = (await connection.execute(held)).one_or_none()
            if row is None:
                return None
            left = update(delivery).where(
                delivery.c.lane == seen.id,
                delivery.c.act_at.is_not(None),
                delivery.c.state == DeliveryState.SENDING,
                delivery.c.fence < row.fence,
            )
            unclear = {"state": DeliveryState.UNCLEAR, "act_at": look_at, "reason": "its worker was gone"}
            await connection.execute(left.values(**unclear))
            return StoredLane(**row._asdict())

    async def release(
        self, held: StoredLane, now: datetime, not_before: datetime | None = None, stopped: str | None = None
    ) -> None:
        """Give a lane back: to be taken again when the first of its deliveries or rules is due.

        Not earlier than `not_before`; never, if it is `stopped`. Does nothing if it was lost to another holder.
        """
        async with self.database.writing() as connection:
            mine = (table.c.id == held.id, is_of(held))
            # A statement of its own: what it waits for, an opt-in made meanwhile, is seen by those that follow.
            if (await connection.execute(select(table.c.id).where(*mine).with_for_update())).one_or_none() is None:
                return
            first = None if stopped else await _first(connection, held.id)
            next_at = None if first is None else max(first, now, not_before or now)
            freed = {"held_by": None, "held_until": None, "stopped": stopped}
            await connection.execute(update(table).where(*mine).values(next_at=next_at, not_before=not_before, **freed))


async def wake(connection: AsyncConnection, lane_id: str, due: datetime | None) -> None:
    """Have a lane taken at `due` at the latest; made if it is not there, left alone if it is stopped.

    The first statement of whatever puts something into a lane: its holder then waits with the release.
    """
    insert = insert_into(connection, table).values(id=lane_id, platform=lane_id.partition(":")[0], next_at=due, fence=0)
    asked = insert.excluded.next_at
    earlier = case(
        (table.c.stopped.is_not(None), null()),
        (or_(table.c.next_at.is_(None), table.c.next_at > asked), func.coalesce(asked, table.c.next_at)),
        else_=table.c.next_at,
    )
    await connection.execute(insert.on_conflict_do_update(index_elements=[table.c.id], set_={"next_at": earlier}))


def is_of(held: StoredLane) -> ColumnElement[bool]:
    """Look whether a lane is still with its holder.

    The count alone does not tell: a lane that was deleted and made again counts its holders from the beginning.
    """
    return and_(table.c.fence == held.fence, table.c.held_by == held.held_by)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(table.c.held_until.is_(None), table.c.held_until < now)


def _is_open() -> ColumnElement[bool]:
    """Look whether the admins of the community that a lane stands for let nudges be sent."""
    shut = (house_rule.c.house == table.c.id, house_rule.c.rule == Freedom.NUDGES)
    return ~select(house_rule.c.house).where(*shut).exists()


async def _first(connection: AsyncConnection, lane_id: str) -> datetime | None:
    """Find when something in a lane is first to be done."""
    of_rules = select(func.min(rule.c.due_at)).where(rule.c.lane == lane_id, rule.c.due_at.is_not(None))
    of_deliveries = select(func.min(delivery.c.act_at)).where(
        delivery.c.lane == lane_id, delivery.c.act_at.is_not(None)
    )
    moments = (await connection.execute(select(of_rules.scalar_subquery(), of_deliveries.scalar_subquery()))).one()
    return min((moment for moment in moments if moment is not None), default=None)
