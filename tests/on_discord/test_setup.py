"""Setting a bot up: what people paste, what Discord says to it, what is told and kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web
from doubles.discord import TOKEN, Call, Discord, error
from doubles.discord_listening import NOW
from pydantic import SecretStr

from adapters.discord.settings import DiscordSettings
from adapters.discord.setup import TRIES, run_setup, run_sync
from bot.errors import SettingsError
from bot.settings import Settings

OTHER = "bm9ib2R5.s.token"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("discord", "discord.client", "discord.state")]
    before = [(each.handlers, each.level, each.propagate) for each in loggers]
    yield
    for each, (handlers, level, propagate) in zip(loggers, before, strict=True):
        each.handlers, each.propagate = handlers, propagate
        each.setLevel(level)


class Terminal:
    """Somebody at a terminal: pastes one thing after the other, and then leaves."""

    def __init__(self, *pastes: str) -> None:
        self.pastes = list(pastes)
        self.asked = 0
        self.said = ""

    def ask(self, _: str) -> str:
        self.asked += 1
        if not self.pastes:
            raise EOFError
        return self.pastes.pop(0)

    def say(self, text: str) -> None:
        self.said += text


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=SecretStr(f"sqlite:///{tmp_path / 'waymark.sqlite3'}"))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def ours(discord: Discord, token: str | None = None) -> DiscordSettings:
    secret = SecretStr(token) if token else None
    return DiscordSettings(
        discord_token=secret, discord_api_url=discord.api_url, discord_gateway_url=discord.gateway_url
    )


@pytest.mark.parametrize(
    "pasted",
    [TOKEN, f"  {TOKEN}\n", f"Bot {TOKEN}", f'"{TOKEN}"', f"'Bot {TOKEN}' ", f"DISCORD_TOKEN={TOKEN}", f"bot\t{TOKEN}"],
)
async def test_what_is_pasted_around_a_token_is_left_out(
    discord: Discord, settings: Settings, kept: Path, pasted: str
) -> None:
    person = Terminal(pasted)
    assert await run_setup(settings, ours(discord), lambda: NOW, person.ask, person.say, kept) == 0
    assert read(kept) == f"DISCORD_TOKEN={TOKEN}\n"
    assert TOKEN not in person.said
    assert discord.commands


@pytest.mark.parametrize("around", ["  {} ", "Bot {}", '"{}"'])
def test_a_token_that_is_set_is_read_in_the_same_way(monkeypatch: pytest.MonkeyPatch, around: str) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", around.format(TOKEN))
    assert DiscordSettings().token() == TOKEN


async def test_who_pastes_something_else_is_asked_again(discord: Discord, settings: Settings, kept: Path) -> None:
    person = Terminal("123456789012345678", OTHER, TOKEN)
    assert await run_setup(settings, ours(discord), lambda: NOW, person.ask, person.say, kept) == 0
    assert person.said.index("three parts with dots") < person.said.index("Discord refuses the token")
    assert "scope=bot" in person.said
    assert read(kept) == f"DISCORD_TOKEN={TOKEN}\n"


@pytest.mark.parametrize("pasted", ["", "no token", OTHER, "aaaa.bbb.cçc"])
async def test_after_some_tries_it_ends_and_keeps_nothing(
    discord: Discord, settings: Settings, kept: Path, pasted: str
) -> None:
    person = Terminal(*[pasted] * 9)
    with pytest.raises(SettingsError):
        await run_setup(settings, ours(discord), lambda: NOW, person.ask, person.say, kept)
    assert person.asked == TRIES
    assert read(kept) == ""


async def test_where_nobody_can_type_it_says_so(discord: Discord, settings: Settings, kept: Path) -> None:
    person = Terminal()
    with pytest.raises(SettingsError, match="Run it where you can type"):
        await run_setup(settings, ours(discord), lambda: NOW, person.ask, person.say, kept)


async def test_a_token_that_is_set_and_refused_is_told_with_the_way_to_another(
    discord: Discord, settings: Settings, kept: Path
) -> None:
    person = Terminal(TOKEN)
    with pytest.raises(SettingsError, match=r"refuses the token .* take the line out of \.env"):
        await run_setup(settings, ours(discord, OTHER), lambda: NOW, person.ask, person.say, kept)
    assert person.asked == 0


async def test_commands_that_discord_does_not_take_are_one_sentence_and_the_token_is_kept(
    discord: Discord, settings: Settings, kept: Path
) -> None:
    discord.answers.append(partial(_refused, method="PUT"))
    person = Terminal(TOKEN)
    with pytest.raises(SettingsError, match=r"did not take the commands .* waymark discord sync"):
        await run_setup(settings, ours(discord), lambda: NOW, person.ask, person.say, kept)
    assert read(kept)
    discord.answers.clear()
    assert await run_sync(settings, ours(discord, TOKEN), lambda: NOW, person.say) == 0
    assert discord.commands


async def test_a_network_that_is_gone_is_one_sentence_and_asks_for_no_other_token(
    discord: Discord, settings: Settings, kept: Path
) -> None:
    person = Terminal(TOKEN, TOKEN)
    discord.answers.append(_hung_up)
    with pytest.raises(SettingsError, match="cannot be reached"):
        await run_setup(settings, ours(discord), lambda: NOW, person.ask, person.say, kept)
    assert person.asked == 1


def read(kept: Path) -> str:
    return kept.read_text() if kept.exists() else ""


async def _refused(call: Call, method: str) -> web.Response | None:
    return error(400, 50035) if call.method == method else None


async def _hung_up(_: Call) -> web.Response | None:
    raise web.HTTPServiceUnavailable
