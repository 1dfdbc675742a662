"""`waymark simulate`: prints the nudges of some weeks to come. Keeps nothing and touches no database."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from adapters.terminal.screen import screen
from bot.app import Bot
from bot.pack.load import shipped_pack
from bot.reply import Reply
from bot.simulate import simulate
from bot.store.engine import open_store

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings

WISH = "mon 9am Asia/Kolkata"


async def run_simulation(settings: Settings, start: datetime, weeks: int, seed: int, wish: str) -> int:
    """Print what goes out and what is pressed, each with the learner's date and time; return the exit code.

    `wish` is what is typed behind `nudge`; where it says too little for a rule, the answer says what is missing.
    """
    show = screen(sys.stdout, os.environ, numbered=False)
    with TemporaryDirectory(prefix="waymark-") as folder:
        store = partial(open_store, f"sqlite:///{Path(folder) / 'simulation.sqlite3'}")
        bot = Bot(settings.waymark_pack or shipped_pack(), store)
        roadmap = next(each.id for each in bot.pack.roadmaps.values() if each.variant_of is None)
        line = f"nudge {wish or f'{WISH} {roadmap}'}"
        nudges = 0
        try:
            async for scene in simulate(bot, line, start, weeks, seed):
                is_nudge = scene.asked is None
                sys.stdout.write(f"{scene.at:%a %d %b %Y %H:%M}  {'A nudge' if is_nudge else f'> {scene.asked}'}\n\n")
                show(scene.reply if is_nudge or scene.asked == line else Reply(scene.reply.title))
                nudges += is_nudge
        finally:
            await bot.close()
    sys.stdout.write(f"{nudges} nudges in {weeks} weeks.\n")
    return 0 if nudges else 1
