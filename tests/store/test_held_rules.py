"""Who wants nudges and could not be reached, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, time

from bot.nudges.calendar import Rule, next_occurrence
from bot.nudges.model import Ending, RuleState
from bot.request import Learner
from bot.store.engine import Store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WEEKLY = Rule(frozenset({0}), time(9), "UTC")


async def test_only_those_are_listed_who_wait_or_were_refused_in_this_lane(store: Store) -> None:
    for lane, person, state in (
        ("discord", "waiting", None),
        ("discord", "refused", RuleState.SUSPENDED),
        ("discord", "paused", RuleState.PAUSED),
        ("discord", "active", RuleState.ACTIVE),
        ("slack:T1", "elsewhere", RuleState.SUSPENDED),
    ):
        learner = await store.learners.ensure(Learner(lane, person), NOW)
        await store.rules.set(learner, WEEKLY, next_occurrence(WEEKLY, NOW) if state else None, NOW)
        if state not in {None, RuleState.ACTIVE}:
            await store.rules.halt(learner.id, Ending(state, "closed"), NOW)
    assert await store.rules.held("discord") == {"waiting": "", "refused": "closed"}
