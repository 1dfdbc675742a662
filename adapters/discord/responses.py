"""How an answer goes back: in the place of the message that was pressed or as a new one, in time or after a word.

Knows no command. Discord wants to hear something within three seconds, and to know by then who may read it; after
fifteen minutes it takes nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp
import discord

from adapters.discord.errors import ANSWERED
from adapters.discord.layout import Layout

if TYPE_CHECKING:
    from adapters.discord.rows import Component

PATIENCE = 1.8  # seconds until an answer is announced that is not there yet; a third is left for the way
SURELY_NOT = 500  # a refusal with a lower status means that nothing was made


class Response:
    """The one response to an interaction; announces itself if it takes long.

    `in_place` edits the message that was pressed; a new one is `ephemeral`, seen by the presser alone, or not.
    """

    def __init__(
        self, interaction: discord.Interaction, *, in_place: bool, ephemeral: bool, patience: float = PATIENCE
    ) -> None:
        self._interaction = interaction
        self._in_place = in_place
        self._ephemeral = ephemeral
        self._announcing: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(patience, self._announce)

    def _announce(self) -> None:
        thinking = not self._in_place
        self._announcing = asyncio.create_task(self._defer(thinking=thinking))
        self._announcing.add_done_callback(_looked_at)

    async def _defer(self, *, thinking: bool) -> None:
        await self._interaction.response.defer(ephemeral=self._ephemeral, thinking=thinking)

    async def send(self, messages: Sequence[list[Component]]) -> bool:
        """Send the messages, the first as the response; say whether it is seen by the presser alone.

        What Discord does not take any more as a response is written below, where nobody else reads.
        """
        left = list(messages)
        try:
            hidden = await self._respond(Layout(left[0]))
            while left := left[1:]:
                layout = Layout(left[0])
                await self._interaction.followup.send(view=layout, files=layout.files(), ephemeral=self._ephemeral)
        except discord.HTTPException as error:
            if error.status >= SURELY_NOT or not self._interaction.context.dm_channel:
                raise
            await write(_own_conversation(self._interaction), left, self._interaction.id)
            return False
        return hidden

    async def _respond(self, layout: Layout) -> bool:
        self._timer.cancel()
        try:
            return await self._put(layout)
        except aiohttp.ClientError:  # whether it arrived nobody knows: Discord takes one response, so it is safe
            return await self._put(layout)

    async def _put(self, layout: Layout) -> bool:
        """Give the answer: at once, or in the place of its announcement."""
        if not await self._is_announced():
            try:
                return await self._give(layout)
            except discord.HTTPException as error:
                if error.code != ANSWERED:
                    raise
                if self._announcing is None:
                    return self._ephemeral  # an earlier try of it arrived
        message = await self._interaction.edit_original_response(view=layout, attachments=layout.files())
        return message.flags.ephemeral

    async def _is_announced(self) -> bool:
        """Wait for the announcement, where one was begun; False if it is not known to have arrived."""
        if self._announcing is None:
            return False
        try:
            await self._announcing
        except aiohttp.ClientError:
            return False
        except discord.HTTPException as error:
            if error.code != ANSWERED:
                raise
        return True

    async def _give(self, layout: Layout) -> bool:
        if self._in_place:
            await self._interaction.response.edit_message(view=layout, attachments=layout.files())
            return self._ephemeral
        files, ephemeral = layout.files(), self._ephemeral
        sent = await self._interaction.response.send_message(view=layout, files=files, ephemeral=ephemeral)
        return isinstance(sent.resource, discord.InteractionMessage) and sent.resource.flags.ephemeral


async def write(channel: discord.abc.Messageable, messages: Sequence[list[Component]], name: int) -> None:
    """Write messages to somebody directly; what is written twice under a name, after a lost connection, is there once.

    `name` is the id of what they answer.
    """
    for number, each in enumerate(messages):
        layout = Layout(each)
        await channel.send(view=layout, files=layout.files(), nonce=f"{name}{number:02}")


def _own_conversation(interaction: discord.Interaction) -> discord.PartialMessageable:
    return interaction.client.get_partial_messageable(interaction.channel_id or 0, type=discord.ChannelType.private)


def _looked_at(announcing: asyncio.Task[None]) -> None:
    """Take note of how it ended: what was asked may be cut short before anybody waits for it."""
    if not announcing.cancelled():
        announcing.exception()
