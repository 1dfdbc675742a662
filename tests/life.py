"""One learner over weeks: types lines, presses buttons, and gets nudges from a real sweep of a real store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.app import Bot
from bot.nudges.message import compose
from bot.nudges.model import KeptRule
from bot.reply import Button, Reply, buttons
from bot.request import Learner, Place, Request

if TYPE_CHECKING:
    from platforms import World


@dataclass(slots=True)
class Life:
    """What a learner does and sees; `last` is the answer or nudge that they look at."""

    bot: Bot
    world: World
    learner: Learner = field(default_factory=lambda: Learner("terminal", "asha"))
    last: Reply = field(default_factory=lambda: Reply(""))
    presses: int = 0

    def __post_init__(self) -> None:
        """Have the world send what the bot's pack says."""
        self.world.compose = partial(compose, self.bot.pack)

    async def say(self, line: str) -> Reply:
        self.last = await self.bot.answer(Request(line, self.world.clock.at, self.learner, Place.PRIVATE))
        return self.last

    async def press(self, label: str) -> Reply:
        """Press the one button whose label begins so; in a menu, too."""
        self.presses += 1
        found = [button for button in buttons(self.last) if button.label.startswith(label)]
        assert found, (label, self.labels())
        return await self.say(found[0].line)

    def labels(self) -> list[str]:
        return [button.label for button in buttons(self.last)]

    def shown(self) -> list[str]:
        """List the labels of the buttons and menus of what is looked at, those inside menus left out."""
        return [action.label for action in self.last.actions]

    def button(self, label: str) -> Button:
        return next(button for button in buttons(self.last) if button.label.startswith(label))

    async def rule(self) -> KeptRule:
        stored = await self.world.store.learners.find(self.learner)
        assert stored
        kept = await self.world.store.rules.of(stored.id)
        assert kept
        return kept

    async def sweep(self) -> list[Reply]:
        """Sweep now; return the nudges that arrived, and look at the last one."""
        before = len(self.world.platform.calls)
        await self.world.sweep()
        got = [call.reply for call in self.world.platform.calls[before:] if call.reply]
        if got:
            self.last = got[-1]
        return got

    async def to_next(self) -> Reply:
        """Let time pass until the next nudge is due, and return it."""
        due = (await self.rule()).due
        assert due
        self.world.clock.at = due.at
        (reply,) = await self.sweep()
        return reply

    def pass_to(self, at: datetime) -> None:
        self.world.clock.at = at

    def elsewhere(self, **changes: object) -> None:
        """Become somebody else, or be known differently."""
        self.learner = replace(self.learner, **changes)  # type: ignore[arg-type]
