"""The `waymark discord` commands. Imports what each needs when it is run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - what argparse calls it

Reading = Callable[[str], "Settings"]
Clock = Callable[[], datetime]


def add_discord_commands(commands: Commands, settings: Reading, now: Clock) -> None:
    """Declare them; `settings` reads what is set, and is told from which level to log."""
    discord = commands.add_parser("discord", help="answer in Discord, until stopped")
    discord.set_defaults(run=partial(_run, settings, now))
    verbs = discord.add_subparsers(title="commands", metavar="COMMAND")
    sync = verbs.add_parser("sync", help="tell Discord of the commands, if they have changed")
    sync.set_defaults(run=partial(_sync, settings, now))
    setup = verbs.add_parser("setup", help="set up a bot: its token, its commands, the links to add it")
    setup.set_defaults(run=partial(_setup, settings, now))


def _run(settings: Reading, now: Clock, _: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    common = settings("INFO")
    need_library()
    from adapters.discord.run import run_discord  # noqa: PLC0415
    from adapters.discord.settings import discord_settings  # noqa: PLC0415

    return asyncio.run(run_discord(common, discord_settings(), now))


def _sync(settings: Reading, now: Clock, _: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    common = settings("WARNING")
    need_library()
    from adapters.discord.settings import discord_settings  # noqa: PLC0415
    from adapters.discord.setup import run_sync  # noqa: PLC0415

    return asyncio.run(run_sync(common, discord_settings(), now, sys.stdout.write))


def _setup(settings: Reading, now: Clock, _: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415
    from getpass import getpass  # noqa: PLC0415

    common = settings("WARNING")
    need_library()
    from adapters.discord.settings import discord_settings  # noqa: PLC0415
    from adapters.discord.setup import run_setup  # noqa: PLC0415

    ours = discord_settings()
    return asyncio.run(run_setup(common, ours, now, getpass, sys.stdout.write, Path(".env")))


def need_library() -> None:
    """Raise SettingsError where discord.py is not installed."""
    from importlib.util import find_spec  # noqa: PLC0415

    from bot.errors import SettingsError  # noqa: PLC0415

    if find_spec("discord") is None:
        raise SettingsError("Discord needs its extra. Install it, in the checkout: pip install '.[discord]'")
