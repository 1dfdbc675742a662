"""The bot: a pack, a store and the commands make answer(request) -> Reply. Knows no platform and no markup."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.cache import keep
from bot.command import Ask, Command
from bot.commands import COMMANDS
from bot.commands.forbidden import refuse
from bot.commands.question import answer_question, closest, is_about_names_alone, not_covered
from bot.commands.unclear import doorway, misread, remarks, too_many
from bot.errors import PackError, UserError
from bot.house import House, Rules, unknown
from bot.line import TEXT_LIMIT, Call, Plain, TooMany, Unclear, Understood, arguments_of, canonical, find_command
from bot.pack.find import Vocabulary, vocabulary_of
from bot.pack.load import fingerprint, load_pack
from bot.pack.questions import Index, index_of
from bot.present import noted
from bot.reading import parse
from bot.reply import Button, Cited, Note, Reply
from bot.request import SEEN_EVERY, Place, Request
from bot.sight import Sight

if TYPE_CHECKING:
    from datetime import datetime

    from bot.nudges.outcome import Outcome
    from bot.pack.model import Pack
    from bot.request import Learner
    from bot.store.engine import Store

_RULES_FRESH = timedelta(seconds=30)  # how long another process may not know that admins changed something
_PATIENCE = 0.8  # seconds for what an answer can do without; three of them, and Slack still has its answer in time
log = structlog.get_logger()

Found = TypeVar("Found")
Answer = tuple[Rules, str, date]  # what a kept answer is found by: what is hidden or forbidden, the line, the day


class Bot:
    """Answers requests from one pack folder; the store is opened when an answer first needs it.

    `open_store` is called once at most; `has_store` says, without opening it, whether anything can be in it.
    `direct` sends a learner a direct message; None where every conversation is one.
    Raises PackError when the pack cannot be read at the start; later a bad edit keeps the last good pack.
    """

    def __init__(
        self,
        folder: Path,
        open_store: Callable[[], Awaitable[Store]],
        has_store: Callable[[], bool] = lambda: True,
        commands: Mapping[str, Command] = COMMANDS,
        direct: Callable[[Learner, Reply], Awaitable[Outcome]] | None = None,
    ) -> None:
        self.commands = commands
        self._folder = folder
        self._open_store = open_store
        self._has_store = has_store
        self._direct = direct
        self._noted: dict[Learner, datetime] = {}
        self._houses: dict[str, tuple[House, datetime]] = {}
        self._store: Store | None = None
        self._opening = asyncio.Lock()
        self._seen = fingerprint(folder)
        self._use(load_pack(folder))

    def _use(self, pack: Pack) -> None:
        self.pack = pack
        self.vocabulary: Vocabulary = vocabulary_of(pack)
        self._sight = Sight(pack, self.commands, self.vocabulary)
        self._index: Index | None = None
        self._typed: dict[Answer, Reply] = {}
        self._meant: dict[Answer, Reply] = {}

    async def house(self, name: str, at: datetime) -> House:
        """Return the rules of a community, as they were half a minute ago at most.

        While the store is away those that were known last hold on, and where none were, `unknown` ones.
        """
        known = self._houses.get(name)
        if known is None or at - known[1] >= _RULES_FRESH:
            otherwise = known[0] if known else unknown(name)
            found = await self._unless_away(lambda store: store.houses.find(name), otherwise)
            known = keep(self._houses, name, (found, at))
        return known[0]

    def is_answered(self, line: str, house: House) -> bool:
        """Say whether the rules of a community let a line be answered there."""
        return self._sight.is_answered(line, house)

    def refresh(self) -> bool:
        """Take the pack again if its folder has changed; a pack with mistakes is logged and the last good one stays."""
        try:
            now = fingerprint(self._folder)
            if now == self._seen:
                return False
            self._seen = now
            self._use(load_pack(self._folder))
        except (PackError, OSError) as error:
            findings = [str(finding) for finding in getattr(error, "findings", ())]
            log.error("pack.kept", reason=str(error), findings=findings)  # noqa: TRY400 - the position says it all
            return False
        log.info("pack.reloaded", version=self.pack.version)
        return True

    async def _unless_away(self, look: Callable[[Store], Awaitable[Found]], otherwise: Found) -> Found:
        """Return what the store says, if it does in time: what is the same for everybody needs none of it.

        To open it may take longer, as it does where that is done for one answer.
        """
        try:
            store = await self.store()
            async with asyncio.timeout(_PATIENCE):
                return await look(store)
        except Exception as error:  # noqa: BLE001 - whatever keeps the store from answering
            log.warning("store.away", error=type(error).__name__)
            return otherwise

    async def store(self) -> Store:
        """Open the store, or return the open one."""
        async with self._opening:  # two first requests at once must not open it twice
            if self._store is None:
                self._store = await self._open_store()
        return self._store

    async def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            await self._store.aclose()
            self._store = None

    async def answer(self, request: Request) -> Reply:
        """Answer one request; whatever goes wrong, the answer is a sentence that a person can act on."""
        try:
            await self._note_seen(request)
            return self._sight.offered_in(await self._answer(request), request.house)
        except UserError as error:
            return self._sight.offered_in(Reply(error.sentence, actions=error.buttons), request.house)
        except Exception:
            fault = secrets.token_hex(4)
            log.exception("answer.failed", fault=fault)
            return Reply(
                f"Something broke on our side. If it happens again, report it with the number {fault}.",
                actions=(Button("Help", "waymark"),),
            )

    async def _note_seen(self, request: Request) -> None:
        """Note now and then that a learner was here: any command counts as an answer to the nudge before it.

        Only in a store that is open already, and only of a learner of whom something is kept.
        """
        who = request.learner
        if who is None or self._store is None:
            return
        before = self._noted.get(who)
        if before is not None and request.at - before < SEEN_EVERY:
            return
        keep(self._noted, who, request.at)
        await self._unless_away(lambda store: store.learners.seen(who, request.at), None)

    async def _answer(self, request: Request) -> Reply:
        known = self._typed.get(_found_by(request, request.text))
        if known is not None and not self._prefers(request, known):
            return known
        if len(request.text) > TEXT_LIMIT:
            raise UserError(
                f"That is {len(request.text):,} characters; I read up to {TEXT_LIMIT}. Ask one short question.",
                (Button("Help", "waymark"),),
            )
        line = parse(request.text, self.commands, self.vocabulary)
        match line:
            case Plain():
                return await self._question(line.text, request)
            case Unclear():
                return misread(line, self._sight.pack_in(request.house))
            case TooMany():
                return too_many(line, self.pack)
            case Understood():
                return await self._run(line, request)

    async def _question(self, text: str, request: Request) -> Reply:
        call, index = closest(text, self.vocabulary), self._questions()
        if call is not None and is_about_names_alone(text, self.vocabulary, index):
            return await self._impersonal(self.commands[call.path[0]], call, request)
        reply = answer_question(text, self.pack, self._sight.pack_in(request.house), self.vocabulary, index)
        if reply is not None:
            return reply
        if call is None:
            return not_covered(text, self.pack, self.vocabulary)
        answer = await self._impersonal(self.commands[call.path[0]], call, request)
        return noted(answer, (Note(Cited("This comes closest to what you asked:")),), self.pack)

    def _questions(self) -> Index:
        if self._index is None:  # built at the first plain question, so that a command does not wait for it
            self._index = index_of(self.pack)
        return self._index

    async def _run(self, line: Understood, request: Request) -> Reply:
        command = find_command(line.call.path, self.commands)
        if command is None:
            raise LookupError(canonical(line.call))
        self._refuse(command, line.call, request)
        if not command.personal:
            reply = await self._cached(command, line.call, request)
            if self._prefers(request, reply):
                return remarks(line, self.pack, await self._preferred(reply, command, line.call, request))
            return keep(self._typed, _found_by(request, request.text), remarks(line, self.pack, reply))
        if request.place is Place.PUBLIC:
            return doorway(line.call, command)
        ask = self._ask(request, personal=True)
        ask.who()  # nobody gets as far as a personal command
        if command.admin:
            ask = replace(ask, pack=self.pack)
        try:
            return remarks(line, self.pack, await self._call(command, line.call, ask))
        finally:
            if command.admin:
                self._houses.pop(request.house.id, None)

    def _refuse(self, command: Command, call: Call, request: Request) -> None:
        refuse(call, command, request, self.pack, self._sight.pack_in(request.house))

    async def _impersonal(self, command: Command, call: Call, request: Request) -> Reply:
        """Answer from the cache if it can be; what it holds knows no learner, so a preference comes on top."""
        self._refuse(command, call, request)
        reply = await self._cached(command, call, request)
        return await self._preferred(reply, command, call, request) if self._prefers(request, reply) else reply

    def _prefers(self, request: Request, reply: Reply) -> bool:
        """Say whether the learner may have told us what would make this answer more exact."""
        return bool(reply.asks_for and request.learner and request.place is Place.PRIVATE and self._has_store())

    async def _preferred(self, reply: Reply, command: Command, call: Call, request: Request) -> Reply:
        """Answer once more with the learner's own value for what the reply asks for, if they gave one."""
        who = request.learner
        stored = await self._unless_away(lambda store: store.learners.find(who), None) if who else None
        parameter = reply.asks_for or ""
        preference: str | None = getattr(stored, parameter, None)
        if preference is None or preference not in self.pack.regions:
            return reply
        return await self._cached(command, Call(call.path, (*call.arguments, (parameter, (preference,)))), request)

    async def _cached(self, command: Command, call: Call, request: Request) -> Reply:
        key = _found_by(request, canonical(call))
        reply = self._meant.get(key)
        if reply is None:
            reply = keep(self._meant, key, await self._call(command, call, self._ask(request, personal=False)))
        return reply

    async def _call(self, command: Command, call: Call, ask: Ask) -> Reply:
        return await command.function(ask, **arguments_of(call, command))

    def _ask(self, request: Request, *, personal: bool) -> Ask:
        return Ask(
            pack=self._sight.pack_in(request.house),
            house=request.house,
            at=request.at,
            place=request.place,
            learner=request.learner if personal else None,
            store=self.store,
            commands=self.commands,
            has_store=self._has_store,
            direct=self._direct,
        )


def _found_by(request: Request, line: str) -> Answer:
    return request.house.rules, line, request.at.date()
