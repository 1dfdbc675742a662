"""The lanes that deliveries go out on: who holds one, until when, and when something in it is next to be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, case, delete, func, null, or_, select, update

from bot.house import Freedom
from bot.nudges.model import DeliveryState
from bot.store.database import insert_into
from bot.store.tables import delivery, house_rule, learner, rule
from bot.store.tables import lane as table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

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


_NOW = bindparam("now", type_=table.c.next_at.type)
_IN_LANE = bindparam("in_lane", type_=table.c.id.type)
_IS_FREE = or_(table.c.held_until.is_(None), table.c.held_until < _NOW)
# Whether the admins of the community that a lane stands for let nudges be sent.
_IS_OPEN = ~(
    select(house_rule.c.house).where(house_rule.c.house == table.c.id, house_rule.c.rule == Freedom.NUDGES).exists()
)
# Whether a lane is still with its holder. The count alone does not tell: a lane that was deleted and made again counts
# its holders from the beginning.
IS_HELD = and_(
    table.c.id == bindparam("held"),
    table.c.fence == bindparam("held_fence"),
    table.c.held_by == bindparam("holder"),
)

_DUE = (
    select(table)
    .where(
        table.c.platform == bindparam("of_platform"),
        table.c.next_at <= _NOW,
        or_(table.c.not_before.is_(None), table.c.not_before <= _NOW),
        _IS_FREE,
        _IS_OPEN,
    )
    .order_by(table.c.next_at)
    .limit(bindparam("limit"))
)
_TAKE = (
    update(table)
    .where(
        table.c.id == bindparam("seen"),
        table.c.fence == bindparam("seen_fence"),
        table.c.stopped.is_(None),
        _IS_FREE,
        _IS_OPEN,
    )
    .values(fence=table.c.fence + 1, held_by=bindparam("holder"), held_until=bindparam("until"))
    .returning(*table.c)
)
_RECOVER = (
    update(delivery)
    .where(
        delivery.c.lane == _IN_LANE,
        delivery.c.act_at.is_not(None),
        delivery.c.state == DeliveryState.SENDING,
        delivery.c.fence < bindparam("before"),
    )
    .values(state=DeliveryState.UNCLEAR, act_at=bindparam("look_at"), reason="its worker was gone")
)
_MINE = select(table.c.id).where(IS_HELD).with_for_update()
_FREE = (
    update(table)
    .where(IS_HELD)
    .values(
        next_at=bindparam("first"),
        not_before=bindparam("not_earlier"),
        stopped=bindparam("why"),
        held_by=None,
        held_until=None,
    )
)
_FIRST = select(
    select(func.min(rule.c.due_at)).where(rule.c.lane == _IN_LANE, rule.c.due_at.is_not(None)).scalar_subquery(),
    select(func.min(delivery.c.act_at))
    .where(delivery.c.lane == _IN_LANE, delivery.c.act_at.is_not(None))
    .scalar_subquery(),
)


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
        asked = {"of_platform": platform, "now": now, "limit": limit}
        async with self.database.reading() as connection:
            return tuple(StoredLane(**row._asdict()) for row in await connection.execute(_DUE, asked))

    async def take(
        self, seen: StoredLane, holder: str, now: datetime, until: datetime, look_at: datetime
    ) -> StoredLane | None:
        """Hold a lane until a moment, as it was seen; None if somebody else was quicker.

        What an earlier holder began and did not end becomes unclear, to be looked up from `look_at` on.
        """
        taken = {"seen": seen.id, "seen_fence": seen.fence, "now": now, "holder": holder, "until": until}
        async with self.database.writing() as connection:
            row = (await connection.execute(_TAKE, taken)).one_or_none()
            if row is None:
                return None
            await connection.execute(_RECOVER, {"in_lane": row.id, "before": row.fence, "look_at": look_at})
            return StoredLane(**row._asdict())

    async def release(
        self, held: StoredLane, now: datetime, not_before: datetime | None = None, stopped: str | None = None
    ) -> None:
        """Give a lane back: to be taken again when the first of its deliveries or rules is due.

        Not earlier than `not_before`; never, if it is `stopped`. Does nothing if it was lost to another holder.
        """
        mine = holding(held)
        async with self.database.writing() as connection:
            # A statement of its own: what it waits for, an opt-in made meanwhile, is seen by those that follow.
            if (await connection.execute(_MINE, mine)).one_or_none() is None:
                return
            first = None if stopped else await _first(connection, held.id)
            next_at = None if first is None else max(first, now, not_before or now)
            await connection.execute(_FREE, {**mine, "first": next_at, "not_earlier": not_before, "why": stopped})


async def wake(connection: AsyncConnection, lane_id: str, due: datetime | None) -> None:
    """Have a lane taken at `due` at the latest; made if it is not there, left alone if it is stopped.

    The first statement of whatever puts something into a lane: its holder then waits with the release.
    """
    insert = insert_into(connection.dialect.name, table).values(
        id=lane_id, platform=lane_id.partition(":")[0], next_at=due, fence=0
    )
    asked = insert.excluded.next_at
    earlier = case(
        (table.c.stopped.is_not(None), null()),
        (or_(table.c.next_at.is_(None), table.c.next_at > asked), func.coalesce(asked, table.c.next_at)),
        else_=table.c.next_at,
    )
    await connection.execute(insert.on_conflict_do_update(index_elements=[table.c.id], set_={"next_at": earlier}))


def holding(held: StoredLane) -> Mapping[str, object]:
    """Give a hold on a lane as the parameters of `IS_HELD`."""
    return {"held": held.id, "held_fence": held.fence, "holder": held.held_by}


async def _first(connection: AsyncConnection, lane_id: str) -> datetime | None:
    """Find when something in a lane is first to be done."""
    moments = (await connection.execute(_FIRST, {"in_lane": lane_id})).one()
    return min((moment for moment in moments if moment is not None), default=None)
