"""The terminal's chat, as one person at it types and reads."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.terminal.chat import Chat
from adapters.terminal.screen import screen
from adapters.terminal.send import terminal
from bot.app import Bot
from bot.nudges.outcome import Platform
from bot.pack.load import shipped_pack
from bot.reply import Button, Menu, Reply
from bot.request import Learner, Request
from bot.store.engine import Store, open_store
from tests.scenarios.seat import Extras, Offer, Seen, Way, Where

if TYPE_CHECKING:
    from platforms import Clock


@dataclass(slots=True)
class AtTerminal:
    """A chat: what it writes goes to `out`."""

    stage: OnTerminal
    person: str
    out: io.StringIO = field(default_factory=io.StringIO)
    chat: Chat = field(init=False)
    came: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the chat."""
        self.chat = Chat(self._answer, screen(self.out, {}, numbered=True))

    async def _answer(self, text: str, *, pressed: bool) -> Reply:
        return await self.stage.bot.answer(Request(text, self.stage.clock.now(), self.learner(), pressed=pressed))

    def ways(self, _line: str) -> tuple[Way, ...]:
        return (Way.TYPED,)

    def learner(self) -> Learner:
        return Learner("terminal", self.person)

    async def say(self, line: str, _way: Way) -> Seen:
        begun = len(self.out.getvalue())
        await self.chat.take(line)
        return self._seen(begun)

    async def press(self, _seen: Seen, offer: Offer) -> Seen | None:
        """Type the number of a choice, or the line that it carries where other choices stand there by now."""
        for number, action in enumerate(self.chat.choices, start=1):
            if isinstance(action, Button) and (action.label, action.line) == (offer.label, offer.wire):
                return await self.say(str(number), Way.BUTTON)
            if isinstance(action, Menu) and Button(offer.label, offer.wire) in action.options:
                await self.say(str(number), Way.MENU)
                return await self.say(str(action.options.index(Button(offer.label, offer.wire)) + 1), Way.MENU)
        return await self.say(offer.wire, Way.TYPED)

    def look(self, seen: Seen) -> Seen:
        return seen

    def inbox(self) -> list[Seen]:
        came, self.came = self.came, []
        return came

    async def bring(self, reply: Reply) -> None:
        begun = len(self.out.getvalue())
        self.chat.bring(reply)
        self.came.append(self._seen(begun))

    def _seen(self, begun: int) -> Seen:
        answer, _, _ = self.out.getvalue()[begun:].partition("\n\n1. ")
        offers = []
        for action in self.chat.choices:
            options = action.options if isinstance(action, Menu) else (action,)
            way = Way.MENU if isinstance(action, Menu) else Way.BUTTON
            offers += [Offer(each.label, each.line, way) for each in options]
        return Seen(answer, tuple(offers), Where.PRIVATE, self)


class OnTerminal:
    """Terminals on one store."""

    name = "Terminal"
    extras = Extras()
    edits = False

    def __init__(self, clock: Clock, store: Store, url: str) -> None:
        self.clock, self.store, self.url = clock, store, url
        self.seats: dict[str, AtTerminal] = {}
        self._open()

    def _open(self) -> None:
        async def opened() -> Store:
            return self.store

        self.bot = Bot(shipped_pack(), opened)

    def seat(self, person: str) -> AtTerminal:
        self.seats[person] = AtTerminal(self, person)
        return self.seats[person]

    def dm_of(self, _person: str) -> None:
        return None

    def platform(self) -> Platform:
        return terminal(self._show, 1000)

    async def _show(self, reply: Reply) -> None:
        await self.now_due.bring(reply)

    @property
    def now_due(self) -> AtTerminal:
        """The one who sits there: the last who came."""
        return list(self.seats.values())[-1]

    async def restart(self) -> None:
        await self.store.aclose()
        self.store = await open_store(self.url)
        self._open()


@asynccontextmanager
async def on_terminal(folder: Path, clock: Clock) -> AsyncIterator[OnTerminal]:
    """Open a store for terminals."""
    url = f"sqlite:///{folder / 'terminal.sqlite3'}"
    stage = OnTerminal(clock, await open_store(url), url)
    yield stage
    await stage.store.aclose()
