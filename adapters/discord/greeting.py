"""What who adds the bot to a server is told, once and directly. Knows no command's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from adapters.discord.send import LANE, Sender
from bot.nudges.outcome import Sent
from bot.reply import Bullets, Button, Cited, Note, Paragraph, Reply
from bot.request import Learner

if TYPE_CHECKING:
    import discord

log = structlog.get_logger()

TO_PIN = (
    "Which AI career to learn for? /compare puts them side by side, every fact with its source. /fit asks five "
    "questions. /roadmap gives one task at a time, and /nudge sends it to you when you want. Only you see the answers."
)
GREETING = Reply(
    "Waymark is in your server now",
    (
        Bullets(
            (
                Cited("Compares AI careers, finds which one fits, and goes with people step by step."),
                Cited("Sends study tasks directly, and only to who asked for them."),
            ),
            Cited("What it does"),
        ),
        Bullets(
            (
                Cited("It reads no messages of the server, needs no rights in it, and mentions nobody."),
                Cited("It answers privately; only what somebody shares is seen by all."),
            ),
            Cited("What it does not do"),
        ),
        Paragraph(Cited(f"A text to pin: {TO_PIN}")),
        Note(Cited("To try it, type /waymark in any channel, or press here.")),
    ),
    (Button("What can I ask?", "waymark"), Button("Compare careers", "compare")),
)


class Greeter:
    """Greets the owner of a server: Discord does not say who of its people added the bot."""

    def __init__(self, client: discord.Client) -> None:
        self._sender = Sender(client)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet once; whoever takes no direct messages is left alone."""
        if guild.owner_id is not None:
            outcome = await self._sender.direct(Learner(LANE, str(guild.owner_id)), GREETING)
            log.info("discord.server_joined", greeted=isinstance(outcome, Sent))
