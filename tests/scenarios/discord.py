"""Discord, played by its double for the real discord.py, as people on a server and in messages type and read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from discord.gateway import DiscordWebSocket
from discord.http import Route
from doubles.discord import PATIENCE, PRESS, TOKEN, Discord, Sent, user
from doubles.discord_limits import nested
from doubles.discord_people import _EMPTY_MESSAGE, BOT_DM, Person, text

from adapters.discord.app import Listener
from adapters.discord.connect import Gateway, point
from adapters.discord.options import options_of
from adapters.discord.send import Sender
from adapters.discord.shards import Shards
from bot.app import Bot
from bot.commands import COMMANDS
from bot.nudges.outcome import Outcome, Platform
from bot.nudges.outcome import Sent as Arrived
from bot.pack.load import shipped_pack
from bot.reply import Reply
from bot.request import Learner
from bot.store.engine import open_store
from tests.scenarios.seat import Extras, Offer, Seen, Way, Where

if TYPE_CHECKING:
    from platforms import Clock

_FRONT = re.compile(r"^(?:### |-# |\s*- )")
_MARKUP = re.compile(r"\\(.)|[*\u200b]")
_AWAY = re.compile(r" \(<t:\d+:R>\)")
_DRAIN = timedelta(seconds=PATIENCE)


@dataclass(slots=True)
class AtDiscord:
    """Somebody on a server, and in a conversation with the bot."""

    stage: OnDiscord
    person: Person
    known: set[str]
    came: list[Seen] = field(default_factory=list)

    def ways(self, line: str) -> tuple[Way, ...]:
        name, _, rest = line.partition(" ")
        command = COMMANDS.get(name)
        if command is None or rest.partition(" ")[0] in command.verbs or (rest and not options_of(command)):
            return (Way.MESSAGE,)
        return (Way.COMMAND, Way.MESSAGE)

    def learner(self) -> Learner:
        return Learner("discord", self.person.id)

    async def say(self, line: str, way: Way) -> Seen:
        if way is Way.COMMAND:
            name, _, rest = line.partition(" ")
            options = {options_of(COMMANDS[name])[0].name: rest} if rest else {}
            answer = await self.person.command(name, **options)
            await self._settled(answer)
            return _seen(answer)
        return await self._write(line)

    async def _write(self, line: str) -> Seen:
        """Write to the bot; what it sends besides came unasked."""
        discord = self.stage.discord
        channel = discord.dms.setdefault(self.person.id, f"7{self.person.id}")
        number = discord.new_id()
        data = {"id": number, "channel_id": channel, "author": user(self.person.id), "content": line}
        await discord.gateway.dispatch("MESSAGE_CREATE", data | _EMPTY_MESSAGE)
        while not str((await asyncio.wait_for(discord.posted_in(channel), PATIENCE)).body.get("nonce")).startswith(
            number
        ):
            pass
        await self.stage.listener.drain(_DRAIN)
        new = self._new()
        answers = [each for each in new if str(each.body.get("nonce")).startswith(number)]
        self.came += [_seen(each) for each in new if each not in answers]
        return replace(_seen(answers[-1]), text="\n".join(_seen(each).text for each in answers))

    async def press(self, seen: Seen, offer: Offer) -> Seen | None:
        place = seen.place
        assert isinstance(place, Sent)
        kind = {"custom_id": "menu 0", "component_type": 3, "values": [offer.wire]}
        data = kind if offer.way is Way.MENU else {"custom_id": offer.wire, "component_type": 2}
        person = replace(self.person, context=BOT_DM) if place.channel.startswith("7") else self.person
        told = await person.begin(PRESS, data, place)
        await asyncio.wait_for(told.done.wait(), PATIENCE)
        assert told.original
        await self._settled(told.original)
        return _seen(told.original) if told.original.id in self.stage.discord.messages else None

    async def _settled(self, answer: Sent) -> None:
        await self.stage.listener.drain(_DRAIN)
        self.came += [_seen(each) for each in self._new() if each is not answer]

    def look(self, seen: Seen) -> Seen:
        assert isinstance(seen.place, Sent)
        return _seen(seen.place)

    def inbox(self) -> list[Seen]:
        self.came += map(_seen, self._new())
        came, self.came = self.came, []
        return came

    def _new(self) -> list[Sent]:
        """Return the messages to this person that they have not seen yet."""
        every = [each for each in self.stage.discord.messages.values() if each.id not in self.known]
        self.known |= {each.id for each in every}
        return [each for each in every if each.channel == f"7{self.person.id}" or each.by == self.person.id]


def _seen(sent: Sent) -> Seen:
    offers = []
    for part in nested(sent.components):
        if part["type"] == 2:
            offers.append(Offer(part["label"], part["custom_id"]))
        offers += [Offer(each["label"], each["value"], Way.MENU) for each in part.get("options", ())]
    where = Where.DIRECT if sent.channel.startswith("7") else Where.PRIVATE if sent.ephemeral else Where.PUBLIC
    return Seen("\n".join(map(_bare, text(sent).splitlines())), tuple(offers), where, sent)


def _bare(line: str) -> str:
    """Take Discord's markup off a line."""
    return _MARKUP.sub(lambda found: found[1] or "", _AWAY.sub("", _FRONT.sub("", line)))


class OnDiscord:
    """A server with the bot in it."""

    name = "Discord"
    edits = True
    extras = Extras("Share", "Take back", "Continue in DM", r"Next page", r"Next page|Page before")

    def __init__(self, clock: Clock, discord: Discord, url: str) -> None:
        self.clock, self.discord, self.url = clock, discord, url
        self._running = AsyncExitStack()

    async def start(self) -> None:
        """Start the bot."""
        self.client = Gateway(Shards(), _at_once)
        self.bot = Bot(shipped_pack(), partial(open_store, self.url), direct=self._direct)
        self._running.push_async_callback(self.bot.close)
        self.store = await self.bot.store()
        self.listener = Listener(self.bot, self.clock.now, self.client, PATIENCE)
        self.client.event(self.listener.on_interaction)
        self.client.event(self.listener.on_message)
        await self._running.enter_async_context(self.client)
        await self.client.login(TOKEN)
        begun = len(self.discord.gateway.identified)
        self._connection = asyncio.create_task(self.client.connect())
        await self.discord.gateway.wait_identified(begun + 1)

    async def stop(self) -> None:
        """Stop the bot."""
        await self.client.close()
        await self._connection
        await self._running.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def _direct(self, learner: Learner, reply: Reply) -> Outcome:
        outcome = await Sender(self.client).direct(learner, reply)
        if isinstance(outcome, Arrived) and outcome.dm:
            await self.store.learners.set_dm(learner, outcome.dm)
        return outcome

    def seat(self, person: str) -> AtDiscord:
        return AtDiscord(self, Person(self.discord, person), set(self.discord.messages))

    def dm_of(self, person: str) -> str:
        return f"7{person}"

    def platform(self) -> Platform:
        return Sender(self.client).platform()


@asynccontextmanager
async def on_discord(folder: Path, clock: Clock) -> AsyncIterator[OnDiscord]:
    """Play Discord with the bot in it; at the end, nothing that Discord would refuse must have come."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with Discord().served() as discord:
        point(discord.api_url, discord.gateway_url)
        stage = OnDiscord(clock, discord, f"sqlite:///{folder / 'discord.sqlite3'}")
        await stage.start()
        yield stage
        await stage.stop()
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before
    assert discord.refused == []


async def _at_once(_: int) -> None:
    """Let a shard identify."""
