"""What an operator does by hand: trace a learner's deliveries, pause a lane, look at house rules, erase a learner.

Prints facts of delivery only: no message, no task, nothing that a learner wrote.
"""

from __future__ import annotations

import sys
from contextlib import aclosing
from shlex import quote
from typing import TYPE_CHECKING

from bot.errors import UserError
from bot.request import Learner
from bot.store.engine import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.nudges.model import Delivery, KeptRule
    from bot.store.engine import Store
    from bot.store.learners import StoredLearner

_TRACED = 200  # deliveries; two years of two a week
_BY_HAND = "paused by an operator"


async def run_trace(url: str, named: str) -> int:
    """Print what became of a learner's deliveries, the newest first, a line each."""
    async with aclosing(await open_store(url)) as store:
        stored = await _stored(store, named)
        _write(_rule_line(stored, await store.rules.of(stored.id)))
        for delivery in await store.deliveries.of(stored.id, _TRACED):
            _write(_delivery_line(delivery))
    return 0


async def run_pause(url: str, lane: str) -> int:
    """Let nothing more begin in a lane; what is under way is finished."""
    async with aclosing(await open_store(url)) as store:
        if not await store.lanes.stop(lane, _BY_HAND):
            raise await _no_lane(store, lane)
    _write(f"Paused: nothing more begins in {lane}. It goes on with: waymark ops resume {quote(lane)}")
    return 0


async def run_resume(url: str, lane: str, now: datetime) -> int:
    """Let a lane go on."""
    async with aclosing(await open_store(url)) as store:
        if not await store.lanes.resume(lane, now):
            raise await _no_lane(store, lane)
    _write(f"Resumed: {lane} goes on with the next sweep.")
    return 0


async def run_rules(url: str, named: str | None) -> int:
    """Print what admins have hidden and forbidden in a community; without a name, in each that has rules."""
    async with aclosing(await open_store(url)) as store:
        houses = (await store.houses.find(named),) if named else await store.houses.all()
    for house in houses:
        _write(_line(house=house.id, hidden=_listed(house.hidden), forbidden=_listed(house.forbidden)))
    if not houses:
        _write("No admins have hidden or forbidden anything.")
    return 0


async def run_erase(url: str, named: str) -> int:
    """Delete all that is kept about a learner, and say how much it was."""
    async with aclosing(await open_store(url)) as store:
        counts = await store.personal.delete((await _stored(store, named)).id)
    kept = ", ".join(f"{number} {table}" for table, number in counts.items() if number)
    _write(f"Deleted {sum(counts.values())} rows, all that was kept about {named}: {kept}.")
    return 0


def _learner(named: str) -> Learner:
    lane, _, person = named.partition("/")
    if not lane or not person:
        raise UserError(f"{named} names nobody. Write a learner as LANE/PERSON, such as terminal/local.")
    return Learner(lane, person)


async def _stored(store: Store, named: str) -> StoredLearner:
    stored = await store.learners.find(_learner(named))
    if stored is None:
        raise UserError(f"Nothing is kept about {named}.")
    return stored


async def _no_lane(store: Store, lane: str) -> UserError:
    there = ", ".join((await store.lanes.ids())[:10]) or "none"
    return UserError(f"There is no lane {lane}. There are: {there}.")


def _rule_line(stored: StoredLearner, kept: KeptRule | None) -> str:
    if kept is None:
        return f"learner={stored.id} rule=none"
    due = kept.due.at if kept.due else None
    return _line(learner=stored.id, rule=kept.state, zone=kept.rule.zone, due=due, reason=kept.reason)


def _delivery_line(delivery: Delivery) -> str:
    return _line(
        id=delivery.id,
        key=delivery.key,
        state=delivery.state,
        due=delivery.due_at,
        held_to=delivery.held_to,
        started=delivery.started_at,
        ended=delivery.ended_at,
        next=delivery.act_at,
        attempt=delivery.attempt,
        reason=delivery.reason,
        answered=delivery.answered_at,
    )


def _listed(names: Iterable[str]) -> str:
    return ",".join(sorted(names)) or "nothing"


def _line(**fields: object) -> str:
    """Write what is known as `name=value`, moments to the second, in UTC."""
    return " ".join(f"{name}={value}" for name, value in _known(fields))


def _known(fields: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in fields.items():
        if value is not None:
            text = f"{value:%Y-%m-%dT%H:%M:%SZ}" if hasattr(value, "strftime") else str(value)
            yield name, _quoted(text)


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
