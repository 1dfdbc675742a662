"""How an answer goes back: late, in several messages."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from doubles.discord_listening import listening
from doubles.discord_people import Person, labels, text

from bot.app import Bot
from bot.reply import Cited, Paragraph, Reply
from bot.request import Request

if TYPE_CHECKING:
    from doubles.discord import Discord


async def test_an_answer_that_takes_long_is_announced_and_then_put_in_its_place(discord: Discord, bot: Bot) -> None:
    class Slow(Bot):
        async def answer(self, request: Request) -> Reply:
            await asyncio.sleep(0.1)
            return await super().answer(request)

    slow = Slow(bot._folder, bot._open_store)
    async with listening(discord, slow, patience=0.01):
        ana = Person(discord)
        answer = await ana.command("compare", role="ai-engineer")
        assert text(answer).startswith("### AI engineer")
        assert answer.ephemeral
        pressed = await ana.press(answer, labels(answer)[0])
        assert pressed.id == answer.id
        assert [told.types for told in discord.told.values()] == [[5], [6]]


async def test_an_answer_of_several_messages_that_no_line_brings_back_comes_whole(discord: Discord, bot: Bot) -> None:
    class Talkative(Bot):
        async def answer(self, request: Request) -> Reply:  # noqa: ARG002
            return Reply("T", tuple(Paragraph(Cited(f"part {number} " + "word " * 150)) for number in range(12)))

    async with listening(discord, Talkative(bot._folder, bot._open_store)) as listener:
        await Person(discord).command("compare", role="zzzzqqq")
        await listener.drain(timedelta(seconds=10))
        (told,) = discord.told.values()
        assert told.original
        said = "".join(map(text, (told.original, *told.others)))
        assert all(f"part {number} " in said for number in range(12))
        assert all(message.ephemeral for message in told.others)
