"""From nothing to a bot that can be added: checks the token, keeps it, tells Discord of the commands, prints links."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import discord
from pydantic import ValidationError

from adapters.discord.connect import rest_client
from adapters.discord.greeting import to_pin
from adapters.discord.languages import shipped_languages
from adapters.discord.run import RefusedTokenError, lead, login
from adapters.discord.settings import DiscordSettings
from adapters.discord.sync import application_of, declared, sync
from bot.commands import COMMANDS
from bot.errors import SettingsError
from bot.pack.find import vocabulary_of
from bot.pack.load import load_pack, shipped_pack
from bot.pack.model import Pack
from bot.store.engine import open_store

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings

Clock = Callable[[], "datetime"]
Say = Callable[[str], object]

PORTAL = "https://discord.com/developers/applications"
BEFORE = f"""\
You need a bot's token. If you have none yet:
  1. Open {PORTAL} and press New Application.
  2. Under Installation, tick User Install and Guild Install.
  3. Under Bot, press Reset Token and copy it. No privileged intent is needed.
"""
TRIES = 3
INSTEAD = "Then take the line out of .env, or wherever it is set, and run this again."
_AUTHORIZE = "https://discord.com/oauth2/authorize?client_id={}"
AFTER = """\
Add it to a server:  {server}
Add it to yourself:  {person}
Start it:            waymark run
Then type /waymark in any channel. The commands show after a minute; if not, restart Discord (Ctrl-R).
The server's owner gets a direct message with a text to pin. If theirs are closed, here it is:
  {pin}
"""


async def run_setup(  # noqa: PLR0913, PLR0917 - a conversation with a person: what asks, what says, where it is kept
    settings: Settings, ours: DiscordSettings, now: Clock, ask: Callable[[str], str], say: Say, kept_in: Path
) -> int:
    """Set a bot up with the token that is set, or one that is asked for and then kept; return the exit code.

    Who pastes something else is asked again; raises SettingsError after some tries.
    """
    if ours.discord_token is not None:
        try:
            await _set_up(settings, ours, now, say, None)
        except RefusedTokenError as error:
            raise SettingsError(f"{error.sentence} {INSTEAD}") from None
        return 0
    say(BEFORE)
    for left in reversed(range(TRIES)):
        try:
            await _set_up(settings, _with_token(ours, _typed(ask)), now, say, kept_in)
            break
        except RefusedTokenError as error:
            if not left:
                raise
            say(f"{error.sentence}\n")
    return 0


async def _set_up(settings: Settings, ours: DiscordSettings, now: Clock, say: Say, kept_in: Path | None) -> None:
    async with logged_in(ours) as client:
        say(f"The token is right: this is {client.user}.\n")
        if kept_in is not None:
            _keep(ours.token(), kept_in)
            say(f"It is kept in {kept_in}, readable by you alone.\n")
        pack = load_pack(settings.waymark_pack or shipped_pack())
        await _sync(client, settings, pack, now, say)
        server, person = server_link(application_of(client)), person_link(application_of(client))
        say(AFTER.format(server=server, person=person, pin=to_pin(pack)))


def _typed(ask: Callable[[str], str]) -> str:
    try:
        return ask("Token (it stays hidden): ")
    except EOFError:
        raise SettingsError("No token came. Run it where you can type, or set DISCORD_TOKEN.") from None


async def run_sync(settings: Settings, ours: DiscordSettings, now: Clock, say: Say) -> int:
    """Tell Discord of the commands if they have changed; return the exit code."""
    async with logged_in(ours) as client:
        pack = load_pack(settings.waymark_pack or shipped_pack())
        await _sync(client, settings, pack, now, say)
    return 0


def server_link(application: int) -> str:
    """Return the address by which a server gets the bot: it asks for no right at all."""
    return f"{_AUTHORIZE.format(application)}&scope=bot+applications.commands&permissions=0"


def person_link(application: int) -> str:
    """Return the address by which somebody gets the commands everywhere, for themselves."""
    return f"{_AUTHORIZE.format(application)}&scope=applications.commands&integration_type=1"


@asynccontextmanager
async def logged_in(ours: DiscordSettings) -> AsyncIterator[discord.Client]:
    """Log in with the token that is set; raises SettingsError for one that is refused."""
    lead(ours)
    async with rest_client() as client:
        await login(client, ours.token())
        yield client


async def _sync(client: discord.Client, settings: Settings, pack: Pack, now: Clock, say: Say) -> None:
    declaration = declared(COMMANDS.values(), vocabulary_of(pack), shipped_languages())
    async with aclosing(await open_store(settings.database_url.get_secret_value())) as store:
        try:
            changed = await sync(client, store.marks, declaration, now())
        except (discord.DiscordException, aiohttp.ClientError) as error:
            raise SettingsError(
                f"Discord did not take the commands ({type(error).__name__}). Try again in a while: "
                "waymark discord sync"
            ) from error
    say("Discord knows the commands now.\n" if changed else "Discord knows the commands already.\n")


def _with_token(ours: DiscordSettings, token: str) -> DiscordSettings:
    try:
        return DiscordSettings.model_validate(ours.model_dump(exclude_none=True) | {"discord_token": token})
    except ValidationError:
        raise RefusedTokenError("That is no bot's token: it has three parts with dots between them.") from None


def _keep(token: str, file: Path) -> None:
    """Write the token into the file that settings are read from, which nobody else may read; the rest of it stays."""
    before = file.read_text("utf-8").splitlines() if file.exists() else []
    lines = [*(line for line in before if not line.startswith("DISCORD_TOKEN=")), f"DISCORD_TOKEN={token}"]
    new = file.with_name(f"{file.name}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
        opened.write("\n".join(lines) + "\n")
    new.replace(file)
