"""What is set for Discord. Imports pydantic, as all settings do."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from adapters.discord.shards import Shards
from bot.errors import SettingsError
from bot.settings import WHERE, read

_PASTED = re.compile(
    r"""\s*(?:DISCORD_TOKEN\s*=)?["'\s]*(?:Bot\s+)?([\w-]+\.[\w-]+\.[\w-]+)["'\s]*""", re.ASCII | re.IGNORECASE
)
_SPAN = re.compile(r"(\d+)(?:-(\d+))?")


def _a_token(token: SecretStr) -> SecretStr:
    """Take the token alone out of what is pasted with it, such as Bot or quotes.

    Raises ValueError for what has not its form: people paste the application's id or its public key instead.
    """
    found = _PASTED.fullmatch(token.get_secret_value())
    if not found:
        raise ValueError
    return SecretStr(found[1])


def _numbers(text: str) -> str:
    if not all(_SPAN.fullmatch(part.strip()) for part in text.split(",")):
        raise ValueError
    return text


class DiscordSettings(BaseSettings):
    """The settings of the Discord adapter; a variable is its field's name in capitals."""

    model_config = WHERE

    discord_token: Annotated[SecretStr, AfterValidator(_a_token)] | None = Field(
        default=None, description="the bot's token: three parts with dots between them (Developer Portal, Bot)"
    )
    discord_api_url: str | None = Field(
        default=None,
        pattern=r"^https?://.+/api/v10$",
        description="the address of a proxy for Discord's API, which ends in /api/v10",
    )
    discord_gateway_url: str | None = Field(
        default=None,
        pattern=r"^wss?://.+",
        description="the address of a proxy for the gateway, such as ws://proxy:7878",
    )
    discord_shard_count: int = Field(
        default=1, ge=1, le=16384, description="the number of shards in all processes together"
    )
    discord_shard_ids: Annotated[str, AfterValidator(_numbers)] | None = Field(
        default=None, description="the shards of this process, counted from 0, such as 0-3 or 0,2"
    )

    def token(self) -> str:
        """Return the token; raises SettingsError where none is set."""
        if self.discord_token is None:
            raise SettingsError("DISCORD_TOKEN is missing. Run: waymark discord setup")
        return self.discord_token.get_secret_value()

    def shards(self) -> Shards:
        """Return the shards of this process, all of them unless it is told; raises SettingsError for one too many."""
        count = self.discord_shard_count
        spans = [_SPAN.fullmatch(part.strip()) for part in (self.discord_shard_ids or f"0-{count - 1}").split(",")]
        ids = sorted({number for span in spans if span for number in range(int(span[1]), int(span[2] or span[1]) + 1)})
        if not ids or ids[-1] >= count:
            raise SettingsError(
                f"DISCORD_SHARD_IDS names shards that there are not: with DISCORD_SHARD_COUNT={count} "
                f"they go from 0 to {count - 1}."
            )
        return Shards(tuple(ids), count)


def discord_settings() -> DiscordSettings:
    """Read the settings of the Discord adapter; raises SettingsError for the first that cannot be used."""
    return read(DiscordSettings)
