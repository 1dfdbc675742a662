"""`waymark doctor`: looks at everything that a process needs, and says of each ok, or what to do. Changes nothing."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from adapters.configured import discord_configured, slack_configured
from bot.errors import PackError, SettingsError
from bot.pack.load import load_pack, shipped_pack
from bot.settings import read_settings
from bot.store.migrate import pending, revisions
from bot.store.place import place_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings

Found = tuple[str, bool, str]  # of a platform: what was looked at, whether it is well, a word on it
FRESH_UNTIL = (7, 1)  # a year's zone data is old from July of the next; there are several releases every year


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at: whether it is as it should be, and what is to be said of it."""

    what: str
    ok: bool
    said: str


async def run_doctor(now: datetime, environment: Mapping[str, str]) -> int:
    """Print a line for each thing that was looked at; return 0 if all is well, 1 if something is to be done."""
    well = True
    async for checked in examine(now.date(), environment):
        well = well and checked.ok
        sys.stdout.write(f"{'ok' if checked.ok else 'DO':<4}{checked.what:<12}{checked.said}\n")
    return 0 if well else 1


async def examine(today: date, environment: Mapping[str, str]) -> AsyncIterator[Checked]:
    """Look at one thing after another; where the settings cannot be read, what depends on them is left out."""
    try:
        settings = read_settings()
    except SettingsError as error:
        yield Checked("settings", ok=False, said=error.sentence)
    else:
        yield Checked("settings", ok=True, said=_set(settings))
        async for checked in _database(settings, environment):
            yield checked
        yield _pack(settings)
        async for checked in _platform("discord", partial(_discord, settings)):
            yield checked
        async for checked in _platform("slack", _slack):
            yield checked
    yield zones(_installed("tzdata"), today)


def _set(settings: Settings) -> str:
    names = sorted(name.upper() for name in settings.model_fields_set)
    return f"set: {', '.join(names)}" if names else "none is set, and none has to be"


async def _database(settings: Settings, environment: Mapping[str, str]) -> AsyncIterator[Checked]:
    url = settings.database_url.get_secret_value()
    try:
        place = place_of(url)
        if place.is_file and not place.can_be_written:
            said = f"{place.name} may not be written by this user. Allow it, or set DATABASE_URL to another one."
            yield Checked("database", ok=False, said=said)
        elif place.is_new:
            yield Checked("database", ok=True, said=f"{place.name} is made when something is first kept")
        else:
            lacking = await pending(url)
            yield Checked("database", ok=True, said=f"{place}: answers")
            yield _migrations(lacking)
    except SettingsError as error:
        yield Checked("database", ok=False, said=error.sentence)
        return
    if warning := may_not_last(url, settings.port, environment):
        yield Checked("disk", ok=False, said=warning)


def _migrations(lacking: tuple[str, ...]) -> Checked:
    if lacking:
        return Checked(
            "migrations", ok=False, said=f"{len(lacking)} of {len(revisions())} are missing: waymark migrate"
        )
    return Checked("migrations", ok=True, said=f"up to date ({revisions()[-1]})")


def may_not_last(url: str, port: int | None, environment: Mapping[str, str]) -> str | None:
    """Warn of a SQLite file where a host seems to run us: its disk is often gone with the next start."""
    hosted = port is not None or "DYNO" in environment
    if not place_of(url).is_file or not hosted:
        return None
    return (
        "PORT or DYNO is set, as hosts do, and the database is a SQLite file: if the disk is not kept between "
        "starts, all progress is lost. Set DATABASE_URL to a PostgreSQL database, or put the file on a volume."
    )


async def _platform(name: str, look: Callable[[], AsyncIterator[Found] | None]) -> AsyncIterator[Checked]:
    """Look at a platform where something is set for it."""
    try:
        looking = look()
    except SettingsError as error:
        yield Checked(name, ok=False, said=error.sentence)
        return
    if looking is not None:
        async for what, ok, said in looking:
            yield Checked(what, ok, said)


def _discord(settings: Settings) -> AsyncIterator[Found] | None:
    ours = discord_configured()
    if ours is None:
        return None
    from adapters.discord.doctor import examined  # noqa: PLC0415 - imports discord.py

    return examined(settings, ours)


def _slack() -> AsyncIterator[Found] | None:
    ours = slack_configured()
    if ours is None:
        return None
    from adapters.slack.doctor import examined  # noqa: PLC0415 - imports Slack's packages

    return examined(ours)


def _pack(settings: Settings) -> Checked:
    folder = settings.waymark_pack or shipped_pack()
    try:
        pack = load_pack(folder)
    except PackError as error:
        return Checked("pack", ok=False, said=f"{error.sentence} All of it: waymark check {folder}")
    return Checked("pack", ok=True, said=f"{pack.name}, version {pack.version}")


def zones(release: str | None, today: date) -> Checked:
    """Judge the time zone data by its release, such as 2026.2: clocks are changed by law, often at short notice."""
    if release is None:
        return Checked("tzdata", ok=False, said="missing; install it: pip install tzdata")
    year = int(release.partition(".")[0])
    if today >= date(year + 1, *FRESH_UNTIL):
        return Checked("tzdata", ok=False, said=f"{release} is old; renew it: pip install --upgrade tzdata")
    return Checked("tzdata", ok=True, said=release)


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
