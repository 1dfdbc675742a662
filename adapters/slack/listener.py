"""What comes in from Slack, and what is done about it: commands, presses, mentions, direct messages.

Formats nothing. A command is answered in its acknowledgement; all else is acknowledged at once and answered after.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt.response import BoltResponse

from adapters.slack.answers import ephemeral
from adapters.slack.people import Person, lane_of
from adapters.slack.post import say
from adapters.slack.presses import TAKE_BACK, Press, read_press
from adapters.slack.typed import typed
from bot.house import NO_SHARING, Freedom

if TYPE_CHECKING:
    from slack_bolt.context.async_context import AsyncBoltContext

    from adapters.slack.answers import Answers
    from adapters.slack.desk import Desk
    from adapters.slack.home import Home
    from adapters.slack.limit import Limit
    from adapters.slack.parts import Json
    from adapters.slack.post import Post
    from adapters.slack.workspaces import Workspaces

AT_ONCE = 2.0  # seconds; after three Slack tells the person that it failed
TOO_MUCH = {"text": "That was a lot at once. Wait a few seconds, then go on."}
SHARED_ALREADY = {"text": "That was shared already."}
NOT_SHARED = {"text": "Slack did not take that. If it does not show in the channel, press Share here again."}
ANSWERED = {"text": "That was answered already. Type it again to see it again."}
BROKEN = {"text": "Something broke on our side. Try again in a minute."}
NOT_YOURS = {"text": "Only who shared it can take it back."}
_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json;charset=utf-8"]}
Payload = Mapping[str, Any]
Work = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Listener:
    """Takes what Slack sends."""

    answers: Answers
    desk: Desk
    limit: Limit
    post: Post
    home: Home
    workspaces: Workspaces

    async def command(self, body: Payload, context: AsyncBoltContext) -> BoltResponse:
        """Answer a slash command in its acknowledgement, or after it if that takes long."""
        person = _person(context)
        if not self.limit.allows(person.key, self.answers.now()):
            return BoltResponse(status=200, body=ephemeral(TOO_MUCH), headers=_JSON)
        text = self.answers.names.line(body["command"], body.get("text") or "")
        shared = not str(body.get("channel_id", "")).startswith("D")
        known = await self.answers.at_once(person, text, shared=shared)
        if known is not None:
            return BoltResponse(status=200, body=known, headers=_JSON)
        work = self.desk.take(person.key, self._made(body, person, text, shared=shared))
        await asyncio.wait((work,), timeout=AT_ONCE)
        self._follow_up(person, text)
        if work.done():
            return BoltResponse(status=200, body=work.result() or ephemeral(BROKEN), headers=_JSON)
        self.desk.take(person.key, self._later(work, body["response_url"]))
        return BoltResponse(status=200, body="")

    async def _later(self, work: asyncio.Task[str | None], address: str) -> None:
        await self.post.respond(address, json.loads(await work or ephemeral(BROKEN)))

    async def _made(self, body: Payload, person: Person, text: str, *, shared: bool) -> str:
        """Answer a command; a personal one once, so that a copy of a signed request tells nobody what is stored."""
        meant, trigger = self.answers.meant(text), body.get("trigger_id")
        if meant.command and meant.personal and trigger:
            store = await self.answers.bot.store()
            if not await store.seen.first(f"slack:{trigger}", self.answers.now()):
                return ephemeral(ANSWERED)
        return await self.answers.body(person, text, shared=shared)

    async def press(self, body: Payload, context: AsyncBoltContext) -> BoltResponse:
        """Acknowledge a press, and answer it where it was pressed."""
        person, press = _person(context), read_press(body)
        if press is not None:

            async def sorry() -> None:
                if press.address:
                    await self.post.only(press.address, BROKEN, press.thread)

            self.desk.take(person.key, _or(partial(self._pressed, press, person), sorry))
        return BoltResponse(status=200, body="")

    async def event(self, body: Payload, context: AsyncBoltContext) -> BoltResponse:
        """Acknowledge an event, and do what it asks for, once however often it is delivered."""
        event, lane = body["event"], lane_of(context)
        match event["type"]:
            case "app_uninstalled":
                return await self._left(lane, _when(body))
            case "tokens_revoked" if event.get("tokens", {}).get("bot"):
                return await self._left(lane, _when(body))
            case "app_mention" if context.user_id:
                self._take_once(body, _person(context), self._mentioned)
            case "message" if context.user_id and _is_for_us(event):
                self._take_once(body, _person(context), self._written)
            case "app_home_opened" if event.get("tab") == "home":
                self.desk.take(_person(context).key, self.home.publish(_person(context)))
        return BoltResponse(status=200, body="")

    async def _left(self, lane: str, at: datetime) -> BoltResponse:
        """Delete all that is kept of a workspace; where that fails, do not acknowledge, so that Slack says it again."""

        async def deleted() -> bool:
            await self.workspaces.end(lane, at)
            return True

        work = self.desk.take(lane, deleted())
        await asyncio.wait((work,), timeout=AT_ONCE)
        failed = work.done() and not work.result()
        return BoltResponse(status=503 if failed else 200, body="")

    def _take_once(
        self, body: Payload, person: Person, answer: Callable[[Payload, Person], Coroutine[Any, Any, None]]
    ) -> None:
        event = body["event"]

        async def once() -> None:
            store = await self.answers.bot.store()
            if await store.seen.first(f"slack:{body['event_id']}", self.answers.now()):
                await answer(event, person)

        async def sorry() -> None:
            await say(person.client, event["channel"], BROKEN, _thread(event))

        self.desk.take(person.key, _or(once, sorry))

    async def _mentioned(self, event: Payload, person: Person) -> None:
        if not self.limit.allows(person.key, self.answers.now()):
            return
        payload = await self.answers.public(typed(event.get("text") or ""), await self.answers.house(person))
        await say(person.client, event["channel"], payload, _thread(event))

    async def _written(self, event: Payload, person: Person) -> None:
        """Answer what was written to the bot itself."""
        if not self.limit.allows(person.key, self.answers.now()):
            await say(person.client, event["channel"], TOO_MUCH)
            return
        text = typed(event.get("text") or "")
        payload = await self.answers.private(person, text, shared=False)
        await say(person.client, event["channel"], payload, _thread(event))
        self._follow_up(person, text)

    async def _pressed(self, press: Press, person: Person) -> None:
        if not self.limit.allows(person.key, self.answers.now()):
            if press.address:
                await self.post.only(press.address, TOO_MUCH, press.thread)
        elif press.take_back_of:
            await self._take_back(press, person)
        elif press.wire.share:
            await self._share(press, person)
        else:
            await self._answer(press, person)

    async def _answer(self, press: Press, person: Person) -> None:
        shared = not press.in_direct and not press.home
        wire = press.wire
        if press.home:
            await self.home.answer(person, wire)
            return
        payload = await self.answers.private(person, wire.line, page=wire.page, shared=shared, pressed=True)
        if press.address and press.private:
            await self.post.edit(press.address, payload)
        elif press.address:
            await self.post.only(press.address, payload, press.thread)
        self._follow_up(person, wire.line)

    async def _share(self, press: Press, person: Person) -> None:
        """Show everybody an answer that is the same for everybody, once a message and person."""
        meant = self.answers.meant(press.wire.line)
        if not press.address or press.in_direct or meant.personal:
            return
        house = await self.answers.house(person)
        if not house.allows(Freedom.SHARING):
            await self.post.only(press.address, {"text": NO_SHARING} if house.known else BROKEN, press.thread)
            return
        if not self.answers.bot.is_answered(press.wire.line, house):
            refused = await self.answers.private(person, press.wire.line, shared=False, pressed=True)
            await self.post.only(press.address, refused, press.thread)
            return
        store = await self.answers.bot.store()
        key = _share_key(press, person)
        if not await store.seen.first(key, self.answers.now()):
            await self.post.only(press.address, SHARED_ALREADY, press.thread)
            return
        payload = await self.answers.public(press.wire.line, house, page=press.wire.page, pressed=True)
        if not await self.post.everybody(press.address, shared_by(person.id, payload)):
            await store.seen.forget(key)
            await self.post.only(press.address, NOT_SHARED, press.thread)

    async def _take_back(self, press: Press, person: Person) -> None:
        if press.address and press.take_back_of == person.id:
            await self.post.take_away(press.address)
        elif press.address:
            await self.post.only(press.address, NOT_YOURS, press.thread)

    def _follow_up(self, person: Person, text: str) -> None:
        """Show a change in the App Home, too."""
        if self.answers.meant(text).changes:
            self.desk.take(person.key, self.home.publish(person))


async def _or(work: Work, sorry: Work) -> None:
    """Do some work; if it breaks, say so to who waits for it before the error is logged."""
    try:
        await work()
    except Exception:
        await sorry()
        raise


def _share_key(press: Press, person: Person) -> str:
    """Name a press on Share, so that nobody can tell from the name who pressed."""
    told = f"{press.channel}:{press.message}:{person.id}:{press.wire.page}:{press.wire.line}"
    return f"share:{hashlib.sha256(told.encode()).hexdigest()}"


def shared_by(person: str, payload: Json) -> Json:
    """Say above an answer who shared it, and let them take it back."""
    who = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"Shared by <@{person}>", "verbatim": True}]}
    back = {
        "type": "button",
        "action_id": TAKE_BACK,
        "text": {"type": "plain_text", "text": "Take it back", "emoji": False},
        "value": person,
    }
    blocks = [who, *payload["blocks"], {"type": "actions", "elements": [back]}]
    return {"text": f"Shared by <@{person}>\n\n{payload['text']}", "blocks": blocks}


def _when(body: Payload) -> datetime:
    """Return when an event happened, which may be an hour before it is delivered."""
    return datetime.fromtimestamp(body["event_time"], UTC)


def _thread(event: Payload) -> str | None:
    """Return the thread in which to answer: a mention is answered below it, so that a channel stays as it was."""
    thread: str | None = event.get("thread_ts") or (event["ts"] if event["type"] == "app_mention" else None)
    return thread


def _is_for_us(event: Payload) -> bool:
    """Say whether a person wrote this to the bot; nothing of what is written elsewhere is read."""
    return event.get("channel_type") == "im" and not event.get("bot_id") and not event.get("subtype")


def _person(context: AsyncBoltContext) -> Person:
    if context.user_id is None or context.client is None:
        raise LookupError("a payload of nobody")
    return Person(lane_of(context), context.user_id, context.client)
