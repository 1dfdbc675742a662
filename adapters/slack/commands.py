"""Slack's part of the command line: answer, print the manifest, make a key. Imports what each needs when it is run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - what argparse calls it

Reading = Callable[[str], "Settings"]
Clock = Callable[[], "datetime"]


def add_slack_commands(commands: Commands, settings: Reading, now: Clock) -> None:
    """Declare them; `settings` reads what is set, and is told from which level to log."""
    slack = commands.add_parser("slack", help="answer in Slack, by Socket Mode or over HTTP, until stopped")
    slack.set_defaults(run=partial(_slack, settings, now))
    more = slack.add_subparsers(title="commands", metavar="COMMAND")
    manifest = more.add_parser("manifest", help="print the app's manifest, to be pasted where Slack makes apps")
    way = manifest.add_mutually_exclusive_group()
    way.add_argument("--url", help="for HTTP: the public address of the bot, such as https://waymark.example.org")
    way.add_argument("--socket", action="store_true", help="for Socket Mode, which needs no address (unless --url)")
    manifest.set_defaults(run=partial(_manifest, settings))
    key = more.add_parser("key", help="make a key for WAYMARK_SECRET_KEY")
    key.set_defaults(run=_key)


def need_packages() -> None:
    """Raise SettingsError where Slack's packages are not installed."""
    from importlib.util import find_spec  # noqa: PLC0415

    from bot.errors import SettingsError  # noqa: PLC0415

    if find_spec("slack_bolt") is None:
        raise SettingsError("Slack needs its extra. Install it, in the checkout: pip install '.[slack]'")


def _slack(settings: Reading, now: Clock, _: argparse.Namespace) -> int:
    need_packages()
    from adapters.slack.process import run_slack  # noqa: PLC0415
    from adapters.slack.settings import slack_settings  # noqa: PLC0415

    return run_slack(settings("INFO"), slack_settings(), now)


def _manifest(settings: Reading, chosen: argparse.Namespace) -> int:
    import json  # noqa: PLC0415

    need_packages()
    from adapters.slack.manifest import manifest  # noqa: PLC0415
    from adapters.slack.names import names  # noqa: PLC0415
    from adapters.slack.settings import slack_settings  # noqa: PLC0415
    from bot.commands import COMMANDS  # noqa: PLC0415
    from bot.pack.load import load_pack, shipped_pack  # noqa: PLC0415

    slack = slack_settings()
    pack = load_pack(settings("WARNING").waymark_pack or shipped_pack())
    called = names(COMMANDS, slack.slack_command_prefix, slack.slack_command_names)
    sys.stdout.write(json.dumps(manifest(COMMANDS, called, pack.name, chosen.url), indent=2) + "\n")
    return 0


def _key(_: argparse.Namespace) -> int:
    need_packages()
    from adapters.slack.crypt import new_key  # noqa: PLC0415

    sys.stdout.write(f"{new_key()}\n")
    return 0
