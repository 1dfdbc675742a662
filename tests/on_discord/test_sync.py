"""The commands as Discord is told of them, and when."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import discord as library
import pytest
from doubles.discord import TOKEN, Discord
from doubles.discord_limits import COMMAND_CHARACTERS, refused_by_schema, with_schema
from doubles.discord_listening import NOW

from adapters.discord.connect import rest_client
from adapters.discord.sync import declared, fingerprint, sync
from bot.commands import COMMANDS
from bot.pack.find import vocabulary_of
from bot.pack.load import load_pack, shipped_pack
from bot.store.engine import Store

VOCABULARY = vocabulary_of(load_pack(shipped_pack()))
DECLARED = declared(COMMANDS, VOCABULARY)


@pytest.fixture
async def client(discord: Discord) -> AsyncIterator[library.Client]:
    assert discord.base
    async with rest_client() as made:
        await made.login(TOKEN)
        yield made


def _texts(part: Any) -> int:  # noqa: ANN401 - JSON
    if isinstance(part, list):
        return sum(map(_texts, part))
    if isinstance(part, dict):
        said = sum(len(part.get(name, "")) for name in ("name", "description"))
        said += len(part["value"]) if isinstance(part.get("value"), str) else 0
        return said + _texts(part.get("options", [])) + _texts(part.get("choices", []))
    return 0


@with_schema
def test_the_declaration_is_as_the_published_schema_has_it() -> None:
    assert not refused_by_schema("PUT", "/applications/{application_id}/commands", DECLARED)


def test_no_limit_of_a_command_is_broken() -> None:
    for command in DECLARED:
        assert _texts(command) <= COMMAND_CHARACTERS
        assert 1 <= len(command["description"]) <= 100
        assert len(command["options"]) <= 25
        assert len({option["name"] for option in command["options"]}) == len(command["options"])
        for option in command["options"]:
            assert len(option.get("choices", [])) <= 25
            assert all(len(choice["name"]) <= 100 for choice in option.get("choices", []))


def test_every_command_is_there_everywhere_and_for_everybody() -> None:
    assert [command["name"] for command in DECLARED] == [command.name for command in COMMANDS]
    assert all(command["contexts"] == [0, 1, 2] for command in DECLARED)
    assert all(command["integration_types"] == [0, 1] for command in DECLARED)


def test_compare_has_typed_options_with_choices_or_suggestions() -> None:
    options = {option["name"]: option for option in DECLARED[0]["options"]}
    assert list(options) == ["role", "role-2", "role-3", "role-4", "aspect", "region", "level"]
    assert {"name": "AI engineer", "value": "ai-engineer"} in options["role"]["choices"]
    assert {"name": "India", "value": "india"} in options["region"]["choices"]


def test_what_only_buttons_carry_is_no_option() -> None:
    by_name = {command["name"]: command for command in DECLARED}
    assert by_name["fit"]["options"] == []
    assert [option["name"] for option in by_name["nudge"]["options"]] == ["roadmap", "days", "time", "zone"]
    assert by_name["nudge"]["options"][-1]["autocomplete"]


def test_the_fingerprint_changes_with_any_word() -> None:
    other = declared((replace(COMMANDS[0], summary="Else"), *COMMANDS[1:]), VOCABULARY)
    assert fingerprint(other) != fingerprint(DECLARED) == fingerprint(declared(COMMANDS, VOCABULARY))


async def test_discord_is_told_only_when_something_changed(
    discord: Discord, client: library.Client, store: Store
) -> None:
    assert await sync(client, store.marks, DECLARED, NOW)
    assert discord.commands == DECLARED
    assert not await sync(client, store.marks, DECLARED, NOW)
    assert await sync(client, store.marks, DECLARED[:1], NOW)
    assert await sync(client, store.marks, DECLARED, NOW), "what was told before the last time has to be told again"
    assert [call.path for call in discord.calls].count("/applications/{application_id}/commands") == 3


async def test_a_sync_that_was_refused_is_tried_again(discord: Discord, client: library.Client, store: Store) -> None:
    from doubles.discord import error  # noqa: PLC0415

    async def refuse(call: Any) -> Any:  # noqa: ANN401
        return error(400, 50035) if call.method == "PUT" else None

    discord.answers.append(refuse)
    with pytest.raises(library.HTTPException):
        await sync(client, store.marks, DECLARED, NOW)
    discord.answers.clear()
    assert await sync(client, store.marks, DECLARED, NOW)
