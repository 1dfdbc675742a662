"""Some weeks of nudges on a simulated clock: the real rule, sweep and messages, with a learner made up from a seed.

Knows no screen; sends nothing to anybody.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.nudges.message import compose
from bot.nudges.outcome import CannotTell, Envelope, Lookup, Outcome, Pace, Platform, Sent
from bot.nudges.sweep import sweep
from bot.nudges.worker import Worker
from bot.reply import Button
from bot.request import Learner, Request

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.reply import Reply
    from bot.store.engine import Store

LEARNER = Learner("simulation", "somebody")
_DONE, _NOTHING, _OTHER = 6, 3, 1  # how often the first button is pressed, none, each of the others


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that happens: an answer to what was typed or pressed, or, where that is None, a nudge.

    `at` is in the learner's own time zone.
    """

    at: datetime
    asked: str | None
    reply: Reply


@dataclass(slots=True)
class World:
    """What moves in a simulation: its time, and the nudges that have arrived and were not shown yet."""

    at: datetime
    arrived: list[Reply] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        """Let time go by."""
        self.at += timedelta(seconds=seconds)

    async def send(self, envelope: Envelope) -> Outcome:
        """Take in a nudge."""
        if envelope.reply:
            self.arrived.append(envelope.reply)
        return Sent(str(envelope.delivery_id))

    async def look(self, _: Envelope) -> Lookup:
        """Find nothing: here nothing is ever in doubt."""
        return CannotTell("a simulation")


async def simulate(bot: Bot, line: str, start: datetime, weeks: int, seed: int) -> AsyncIterator[Scene]:
    """Type a `nudge` line at `start`, and go through the weeks that follow; the bot's store has to be empty.

    The same arguments give the same scenes. After each nudge the learner presses one of its buttons, or none.
    """
    world, whim = World(start), Random(seed)
    reply = await _say(bot, line, world, pressed=False)
    store = await bot.store()
    zone, worker = ZoneInfo(await _zone(store)), _worker(bot, store, world)
    yield Scene(start.astimezone(zone), line, reply)
    while (due := await _next(store)) and due <= start + timedelta(weeks=weeks):
        world.at = max(world.at, due)
        await sweep(worker)
        while world.arrived:
            nudge = world.arrived.pop()
            yield Scene(world.at.astimezone(zone), None, nudge)
            if button := _press(nudge, whim):
                world.at += timedelta(minutes=whim.randint(1, 600))
                answer = await _say(bot, button.line, world, pressed=True)
                yield Scene(world.at.astimezone(zone), button.label, answer)


def _worker(bot: Bot, store: Store, world: World) -> Worker:
    return Worker(
        name="simulation",
        store=store,
        platform=Platform(LEARNER.lane, world.send, world.look, Pace(per_second=1, in_flight=1)),
        compose=lambda nudge: compose(bot.pack, nudge),
        now=lambda: world.at,
        pause=world.pause,
    )


async def _zone(store: Store) -> str:
    """Return the zone of the rule that was made; UTC if none was."""
    stored = await store.learners.find(LEARNER)
    kept = await store.rules.of(stored.id) if stored else None
    return kept.rule.zone if kept else "UTC"


async def _next(store: Store) -> datetime | None:
    lane = await store.lanes.find(LEARNER.lane)
    return lane.next_at if lane else None


async def _say(bot: Bot, line: str, world: World, *, pressed: bool) -> Reply:
    return await bot.answer(Request(line, world.at, LEARNER, pressed=pressed))


def _press(nudge: Reply, whim: Random) -> Button | None:
    """Choose a button; the first is the likeliest."""
    buttons = [action for action in nudge.actions if isinstance(action, Button)]
    weights = [_DONE, *[_OTHER] * (len(buttons) - 1)] if buttons else []
    return whim.choices([*buttons, None], [*weights, _NOTHING])[0]
