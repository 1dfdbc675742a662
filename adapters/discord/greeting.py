"""What who adds the bot to a server is told, once and directly. Knows no command's answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from adapters.discord.send import LANE, Sender
from bot.nudges.outcome import Sent
from bot.reply import Bullets, Button, Cited, Note, Paragraph, Reply
from bot.request import Learner

if TYPE_CHECKING:
    import discord

    from bot.app import Bot
    from bot.pack.model import Pack

Clock = Callable[[], datetime]
Noted = Callable[[], AbstractContextManager[None]]  # keeps what is under way, so that the process waits for its end
NEW = timedelta(days=1)  # at its first start, the bot greets for servers that were joined so long ago at most
log = structlog.get_logger()


def to_pin(pack: Pack) -> str:
    """Write what a server can pin for its people."""
    return " ".join(
        (
            f"{pack.name}: /compare puts them side by side, every fact with its source.",
            *(("/fit asks what you like to do, and says which may fit.",) if pack.fit else ()),
            *(
                ("/roadmap gives one task at a time, and /nudge sends it to you when you want.",)
                if pack.roadmaps
                else ()
            ),
            "Only you see the answers.",
        )
    )


def greeting(pack: Pack) -> Reply:
    """Tell an owner what was added to their server."""
    return Reply(
        "Waymark is in your server now",
        (
            Bullets(
                (
                    Cited(f"It answers questions about {pack.name}, every fact with its source."),
                    *((Cited("It finds which one fits."),) if pack.fit else ()),
                    *(
                        (Cited("It sends study tasks directly, and only to who asked for them."),)
                        if pack.roadmaps
                        else ()
                    ),
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
            Paragraph(Cited(f"A text to pin: {to_pin(pack)}")),
            Note(Cited("To try it, type /waymark in any channel, or press here.")),
        ),
        (Button("What can I ask?", "waymark"), Button("Compare careers", "compare")),
    )


class Greeter:
    """Greets the owner of a server: Discord does not say who of its people added the bot.

    Whoever added it before it was started is greeted at the start. What is kept is one moment, no server: all that
    were joined until then were greeted.
    """

    def __init__(self, bot: Bot, client: discord.Client, application: int, now: Clock, noted: Noted) -> None:
        self._bot = bot
        self._noted = noted
        self._sender = Sender(client)
        self._key = f"discord:greeted:{application}"
        self._now = now
        self._since: datetime | None = None
        self._greeted: set[int] = set()
        self._turn = asyncio.Lock()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet for a server that is joined now."""
        with self._noted():
            await self._meet(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Greet for a server that was joined while nobody listened; others come back after every outage."""
        with self._noted():
            await self._meet(guild)

    async def _meet(self, guild: discord.Guild) -> None:
        """Greet once; whoever takes no direct messages is left alone."""
        joined = guild.me.joined_at if guild.me else None
        if joined is None or guild.owner_id is None or guild.id in self._greeted:
            return
        marks = (await self._bot.store()).marks
        async with self._turn:  # servers come in any order: each is compared with what was known at the start
            if self._since is None:
                noted = await marks.noted(self._key)
                self._since = datetime.fromisoformat(noted) if noted else self._now() - NEW
            if joined <= self._since or guild.id in self._greeted:
                return
            self._greeted.add(guild.id)
            noted = await marks.noted(self._key)
            if noted is None or datetime.fromisoformat(noted) < joined:
                await marks.note(self._key, joined.isoformat(), self._now())
        outcome = await self._sender.direct(Learner(LANE, str(guild.owner_id)), greeting(self._bot.pack))
        log.info("discord.server_joined", greeted=isinstance(outcome, Sent))
