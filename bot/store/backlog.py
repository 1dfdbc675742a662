"""How much there is to do: what is due, what is being sent, which lanes are busy or at a stop. Knows no learner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, func, or_, select

from bot.house import Freedom
from bot.nudges.model import DeliveryState
from bot.store.tables import delivery, house_rule, lane, rule

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Backlog:
    """`due` by now and not begun; `claimed`: begun and not known to have ended; lanes `held` and `stopped`."""

    due: int
    claimed: int
    held: int
    stopped: int


async def backlog(database: Database, now: datetime) -> Backlog:
    """Count what there is to do at a moment; costs as much as that is, not as much as is kept."""
    held, stopped = lane.c.held_until >= now, lane.c.stopped.is_not(None)
    busy = select(lane.c.id).where(or_(lane.c.next_at <= now, lane.c.not_before > now, held, stopped))
    shut = house_rule.c.rule == Freedom.NUDGES
    busy = busy.where(lane.c.id.not_in(select(house_rule.c.house).where(shut)))
    pending = delivery.c.state == DeliveryState.PENDING
    counts = (
        _count(rule.c.lane.in_(busy), rule.c.due_at <= now),
        _count(delivery.c.lane.in_(busy), delivery.c.act_at <= now, pending),
        _count(delivery.c.act_at.is_not(None), ~pending),
        _count(held),
        _count(stopped),
    )
    async with database.reading() as connection:
        numbers: list[int] = [(await connection.execute(count)).scalar_one() for count in counts]
    return Backlog(numbers[0] + numbers[1], *numbers[2:])


def _count(*conditions: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).where(*conditions)
