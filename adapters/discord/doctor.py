"""What `waymark doctor` looks at in Discord: token, intents, ways to add the bot, commands. Changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from adapters.discord.languages import shipped_languages
from adapters.discord.setup import PORTAL, logged_in
from adapters.discord.sync import application_of, declared, is_current
from bot.commands import COMMANDS
from bot.errors import PackError, SettingsError
from bot.pack.find import vocabulary_of
from bot.pack.load import load_pack, shipped_pack
from bot.store.engine import open_store
from bot.store.place import place_of

if TYPE_CHECKING:
    from adapters.discord.settings import DiscordSettings
    from bot.settings import Settings

Found = tuple[str, bool, str]  # what was looked at, whether it is well, a word on it
_INTENTS = {
    "Presence": ("gateway_presence", "gateway_presence_limited"),
    "Server Members": ("gateway_guild_members", "gateway_guild_members_limited"),
    "Message Content": ("gateway_message_content", "gateway_message_content_limited"),
}


async def examined(settings: Settings, ours: DiscordSettings) -> AsyncIterator[Found]:
    """Look at one thing after another; without a store none is made, and nothing is known of the commands."""
    try:
        async with logged_in(ours) as client:
            yield "discord", True, f"the token is right: this is {client.user}"
            application = await client.application_info()
            yield _intents(application)
            for found in _installed(application):
                yield found
            yield await _commands(settings, application_of(client))
    except SettingsError as error:
        yield "discord", False, error.sentence
    except (discord.HTTPException, aiohttp.ClientError) as error:
        yield "discord", False, f"Discord does not tell about the application ({type(error).__name__}); try again"


def _intents(application: discord.AppInfo) -> Found:
    there = [name for name, flags in _INTENTS.items() if any(getattr(application.flags, flag) for flag in flags)]
    if not there:
        return "intents", True, "no privileged one is on, and none is needed"
    named = ", ".join(f"{name} Intent" for name in there)
    return "intents", False, f"not needed: {named}; switch off what no other program of yours needs: {PORTAL}, Bot"


def _installed(application: discord.AppInfo) -> Iterator[Found]:
    """Look at how the bot can be added, and at what would keep commands from coming here."""
    ways = {"Guild Install": application.guild_integration_config, "User Install": application.user_integration_config}
    missing = " and ".join(name for name, way in ways.items() if way is None)
    if missing:
        yield "install", False, f"tick {missing}: {PORTAL}, Installation"
    elif application.bot_require_code_grant:
        yield "install", False, f"the links to add it do not work: switch off Requires OAuth2 Code Grant: {PORTAL}, Bot"
    else:
        yield "install", True, "it can be added to servers, and by people to themselves"
    if application.interactions_endpoint_url:
        said = f"Discord sends them to an address of the web, not here: clear Interactions Endpoint URL: {PORTAL}"
        yield "presses", False, said


async def _commands(settings: Settings, application: int) -> Found:
    """Compare what Discord was told last with what it would be told now."""
    try:
        vocabulary = vocabulary_of(load_pack(settings.waymark_pack or shipped_pack()))
    except PackError:
        return "commands", False, "they cannot be made of this pack; see there"
    declaration = declared(COMMANDS.values(), vocabulary, shipped_languages())
    if _has_store(settings) and await _is_current(settings, application, declaration):
        return "commands", True, "Discord knows them"
    return "commands", False, "they have changed; tell Discord: waymark discord sync"


def _has_store(settings: Settings) -> bool:
    try:
        return not place_of(settings.database_url.get_secret_value()).is_new
    except SettingsError:
        return False


async def _is_current(settings: Settings, application: int, declaration: list[dict[str, Any]]) -> bool:
    async with aclosing(await open_store(settings.database_url.get_secret_value())) as store:
        return await is_current(store.marks, application, declaration)
