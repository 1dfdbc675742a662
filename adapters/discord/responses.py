"""How an answer goes back: in the place of the message that was pressed or as a new one, in time or after a word.

Knows no command. Discord wants to hear something within three seconds, and to know by then who may read it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord

from adapters.discord.layout import Layout

if TYPE_CHECKING:
    from adapters.discord.rows import Component

PATIENCE = 1.8  # seconds until an answer is announced that is not there yet; a third is left for the way


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

    async def _defer(self, *, thinking: bool) -> None:
        await self._interaction.response.defer(ephemeral=self._ephemeral, thinking=thinking)

    async def send(self, messages: Sequence[list[Component]]) -> bool:
        """Send the messages, the first as the response; say whether it is seen by the presser alone."""
        first, *others = messages
        hidden = await self._respond(Layout(first))
        for each in others:
            await self._interaction.followup.send(view=Layout(each), ephemeral=self._ephemeral)
        return hidden

    async def _respond(self, layout: Layout) -> bool:
        self._timer.cancel()
        if self._announcing is not None:
            await self._announcing
            message = await self._interaction.edit_original_response(view=layout)
            return message.flags.ephemeral
        if self._in_place:
            await self._interaction.response.edit_message(view=layout)
            return self._ephemeral
        sent = await self._interaction.response.send_message(view=layout, ephemeral=self._ephemeral)
        return isinstance(sent.resource, discord.InteractionMessage) and sent.resource.flags.ephemeral
