"""What is set for Discord: a wrong value is one sentence that names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.discord.settings import DiscordSettings, discord_settings
from adapters.discord.shards import Shards
from bot.errors import SettingsError

TOKEN = "MTIz.abc-1.d_e"  # noqa: S105 - of nobody


@pytest.mark.parametrize(
    ("count", "ids", "shards"),
    [
        (None, None, Shards()),
        ("4", None, Shards((0, 1, 2, 3), 4)),
        ("8", "0-3", Shards((0, 1, 2, 3), 8)),
        ("8", "5, 1,2-3", Shards((1, 2, 3, 5), 8)),
    ],
)
def test_shards_are_all_unless_this_process_is_told_which(
    monkeypatch: pytest.MonkeyPatch, count: str | None, ids: str | None, shards: Shards
) -> None:
    for name, value in (("DISCORD_SHARD_COUNT", count), ("DISCORD_SHARD_IDS", ids)):
        monkeypatch.setenv(name, value or "")
    assert discord_settings().shards() == shards


@pytest.mark.parametrize(("count", "ids"), [("2", "2"), ("2", "0-5"), ("2", "3-1")])
def test_shards_that_there_are_not_are_named(monkeypatch: pytest.MonkeyPatch, count: str, ids: str) -> None:
    monkeypatch.setenv("DISCORD_SHARD_COUNT", count)
    monkeypatch.setenv("DISCORD_SHARD_IDS", ids)
    with pytest.raises(SettingsError, match="DISCORD_SHARD_IDS names shards that there are not"):
        discord_settings().shards()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISCORD_TOKEN", "123456789"),
        ("DISCORD_API_URL", "http://proxy/api"),
        ("DISCORD_GATEWAY_URL", "http://proxy"),
        ("DISCORD_SHARD_COUNT", "0"),
        ("DISCORD_SHARD_IDS", "all"),
    ],
)
def test_what_cannot_be_used_is_named_and_never_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name} cannot be used as it is. Set it to ") as caught:
        discord_settings()
    assert f" {value} " not in caught.value.sentence


def test_a_missing_token_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    with pytest.raises(SettingsError, match="waymark discord setup"):
        discord_settings().token()


def test_the_token_is_not_shown_by_accident(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert TOKEN not in repr(discord_settings())
    assert discord_settings().token() == TOKEN


@pytest.mark.parametrize("name", sorted(DiscordSettings.model_fields))
def test_every_setting_has_its_heading_in_the_docs(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "discord.md").read_text("utf-8")
    assert f"### `{name.upper()}`\n" in page
