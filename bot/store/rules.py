"""When learners want to be nudged, and whether they do at present. What is due is computed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from bot.nudges.calendar import Occurrence, Rule
from bot.nudges.model import DeliveryState, Ending, KeptRule, RuleState
from bot.store.database import insert_into
from bot.store.lanes import wake
from bot.store.learners import LEARNER, StoredLearner
from bot.store.tables import delivery, learner
from bot.store.tables import rule as table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, time

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.database import Database

RULE = (
    table.c.learner_id,
    table.c.lane,
    table.c.days,
    table.c.at,
    table.c.zone,
    table.c.due_at,
    table.c.due_on,
    table.c.paused_until,
    table.c.state,
    table.c.reason,
    table.c.discreet,
    table.c.weeks,
)
_DUE = (
    select(*LEARNER, *RULE)
    .join_from(table, learner)
    .where(table.c.lane == bindparam("in_lane"), table.c.due_at <= bindparam("now"))
    .order_by(table.c.due_at)
    .limit(bindparam("limit"))
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a store, at most one a learner."""

    database: Database

    async def of(self, learner_id: int) -> KeptRule | None:
        """Find a learner's rule, whatever its state."""
        async with self.database.reading() as connection:
            row = (await connection.execute(select(*RULE).where(table.c.learner_id == learner_id))).one_or_none()
        return None if row is None else read_rule(row)

    async def held(self, lane: str) -> dict[str, str]:
        """List who in a lane wants nudges and could not be reached, by person, with the reason that is kept."""
        query = (
            select(learner.c.person, table.c.reason)
            .join(table, table.c.learner_id == learner.c.id)
            .where(table.c.lane == lane, table.c.state.in_((RuleState.WAITING, RuleState.SUSPENDED)))
        )
        async with self.database.reading() as connection:
            return {person: reason or "" for person, reason in await connection.execute(query)}

    async def set(self, learner: StoredLearner, rule: Rule, due: Occurrence | None, at: datetime) -> None:
        """Keep a learner's rule in place of any before; without `due` it waits for `resume`.

        What was pending for the rule before is cancelled.
        """
        values = {
            "lane": learner.lane,
            "days": " ".join(_DAYS[day] for day in sorted(rule.days)),
            "at": rule.at,
            "zone": rule.zone,
            "state": RuleState.ACTIVE if due else RuleState.WAITING,
            "paused_until": None,
            "reason": None,
            **_due(due),
        }
        async with self.database.writing() as connection:
            await wake(connection, learner.lane, due.at if due else None)
            insert = insert_into(connection.dialect.name, table).values(learner_id=learner.id, discreet=False, **values)
            await connection.execute(insert.on_conflict_do_update(index_elements=[table.c.learner_id], set_=values))
            await _cancel(connection, learner.id, "the rule was changed", at)

    async def resume(
        self, learner: StoredLearner, due: Occurrence, at: datetime, paused_until: datetime | None = None
    ) -> bool:
        """Make a rule active, next at `due`; False if there is none.

        Also pauses for a time (`paused_until` is what the learner is then shown) and leaves one occurrence out:
        what was pending is cancelled.
        """
        values = {"state": RuleState.ACTIVE, "reason": None, "paused_until": paused_until, **_due(due)}
        async with self.database.writing() as connection:
            await wake(connection, learner.lane, due.at)
            resumed = update(table).where(table.c.learner_id == learner.id).values(**values)
            if (await connection.execute(resumed)).rowcount == 0:
                return False
            await _cancel(connection, learner.id, "moved to a later date", at)
            return True

    async def halt(self, learner_id: int, ending: Ending, at: datetime) -> bool:
        """Pause, stop or suspend a rule; what was pending is cancelled. False if there is none."""
        async with self.database.writing() as connection:
            return await halt(connection, learner_id, ending, at)

    async def set_discreet(self, learner_id: int, *, discreet: bool) -> None:
        """Choose whether the text of a nudge names role and task before it is opened."""
        async with self.database.writing() as connection:
            await connection.execute(update(table).where(table.c.learner_id == learner_id).values(discreet=discreet))

    async def set_weeks(self, learner_id: int, *, weeks: bool) -> None:
        """Choose whether the weeks in which the learner did something are counted and shown."""
        async with self.database.writing() as connection:
            await connection.execute(update(table).where(table.c.learner_id == learner_id).values(weeks=weeks))

    async def due(self, lane_id: str, now: datetime, limit: int) -> list[tuple[StoredLearner, KeptRule]]:
        """List the rules of a lane whose next occurrence is due, with whose they are, the longest waiting first."""
        return await self.database.read(_DUE, _read_due, {"in_lane": lane_id, "now": now, "limit": limit})


async def halt(
    connection: AsyncConnection, learner_id: int, ending: Ending, at: datetime, *, active: bool = False
) -> bool:
    """Leave a learner's rule without a next occurrence; with `active`, only one that has not been halted before."""
    halting = update(table).where(table.c.learner_id == learner_id)
    if active:
        halting = halting.where(table.c.state == RuleState.ACTIVE)
    values = {"state": ending.state, "reason": ending.reason, "paused_until": None, **_due(None)}
    if (await connection.execute(halting.values(**values))).rowcount == 0:
        return False
    await _cancel(connection, learner_id, f"the rule is {ending.state}: {ending.reason}", at)
    return True


async def _cancel(connection: AsyncConnection, learner_id: int, reason: str, at: datetime) -> None:
    """End what is pending for a learner's rule: its occurrences, and what was put off; not a trial."""
    pending = update(delivery).where(
        delivery.c.learner_id == learner_id,
        delivery.c.state == DeliveryState.PENDING,
        delivery.c.key.not_like("t:%"),
    )
    await connection.execute(pending.values(state=DeliveryState.CANCELLED, act_at=None, ended_at=at, reason=reason))


def _due(due: Occurrence | None) -> dict[str, object]:
    return {"due_at": due.at if due else None, "due_on": due.day if due else None}


def _read_due(row: Sequence[Any]) -> tuple[StoredLearner, KeptRule]:
    return StoredLearner._make(row[: len(LEARNER)]), read_rule(row[len(LEARNER) :])


def read_rule(row: Sequence[Any]) -> KeptRule:
    """Read a rule from the columns of RULE."""
    learner_id, lane, days, at, zone, due_at, due_on, paused_until, state, reason, discreet, weeks = row
    due = None if due_at is None else Occurrence(due_on, due_at)
    kept = _rule(days, at, zone)
    return KeptRule(learner_id, lane, kept, RuleState(state), due, paused_until, reason, discreet, weeks)


@lru_cache(maxsize=4096)  # a popular hour is one rule, however many have chosen it
def _rule(days: str, at: time, zone: str) -> Rule:
    return Rule(frozenset(map(_DAYS.index, days.split())), at, zone)
