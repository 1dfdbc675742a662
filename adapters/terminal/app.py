"""The terminal's two ways in: a chat, and one answer. Joins the bot to what is typed and shown; formats nothing."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from adapters.terminal.chat import Chat
from adapters.terminal.nudged import has_store, nudged
from adapters.terminal.screen import screen
from bot.app import Bot
from bot.errors import SettingsError, UserError
from bot.pack.load import shipped_pack
from bot.reading import completions
from bot.request import Learner, Request

if TYPE_CHECKING:
    from datetime import datetime

    from bot.reply import Reply
    from bot.settings import Settings
    from bot.store.engine import Store

    Source = tuple[AsyncIterator[str], Callable[[Reply], Awaitable[None]]]

LEARNER = Learner("terminal", "local")


def run_ask(
    settings: Settings, now: Callable[[], datetime], text: str, form: Callable[[Reply], str] | None = None
) -> int:
    """Print the answer to one line, as `form` writes it or else as text; return the exit code."""

    async def ask() -> Reply:
        async with _opened(settings) as bot:
            return await bot.answer(Request(text, now(), LEARNER))

    _shower(form, numbered=False)(asyncio.run(ask()))
    return 0


def run_chat(settings: Settings, now: Callable[[], datetime], form: Callable[[Reply], str] | None = None) -> int:
    """Answer typed lines until they end, as `form` writes it or else with choices to press; return the exit code."""
    try:
        asyncio.run(_chat(settings, now, _shower(form, numbered=True)))
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    return 0


async def _chat(settings: Settings, now: Callable[[], datetime], show: Callable[[Reply], None]) -> None:
    """Answer line after line; nudges that fall due meanwhile are shown between them."""
    async with _opened(settings) as bot:

        async def answer(text: str, *, pressed: bool) -> Reply:
            bot.refresh()
            return await bot.answer(Request(text, now(), LEARNER, pressed=pressed))

        chat = Chat(answer, show)
        at_keyboard = sys.stdin.isatty()
        lines, bring = _keyboard(bot, chat) if at_keyboard else _pipe(chat)
        async with nudged(bot, settings, now, bring, to_the_last=not at_keyboard):
            async for line in lines:
                if not await chat.take(line):
                    return


def _keyboard(bot: Bot, chat: Chat) -> Source:
    """Greet, and return the lines that a person types, with what shows a nudge above the one being typed."""
    from adapters.terminal.keyboard import above_the_prompt, greeting, typed  # noqa: PLC0415

    screen(sys.stdout, os.environ, numbered=True)(greeting(bot.pack))
    lines = typed(lambda text: completions(text, bot.commands, bot.vocabulary))
    return lines, lambda reply: above_the_prompt(lambda: chat.bring(reply))


def _pipe(chat: Chat) -> Source:
    """Return the lines of a pipe or file, with what shows a nudge between them."""

    async def read() -> AsyncIterator[str]:
        while line := await asyncio.to_thread(sys.stdin.readline):
            yield line

    async def bring(reply: Reply) -> None:
        chat.bring(reply)

    return read(), bring


def _shower(form: Callable[[Reply], str] | None, *, numbered: bool) -> Callable[[Reply], None]:
    """Return what shows a reply: in a given form, a line feed behind it, or as it looks best here."""
    if form is None:
        return screen(sys.stdout, os.environ, numbered=numbered)

    def show(reply: Reply) -> None:
        sys.stdout.write(f"{form(reply)}\n")
        sys.stdout.flush()

    return show


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Bot]:
    """Open the bot for the local learner."""
    url = settings.database_url.get_secret_value()
    bot = Bot(settings.waymark_pack or shipped_pack(), lambda: _store(url), lambda: has_store(url))
    try:
        yield bot
    finally:
        await bot.close()


async def _store(url: str) -> Store:
    from bot.store.engine import open_store  # noqa: PLC0415 - 250 ms that most answers do without

    try:
        return await open_store(url)
    except SettingsError as error:  # here the learner is who set it
        raise UserError(error.sentence) from error
