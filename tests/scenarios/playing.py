"""Plays scenarios on a platform, each once, and remembers which commands were reached in which way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platforms import Clock

from bot.store.engine import open_store
from tests.scenarios.core import Core
from tests.scenarios.discord import on_discord
from tests.scenarios.seat import Stage, Way
from tests.scenarios.slack import on_slack
from tests.scenarios.stories import STORIES, Story
from tests.scenarios.terminal import on_terminal
from tests.scenarios.visit import Visit

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

SATURDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
STAGES: dict[str, Callable[[Path, Clock], AbstractAsyncContextManager[Any]]] = {
    "Terminal": on_terminal,
    "Slack, HTTP": partial(on_slack, name="Slack, HTTP"),
    "Slack, Socket Mode": partial(on_slack, name="Slack, Socket Mode"),
    "Discord": on_discord,
}


@dataclass(slots=True)
class Playing:
    """A platform, the core beside it, and what has been played."""

    stage: Stage
    core: Core
    played: dict[str, Visit] = field(default_factory=dict)

    async def play(self, story: Story) -> Visit:
        """Play a scenario, if it was not yet; at its end everything about who was in it is deleted."""
        if story.sentence not in self.played:
            visit = Visit(self.stage, self.core, 42_000 + 17 * STORIES.index(story))
            await story.tell(visit)
            await visit.leave()
            self.played[story.sentence] = visit
        return self.played[story.sentence]

    async def play_all(self) -> tuple[set[tuple[str, Way]], set[str]]:
        """Play all that can be played here; return which commands were reached how, and which a button leads to."""
        visits = [await self.play(story) for story in STORIES if self.stage.name not in story.without]
        return {pair for visit in visits for pair in visit.taken}, {door for visit in visits for door in visit.doors}


@asynccontextmanager
async def playing(name: str, folder: Path) -> AsyncIterator[Playing]:
    """Set up a platform by its name."""
    clock = Clock(SATURDAY)
    core = await open_store(f"sqlite:///{folder / 'core.sqlite3'}")
    async with aclosing(core) as store, STAGES[name](folder, clock) as stage:
        lane = stage.seat("0").learner().lane.partition(":")[0]
        yield Playing(stage, Core(store, clock, lane, stage.dm_of))
