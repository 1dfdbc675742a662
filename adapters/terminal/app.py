"""The terminal's two ways in: a chat, and one answer. Joins the bot to what is typed and shown; formats nothing."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.terminal.chat import Answer, chat
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

LEARNER = Learner("terminal", "local")


def run_ask(
    settings: Settings, now: Callable[[], datetime], text: str, form: Callable[[Reply], str] | None = None
) -> int:
    """Print the answer to one line, as `form` writes it or else as text; return the exit code."""
    with _opened(settings, now) as (_, answer):
        reply = answer(text, pressed=False)
    _shower(form, numbered=False)(reply)
    return 0


def run_chat(settings: Settings, now: Callable[[], datetime], form: Callable[[Reply], str] | None = None) -> int:
    """Answer typed lines until they end, as `form` writes it or else with choices to press; return the exit code."""
    with _opened(settings, now) as (bot, answer):
        show = _shower(form, numbered=True)
        try:
            if sys.stdin.isatty():
                from adapters.terminal.keyboard import GREETING, typed  # noqa: PLC0415

                screen(sys.stdout, os.environ, numbered=True)(GREETING)
                chat(typed(lambda text: completions(text, bot.commands, bot.vocabulary)), answer, show)
            else:
                chat(sys.stdin, answer, show)
        except KeyboardInterrupt:
            sys.stdout.write("\n")
    return 0


def _shower(form: Callable[[Reply], str] | None, *, numbered: bool) -> Callable[[Reply], None]:
    """Return what shows a reply: in a given form, a line feed behind it, or as it looks best here."""
    if form is None:
        return screen(sys.stdout, os.environ, numbered=numbered)

    def show(reply: Reply) -> None:
        sys.stdout.write(f"{form(reply)}\n")
        sys.stdout.flush()

    return show


@contextmanager
def _opened(settings: Settings, now: Callable[[], datetime]) -> Iterator[tuple[Bot, Answer]]:
    """Open the bot for the local learner, with a function that takes the pack again if need be and answers a line."""
    url = settings.database_url.get_secret_value()
    bot = Bot(settings.waymark_pack or shipped_pack(), lambda: _store(url), lambda: _has_store(url))
    with asyncio.Runner() as runner:

        def answer(text: str, *, pressed: bool) -> Reply:
            bot.refresh()
            return runner.run(bot.answer(Request(text, now(), LEARNER, pressed=pressed)))

        try:
            yield bot, answer
        finally:
            runner.run(bot.close())


async def _store(url: str) -> Store:
    from bot.store.engine import open_store  # noqa: PLC0415 - 250 ms that most answers do without

    try:
        return await open_store(url)
    except SettingsError as error:  # here the learner is who set it
        raise UserError(error.sentence) from error


def _has_store(url: str) -> bool:
    """Tell without opening it whether anything can be in the store: a SQLite file has to be there."""
    scheme, _, path = url.partition("///")
    return not scheme.startswith("sqlite") or Path(path.partition("?")[0]).is_file()
