"""The bot's answers as Slack's messages: asked for, rendered, with the buttons to turn the page and to share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from adapters.slack.parts import Json
from adapters.slack.render import Around, message
from bot.command import LINE_LIMIT, Command, Effect
from bot.line import Understood, canonical, find_command
from bot.reading import parse
from bot.request import Place, Request
from bot.wire import to_wire

if TYPE_CHECKING:
    from adapters.slack.names import Names
    from adapters.slack.people import People, Person
    from bot.app import Bot
    from bot.reply import Reply

SHARE = "Share here"
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
    ready: dict[tuple[str, bool], tuple[Reply, str]]  # bodies of impersonal answers, by text and whether to offer Share

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
        reply = await self.bot.answer(Request(text, at, learner, Place.PRIVATE, pressed=pressed))
        offered = shared and meant.line is not None and not meant.personal
        more = ((SHARE, to_wire(meant.line, page, share=True)),) if offered and meant.line else ()
        return message(reply, self.names, Around(meant.line, page, more))

    async def public(self, text: str, *, page: int = 1, pressed: bool = False) -> Json:
        """Answer so that everybody may read it: without anything that is known of who asked."""
        reply = await self.bot.answer(Request(text, self.now(), None, Place.PUBLIC, pressed=pressed))
        return message(reply, self.names, Around(self.meant(text).line, page))

    async def at_once(self, person: Person, text: str, *, shared: bool) -> str | None:
        """Return the body of an answer that was rendered before for anybody; None if it has to be made."""
        known = self.ready.get((text, shared))
        if known is None:
            return None
        reply = await self.bot.answer(Request(text, self.now(), person.learner(), Place.PRIVATE))
        return known[1] if reply is known[0] else self._keep(text, reply, shared=shared)

    async def body(self, person: Person, text: str, *, shared: bool) -> str:
        """Answer a command as the body of its acknowledgement."""
        if self.meant(text).personal:
            return ephemeral(await self.private(person, text, shared=shared))
        reply = await self.bot.answer(Request(text, self.now(), person.learner(), Place.PRIVATE))
        return self._keep(text, reply, shared=shared)

    def _keep(self, text: str, reply: Reply, *, shared: bool) -> str:
        line = self.meant(text).line
        more = ((SHARE, to_wire(line, share=True)),) if shared and line else ()
        body = ephemeral(message(reply, self.names, Around(line, 1, more)))
        if len(self.ready) >= _CACHED:
            self.ready.clear()
        self.ready[text, shared] = (reply, body)
        return body


def ephemeral(payload: Json) -> str:
    """Write a message that only who asked can see."""
    return json.dumps({"response_type": "ephemeral", **payload}, ensure_ascii=False)
