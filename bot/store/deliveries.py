"""Deliveries as learners and operators see them: what was to go out, what became of it, how it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, update

from bot.nudges.model import Delivery, DeliveryState
from bot.store.database import insert_into
from bot.store.given import among, ids_given
from bot.store.lanes import wake
from bot.store.tables import delivery as table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select

    from bot.store.database import Database
    from bot.store.learners import StoredLearner

DELIVERY = tuple(table.c[field] for field in Delivery._fields)
_STATE = DELIVERY.index(table.c.state)
_TRIED = (
    DeliveryState.SENDING,
    DeliveryState.UNCLEAR,
    DeliveryState.UNKNOWN,
    DeliveryState.SENT,
    DeliveryState.ASSUMED,
    DeliveryState.REFUSED,
)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The deliveries of a store, by learner."""

    database: Database

    async def find(self, delivery_id: int, learner_id: int) -> Delivery | None:
        """Find a learner's delivery; somebody else's is none."""
        query = select(*DELIVERY).where(table.c.id == delivery_id, table.c.learner_id == learner_id)
        async with self.database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else read_delivery(row)

    async def of(self, learner_id: int, limit: int) -> tuple[Delivery, ...]:
        """List a learner's deliveries of every state, the newest first."""
        query = select(*DELIVERY).where(table.c.learner_id == learner_id).order_by(table.c.id.desc()).limit(limit)
        async with self.database.reading() as connection:
            return tuple(map(read_delivery, await connection.execute(query)))

    async def recent(self, learner_ids: Collection[int], limit: int = 4) -> Mapping[int, tuple[Delivery, ...]]:
        """List for each learner the deliveries that were tried, the newest first; nothing for who has none."""
        kind = self.database.kind
        asked = {**ids_given(kind, learner_ids), "limit": limit}
        found: dict[int, tuple[Delivery, ...]] = {}
        for delivery in await self.database.read(_recent(kind), read_delivery, asked):
            found[delivery.learner_id] = (*found.get(delivery.learner_id, ()), delivery)
        return found

    async def last_occurrence(self, learner_id: int) -> Delivery | None:
        """Find the last occurrence of a learner's rule that went out, or may have."""
        query = (
            select(*DELIVERY)
            .where(table.c.learner_id == learner_id, table.c.key.like("w:%"), table.c.state.in_(_TRIED[:-1]))
            .order_by(table.c.id.desc())
            .limit(1)
        )
        async with self.database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else read_delivery(row)

    async def add(self, learner: StoredLearner, key: str, due_at: datetime, parent_id: int | None = None) -> int | None:
        """Have something sent apart from the rule, and give its id; None if the key is there already."""
        row = new_delivery(learner.id, learner.lane, key, due_at) | {"parent_id": parent_id}
        async with self.database.writing() as connection:
            await wake(connection, learner.lane, due_at)
            adding = (
                insert_into(connection.dialect.name, table).values(row).on_conflict_do_nothing().returning(table.c.id)
            )
            added: int | None = (await connection.execute(adding)).scalar_one_or_none()
            return added

    async def answer(self, delivery_id: int, learner_id: int, word: str, at: datetime) -> bool:
        """Note how a learner answered a delivery; False if it is not theirs."""
        mine = update(table).where(table.c.id == delivery_id, table.c.learner_id == learner_id)
        async with self.database.writing() as connection:
            return (await connection.execute(mine.values(answer=word, answered_at=at))).rowcount == 1

    async def forget_before(self, moment: datetime, limit: int) -> int:
        """Delete deliveries that ended and were due before a moment, at most `limit` of them, and count them."""
        old = select(table.c.id).where(table.c.due_at < moment, table.c.act_at.is_(None)).order_by(table.c.id)
        async with self.database.writing() as connection:
            return (await connection.execute(delete(table).where(table.c.id.in_(old.limit(limit))))).rowcount


@cache
def _recent(kind: str) -> Select[Any]:
    """Take each learner's newest deliveries that were tried, up to a limit."""
    place = func.row_number().over(partition_by=table.c.learner_id, order_by=table.c.id.desc())
    tried = select(*DELIVERY, place.label("place")).where(among(kind, table.c.learner_id), table.c.state.in_(_TRIED))
    numbered = tried.subquery()
    columns = (numbered.c[column.name] for column in DELIVERY)
    first = select(*columns).where(numbered.c.place <= bindparam("limit"))
    return first.order_by(numbered.c.learner_id, numbered.c.place)


def new_delivery(learner_id: int, lane: str, key: str, due_at: datetime) -> dict[str, object]:
    """Make the row of a delivery that nothing was done about yet."""
    return {
        "learner_id": learner_id,
        "lane": lane,
        "key": key,
        "state": DeliveryState.PENDING,
        "due_at": due_at,
        "act_at": due_at,
        "attempt": 0,
        "repeated": False,
    }


def read_delivery(row: Sequence[Any]) -> Delivery:
    """Read a delivery from the columns of DELIVERY."""
    values = list(row)
    values[_STATE] = DeliveryState(values[_STATE])
    return Delivery(*values)
