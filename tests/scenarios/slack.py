"""Slack, played over real HTTP or Socket Mode for the real Bolt, as people in a workspace type and read."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

from adapters.slack.run import assembled
from adapters.slack.sockets import connect
from adapters.slack.web import Web
from bot.commands import COMMANDS
from bot.nudges.outcome import Platform
from bot.request import Learner
from tests.doubles.slack import APP_TOKEN, HttpWay, Message, People, Slack, direct_of, playing_slack
from tests.doubles.slack_bench import served, settings_for
from tests.scenarios.seat import Extras, Offer, Seen, Way, Where

if TYPE_CHECKING:
    from platforms import Clock

_BAR = re.compile(r"\n[█░]+ ")
_BARE = frozenset(COMMANDS)


@dataclass(slots=True)
class AtSlack:
    """Somebody in a workspace."""

    stage: OnSlack
    person: str
    known: int = 0
    came: list[Seen] = field(default_factory=list)

    def ways(self, line: str) -> tuple[Way, ...]:
        typed = (Way.COMMAND,) if line.partition(" ")[0] in _BARE else ()
        return (*typed, Way.MESSAGE, Way.MENTION)

    def learner(self) -> Learner:
        return Learner("slack:T1", self.person, "Asia/Kolkata", overseen=True)

    async def say(self, line: str, way: Way) -> Seen:
        people = self.stage.people
        match way:
            case Way.COMMAND:
                name, _, text = line.partition(" ")
                await people.command(f"/{name}", text, user=self.person)
            case Way.MENTION:
                await people.mention(line, user=self.person)
            case _:
                await people.write(line, user=self.person)
        new = await self._new()
        answer = [each for each in new if (each.channel == direct_of(self.person)) is (way is Way.MESSAGE)][-1]
        self.came += [_seen(each) for each in new if each is not answer]
        return _seen(answer)

    async def press(self, seen: Seen, offer: Offer) -> Seen | None:
        place = seen.place
        assert isinstance(place, Message)
        label = offer.label if offer.label in place.labels() else next(iter(place.labels()))
        await self.stage.people.press(place, label, user=self.person, value=offer.wire)
        new = await self._new()
        here = [each for each in new if each.channel == place.channel and not place.channel.startswith("D")]
        self.came += [_seen(each) for each in new if each not in here]
        if here:
            return _seen(here[-1])
        return None if place.deleted else _seen(place)

    def look(self, seen: Seen) -> Seen:
        assert isinstance(seen.place, Message)
        return _seen(seen.place)

    def inbox(self) -> list[Seen]:
        self.came += [_seen(each) for each in self._unread()]
        came, self.came = self.came, []
        return came

    async def _new(self) -> list[Message]:
        """Wait for all that goes on, and return what this person has not seen yet."""
        await self.stage.assembly.desk.drain()
        return self._unread()

    def _unread(self) -> list[Message]:
        every = self.stage.slack.messages
        new, self.known = every[self.known :], len(every)
        own = direct_of(self.person)
        return [each for each in new if each.to in {None, self.person} and each.channel in {own, "C1"}]


def _seen(message: Message) -> Seen:
    where = Where.PRIVATE if message.to else Where.DIRECT if message.channel.startswith("D") else Where.PUBLIC
    blocks = message.payload.get("blocks", [])
    offers = []
    for element in (each for block in blocks if block["type"] == "actions" for each in block["elements"]):
        way = Way.MENU if "options" in element else Way.BUTTON
        offers += [Offer(each["text"]["text"], each["value"], way) for each in element.get("options", [element])]
    shown = "\n".join(_words(block) for block in blocks) if blocks else message.text
    return Seen(html.unescape(shown), tuple(offers), where, message, html.unescape(message.text))


def _words(block: Any) -> str:  # noqa: ANN401 - a block of Slack's, or a part of one
    """Write what a block shows, a line for each line of it."""
    match block["type"]:
        case "header":
            return str(block["text"]["text"])
        case "context":
            return "".join(each["text"] for each in block["elements"])
        case "rich_text" | "rich_text_list":
            return "\n".join(map(_words, block["elements"]))
        case "rich_text_section":
            return _BAR.sub(": ", "".join(each["text"] for each in block["elements"]))
    return ""


class OnSlack:
    """A workspace with the bot in it, reached by `way`."""

    edits = True
    extras = Extras("Share here", "Take it back", None, r"Page \d+ of \d+", r"Page \d+ of \d+|Back to page \d+")

    def __init__(self, name: str, clock: Clock, slack: Slack, folder: Path) -> None:
        self.name, self.clock, self.slack = name, clock, slack
        self._settings = settings_for(slack, folder)
        self._running = AsyncExitStack()

    async def start(self) -> None:
        """Start the bot."""
        enter = self._running.enter_async_context
        self.assembly = await enter(assembled(*self._settings, self.clock.now))
        self.store = await self.assembly.bot.store()
        if self.name.endswith("HTTP"):
            session = await enter(aiohttp.ClientSession())
            address = await enter(served(Web(self.assembly.app, _well)))
            self.people = People(self.slack, HttpWay(address, session))
        else:
            await enter(connect(self.assembly.app, self.assembly.client, APP_TOKEN))
            while not self.slack.sockets:  # noqa: ASYNC110 - it is the other side that connects
                await asyncio.sleep(0.01)
            self.people = People(self.slack, self.slack.envelope)

    async def stop(self) -> None:
        """Stop the bot."""
        await self._running.aclose()
        while self.slack.sockets:  # noqa: ASYNC110 - it is the other side that leaves
            await asyncio.sleep(0.01)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def seat(self, person: str) -> AtSlack:
        return AtSlack(self, f"U{person}", known=len(self.slack.messages))

    def dm_of(self, person: str) -> str:
        return direct_of(person)

    def platform(self) -> Platform:
        return self.assembly.sender.platform()


@asynccontextmanager
async def on_slack(folder: Path, clock: Clock, name: str) -> AsyncIterator[OnSlack]:
    """Play Slack with the bot in it; at the end, nothing that Slack would refuse must have come."""
    async with playing_slack() as slack:
        stage = OnSlack(name, clock, slack, folder)
        await stage.start()
        yield stage
        await stage.stop()
        assert slack.violations == [], slack.violations


async def _well() -> None:
    """Be well."""
