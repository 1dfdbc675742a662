"""One direct message out, over REST alone: a nudge, or the message that opens the way for them. Decides no wording."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord

from adapters.discord.errors import NO_CHANNEL, NO_MESSAGE, outcome_of
from adapters.discord.layout import Layout
from adapters.discord.render import render, render_all
from bot.nudges.outcome import (
    Absent,
    CannotTell,
    Envelope,
    Found,
    Lookup,
    Outcome,
    Pace,
    Platform,
    Refused,
    Sent,
    Unclear,
)
from bot.reply import Button

if TYPE_CHECKING:
    from adapters.discord.rows import Component
    from bot.reply import Reply
    from bot.request import Learner

LANE = "discord"
PER_SECOND = 20.0  # of the 50 requests a second that all processes of a bot have together
IN_FLIGHT = 20
LOOKED_THROUGH = 100  # messages
DELETED = "deleted"  # in place of a message's id
_CLOCKS = timedelta(seconds=30)  # by which Discord's clock and ours may differ


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends direct messages as a bot that is logged in; needs no gateway."""

    client: discord.Client
    per_second: float = PER_SECOND

    def platform(self) -> Platform:
        """Return what the nudges need to know of Discord."""
        return Platform(LANE, self.send, self.look, Pace(min(self.per_second, PER_SECOND), IN_FLIGHT))

    async def send(self, envelope: Envelope) -> Outcome:
        """Send one nudge; where it is in doubt, once more at once: by its name Discord gives what is there already."""
        if envelope.reply is None:
            return Refused("there was nothing to send")
        line = f"nudge show #{envelope.delivery_id}"
        components = render(_named(envelope.reply, envelope.delivery_id, line), line)
        told = (envelope.person, envelope.dm, [components], nonce_of(envelope.delivery_id))
        outcome = await self._delivered(*told)
        if not isinstance(outcome, Unclear):
            return outcome
        again = await self._delivered(*told)
        return again if isinstance(again, Sent) else outcome  # a refusal of the second says nothing of the first

    async def direct(self, learner: Learner, reply: Reply) -> Outcome:
        """Send a learner a direct message that no delivery stands for."""
        return await self._delivered(learner.person, None, render_all(reply), None)

    async def look(self, envelope: Envelope) -> Lookup:
        """Look through the conversation for the buttons of one nudge."""
        try:
            channel = await self._conversation(envelope.person, envelope.dm)
            since = envelope.started_at - _CLOCKS
            seen = [message async for message in channel.history(limit=LOOKED_THROUGH, after=since)]
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was found out
            return CannotTell(type(error).__name__, again_in=timedelta(minutes=5))
        for message in seen:
            if any(carries(custom_id, envelope.delivery_id) for custom_id in _ids(message.components)):
                return Found(str(message.id))
        return Absent() if len(seen) < LOOKED_THROUGH else CannotTell("too much was said since")

    async def _delivered(
        self, person: str, dm: str | None, messages: Sequence[list[Component]], nonce: str | None
    ) -> Outcome:
        try:
            channel = await self._conversation(person, dm)
            sent = await self._sent(channel, messages, nonce)
        except discord.NotFound as error:
            if error.code == NO_CHANNEL and dm is not None:
                return await self._delivered(person, None, messages, nonce)  # it was not sent: open it anew, once
            if error.code == NO_MESSAGE and nonce is not None:
                return Sent(DELETED, dm)  # it was there, and the learner has deleted it since
            return outcome_of(error)
        except Exception as error:  # noqa: BLE001 - every failure is an outcome
            return outcome_of(error)
        return Sent(str(sent.id), str(channel.id))

    async def _sent(
        self, channel: discord.abc.MessageableChannel, messages: Sequence[list[Component]], nonce: str | None
    ) -> discord.Message:
        """Send the messages in order and return the first; a nonce is for a single one."""
        if nonce is not None:
            return await channel.send(view=Layout(messages[0]), nonce=nonce)
        layouts = [Layout(each) for each in messages]
        sent = [await channel.send(view=layout, files=layout.files()) for layout in layouts]
        return sent[0]

    async def _conversation(self, person: str, dm: str | None) -> discord.DMChannel | discord.PartialMessageable:
        """Return the conversation with a person; begun, which is asked of Discord sparingly, only if none is known."""
        if dm is not None:
            return self.client.get_partial_messageable(int(dm), type=discord.ChannelType.private)
        return await self.client.create_dm(discord.Object(int(person)))


def nonce_of(delivery_id: int) -> str:
    """Name a delivery so that Discord knows it again: always the same, and unlike any other's."""
    digest = hashlib.sha256(f"{LANE}/{delivery_id}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:20].decode()


def carries(custom_id: str, delivery_id: int) -> bool:
    """Say whether a button belongs to a delivery."""
    return f"#{delivery_id}" in custom_id.split(" ")


def _named(reply: Reply, delivery_id: int, line: str) -> Reply:
    """Let at least one button carry the delivery: by it the message is found again. Menus are not looked through."""
    there = any(isinstance(action, Button) and carries(action.line, delivery_id) for action in reply.actions)
    return reply if there else replace(reply, actions=(*reply.actions, Button("Show it again", line)))


def _ids(components: Sequence[Any]) -> Iterator[str]:
    for component in components:
        yield from filter(None, (getattr(component, "custom_id", None),))
        yield from _ids(getattr(component, "children", ()))
