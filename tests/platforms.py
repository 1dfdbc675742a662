"""A platform, a clock and a few learners to sweep for: doubles that remember what was asked of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from bot.nudges.calendar import Rule, next_occurrence
from bot.nudges.model import Delivery, DeliveryState, KeptRule, Message, Nudge
from bot.nudges.outcome import Absent, Envelope, Found, Lookup, Outcome, Pace, Platform, Sent
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.reply import Reply
from bot.request import Learner
from bot.store.engine import Store
from bot.store.learners import StoredLearner

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEKLY = Rule(frozenset({0}), time(9), "UTC")
DAILY = Rule(frozenset(range(7)), time(9), "UTC")
UNPACED = Pace(float("inf"), 100)


@dataclass(slots=True)
class Clock:
    """Stands still until it is told to move on, or somebody pauses."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    def forward(self, **duration: float) -> datetime:
        self.at += timedelta(**duration)
        return self.at


Item = TypeVar("Item")
Answer = Outcome | Exception | Callable[[Envelope], Awaitable[Outcome]]


@dataclass(slots=True)
class Double:
    """A platform that keeps what it accepts; `answers` are given first, then everything is accepted."""

    answers: list[Answer] = field(default_factory=list)
    finds: list[Lookup | Exception] = field(default_factory=list)
    calls: list[Envelope] = field(default_factory=list)
    looks: list[Envelope] = field(default_factory=list)
    arrived: dict[int, list[Envelope]] = field(default_factory=dict)

    async def send(self, envelope: Envelope) -> Outcome:
        self.calls.append(envelope)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return await answer(envelope)
        if answer is None or isinstance(answer, Sent):
            self.arrived.setdefault(envelope.delivery_id, []).append(envelope)
        return answer or Sent(f"message {envelope.delivery_id}")

    async def look(self, envelope: Envelope) -> Lookup:
        self.looks.append(envelope)
        if self.finds:
            found = self.finds.pop(0)
            if isinstance(found, Exception):
                raise found
            return found
        there = envelope.delivery_id in self.arrived
        return Found(f"message {envelope.delivery_id}") if there else Absent()

    def people(self) -> list[str]:
        """List who was called, in order."""
        return [call.person for call in self.calls]


class Killed(BaseException):
    """The end of a worker: nothing in it catches this, and nothing that it still tries has an effect."""


@dataclass(slots=True)
class Life:
    """So many steps until a worker is killed; None for one that lives on."""

    left: int | None = None

    def step(self) -> None:
        """Go on, if there is life left."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


class Mortal:
    """A part of the store, or a platform, as a worker sees it that is killed before or after one of its calls."""

    def __init__(self, part: object, life: Life, after: Callable[[str], None] = lambda _: None) -> None:
        self._part, self._life, self._after = part, life, after

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        """Make a method of the part, around which the worker can end."""

        async def call(*arguments: object) -> object:
            self._life.step()
            result = await getattr(self._part, name)(*arguments)
            self._after(name)
            self._life.step()
            return result

        return call


def mortal(store: Store, life: Life, after: Callable[[str], None] = lambda _: None) -> Store:
    """Give the store to a worker that has so long to live; `after` hears the name of each statement that was made."""
    parts = {
        name: Mortal(getattr(store, name), life, after)
        for name in ("lanes", "rules", "queue", "deliveries", "progress")
    }
    return replace(store, **parts)  # type: ignore[arg-type]


def plain_message(nudge: Nudge) -> Message:
    """Write the least that can be sent."""
    return Message(Reply(f"nudge {nudge.delivery.id}{' late' if nudge.late else ''}"), task="t")


@dataclass(slots=True)
class World:
    """One store with learners, a platform that nudges them, and a clock."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    platform: Double = field(default_factory=Double)
    pace: Pace = UNPACED
    compose: Callable[[Nudge], Message] = plain_message
    name: str = "terminal"

    def worker(self, name: str = "worker", **changes: object) -> Worker:
        """Make a worker of this world."""
        platform = Platform(self.name, self.platform.send, self.platform.look, self.pace)
        parts = {"store": self.store, "now": self.clock.now, "pause": self.clock.pause} | changes
        return Worker(name, platform=platform, compose=self.compose, **parts)  # type: ignore[arg-type]

    async def sweep(self) -> dict[DeliveryState, int]:
        """Sweep once."""
        return dict(await sweep(self.worker()))

    async def learner(self, person: str = "ana", rule: Rule = WEEKLY, lane: str = "terminal") -> StoredLearner:
        """Make a learner with a rule; its first occurrence is now, or the next one."""
        learner = await self.store.learners.ensure(Learner(lane, person), self.clock.now())
        due = next_occurrence(rule, self.clock.now() - timedelta(seconds=1))
        await self.store.rules.set(learner, rule, due, self.clock.now())
        return learner

    async def rule(self, learner: StoredLearner) -> KeptRule:
        """Read a rule that is there."""
        kept = await self.store.rules.of(learner.id)
        assert kept
        return kept

    async def deliveries(self, learner: StoredLearner) -> tuple[Delivery, ...]:
        """List a learner's deliveries, the oldest first."""
        return tuple(reversed(await self.store.deliveries.of(learner.id, 1000)))

    async def states(self, learner: StoredLearner) -> list[tuple[DeliveryState, str | None]]:
        """List what became of a learner's deliveries, the oldest first."""
        return [(one.state, one.reason) for one in await self.deliveries(learner)]


def only(items: Iterable[Item]) -> Item:
    """Take the one item that there is."""
    (item,) = items
    return item
