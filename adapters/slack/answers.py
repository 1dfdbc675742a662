"""The bot's answers as Slack's messages: asked for, rendered, with the buttons to turn the page and to share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.slack.parts import Json
from adapters.slack.render import Around, message
from bot.cache import keep
from bot.command import LINE_LIMIT, Command, Effect
from bot.house import Freedom
from bot.line import Understood, canonical, find_command
from bot.reading import parse
from bot.request import Place, Request
from bot.wire import to_wire

if TYPE_CHECKING:
    from adapters.slack.names import Names
    from adapters.slack.people import People, Person
    from bot.app import Bot
    from bot.house import House, Rules
    from bot.reply import Reply

SHARE = "Share here"
Ready = tuple[str, bool, "Rules"]  # a text, whether to offer Share, what is hidden or forbidden
_CACHED = 2048  # messages; some ten megabytes


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text means to the adapter: its command if it is one, and the line that would ask the same again."""

    command: Command | None = None
    line: str | None = None

    @property
    def personal(self) -> bool:
        """Whether the answer is for who asked alone."""
        return self.command is None or self.command.personal

    @property
    def changes(self) -> bool:
        """Whether something may be different afterwards."""
        return self.command is not None and self.command.effect is not Effect.READ


@dataclass(frozen=True, slots=True)
class Answers:
    """A bot's answers, each in the form of a message without its address."""

    bot: Bot
    names: Names
    people: People
    now: Callable[[], datetime]
    ready: dict[Ready, tuple[Reply, str]]  # bodies of impersonal answers

    def meant(self, text: str) -> Meant:
        """Read a text as far as the adapter has to know it."""
        read = parse(text, self.bot.commands, self.bot.vocabulary)
        if not isinstance(read, Understood):
            return Meant()
        line = canonical(read.call)
        repeatable = not read.call.words and len(line) <= LINE_LIMIT
        return Meant(find_command(read.call.path, self.bot.commands), line if repeatable else None)

    async def private(self, person: Person, text: str, *, page: int = 1, shared: bool, pressed: bool = False) -> Json:
        """Answer one person alone; `shared` offers to show the answer to all who are there, if it is for everybody."""
        meant = self.meant(text)
        at = self.now()
        learner = await self.people.learner(person, at) if meant.personal and meant.command else person.learner()
        house = await self.house(person)
        admin = bool(meant.command and meant.command.admin) and await self._is_admin(person, meant, at)
        asked = Request(text, at, learner, Place.PRIVATE, pressed=pressed, house=house, admin=admin)
        reply = await self.bot.answer(asked)
        more = self._share(meant.line, page, house) if shared and not meant.personal else ()
        return message(reply, self.names, Around(meant.line, page, more))

    async def _is_admin(self, person: Person, meant: Meant, at: datetime) -> bool:
        """Ask anew before anything is changed; to show it, what was said lately is enough."""
        return await (self.people.is_admin(person, at) if meant.changes else self.people.lately_admin(person, at))

    async def house(self, person: Person) -> House:
        """Return the rules that hold where somebody asks."""
        return await self.bot.house(person.lane, self.now())

    async def public(self, text: str, house: House, *, page: int = 1, pressed: bool = False) -> Json:
        """Answer so that everybody may read it: without anything that is known of who asked."""
        reply = await self.bot.answer(Request(text, self.now(), None, Place.PUBLIC, pressed=pressed, house=house))
        return message(reply, self.names, Around(self.meant(text).line, page))

    async def at_once(self, person: Person, text: str, *, shared: bool) -> str | None:
        """Return the body of an answer that was rendered before for anybody; None if it has to be made."""
        house = await self.house(person)
        known = self.ready.get((text, shared, house.rules))
        if known is None:
            return None
        reply = await self.bot.answer(Request(text, self.now(), person.learner(), Place.PRIVATE, house=house))
        return known[1] if reply is known[0] else self._keep(text, reply, house, shared=shared)

    async def body(self, person: Person, text: str, *, shared: bool) -> str:
        """Answer a command as the body of its acknowledgement."""
        if self.meant(text).personal:
            return ephemeral(await self.private(person, text, shared=shared))
        house = await self.house(person)
        reply = await self.bot.answer(Request(text, self.now(), person.learner(), Place.PRIVATE, house=house))
        return self._keep(text, reply, house, shared=shared)

    def _share(self, line: str | None, page: int, house: House) -> tuple[tuple[str, str], ...]:
        """Offer to share an answer, where that is allowed and it is more than a refusal."""
        if line is None or not house.allows(Freedom.SHARING) or not self.bot.is_answered(line, house):
            return ()
        return ((SHARE, to_wire(line, page, share=True)),)

    def _keep(self, text: str, reply: Reply, house: House, *, shared: bool) -> str:
        line = self.meant(text).line
        more = self._share(line, 1, house) if shared else ()
        body = ephemeral(message(reply, self.names, Around(line, 1, more)))
        keep(self.ready, (text, shared, house.rules), (reply, body), _CACHED)
        return body


def ephemeral(payload: Json) -> str:
    """Write a message that only who asked can see."""
    return json.dumps({"response_type": "ephemeral", **payload}, ensure_ascii=False)
