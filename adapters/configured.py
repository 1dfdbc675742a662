"""Which platforms are configured, and what each brings: a part that answers, and a way to send nudges.

A platform's library is imported only where its settings are there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.discord.settings import DiscordSettings
    from adapters.process import Part
    from adapters.slack.settings import SlackSettings
    from bot.nudges.outcome import Platform
    from bot.settings import Settings
    from bot.store.engine import Store

Clock = Callable[[], "datetime"]


async def platforms(held: AsyncExitStack, settings: Settings, store: Store, now: Clock) -> list[Platform]:
    """Log in wherever a token is set, for as long as `held` stays open; raises SettingsError for a refused one."""
    found: list[Platform] = []
    if discord := discord_configured():
        from adapters.discord.run import nudging  # noqa: PLC0415

        found.append(await held.enter_async_context(nudging(discord, settings.nudges_per_second)))
    if slack := slack_configured():
        from adapters.slack.process import nudging as nudging_in_slack  # noqa: PLC0415

        found.append(await held.enter_async_context(nudging_in_slack(settings, slack, store, now)))
    return found


async def parts(held: AsyncExitStack, settings: Settings, now: Clock) -> list[Part]:
    """Make the parts that answer on the configured platforms; raises SettingsError for what is missing or refused."""
    found: list[Part] = []
    if discord := discord_configured():
        from adapters.discord.run import answering  # noqa: PLC0415

        found.append(await held.enter_async_context(answering(settings, discord, now)))
    if slack := slack_configured():
        from adapters.slack.process import answering as answering_slack  # noqa: PLC0415

        port = settings.port if takes_port() else None
        found.append(await held.enter_async_context(answering_slack(settings, slack, now, port)))
    return found


def takes_port() -> bool:
    """Say whether a part that answers listens on the port itself, and shows health there."""
    slack = slack_configured()
    return slack is not None and slack.slack_app_token is None


def discord_configured() -> DiscordSettings | None:
    """Return what is set for Discord, if it is; raises SettingsError for what is wrong, and without its library."""
    from adapters.discord.settings import discord_settings  # noqa: PLC0415

    found = discord_settings()
    if found.discord_token is None:
        return None
    from adapters.discord.arguments import need_library  # noqa: PLC0415

    need_library()
    return found


def slack_configured() -> SlackSettings | None:
    """Return what is set for Slack, if it is; raises SettingsError for what is wrong, and without its packages."""
    from adapters.slack.settings import slack_settings  # noqa: PLC0415

    found = slack_settings()
    if not found.is_there:
        return None
    from adapters.slack.commands import need_packages  # noqa: PLC0415

    need_packages()
    return found
