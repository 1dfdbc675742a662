"""The commands as Discord is told of them, and when."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord as library
import pytest
from doubles.discord import TOKEN, Discord
from doubles.discord_limits import COMMAND_CHARACTERS, published, refused_by_schema, with_schema
from doubles.discord_listening import NOW

from adapters.discord.connect import rest_client
from adapters.discord.languages import read_language, shipped_languages
from adapters.discord.sync import declared, fingerprint, sync
from bot.commands import COMMANDS
from bot.errors import SettingsError
from bot.pack.find import vocabulary_of
from bot.pack.load import load_pack, shipped_pack
from bot.store.engine import Store

VOCABULARY = vocabulary_of(load_pack(shipped_pack()))
LANGUAGES = shipped_languages()
DECLARED = declared(COMMANDS.values(), VOCABULARY, LANGUAGES)


@pytest.fixture
async def client(discord: Discord) -> AsyncIterator[library.Client]:
    assert discord.base
    async with rest_client() as made:
        await made.login(TOKEN)
        yield made


def _longest(part: dict[str, Any], name: str) -> int:
    """Count as Discord does: the longest translation."""
    return max(map(len, (part.get(name, ""), *part.get(f"{name}_localizations", {}).values())))


def _texts(part: Any) -> int:  # noqa: ANN401 - JSON
    if isinstance(part, list):
        return sum(map(_texts, part))
    if isinstance(part, dict):
        said = sum(_longest(part, name) for name in ("name", "description"))
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
    assert [command["name"] for command in DECLARED] == list(COMMANDS)
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
    assert [option["name"] for option in by_name["nudge"]["options"]] == ["destination", "days", "time", "zone"]
    assert by_name["nudge"]["options"][-1]["autocomplete"]


def test_the_fingerprint_changes_with_any_word() -> None:
    other = declared(
        (*list(COMMANDS.values())[:-1], replace(COMMANDS["waymark"], summary="Else")), VOCABULARY, LANGUAGES
    )
    untranslated = declared(COMMANDS.values(), VOCABULARY, ())
    assert fingerprint(DECLARED) == fingerprint(declared(COMMANDS.values(), VOCABULARY, shipped_languages()))
    assert len({fingerprint(each) for each in (DECLARED, other, untranslated)}) == 3


def _parts(language: str) -> Iterator[tuple[dict[str, Any], str]]:
    for part in (*DECLARED, *(option for command in DECLARED for option in command["options"])):
        yield part, part["description_localizations"].get(language, "")


@pytest.mark.parametrize("locale", ["hi", "es-ES", "es-419"])
def test_what_discord_shows_of_the_commands_is_translated_whole(locale: str) -> None:
    """A description that is changed in English loses its translations, and this tells of it."""
    assert [part["description"] for part, translated in _parts(locale) if not translated] == []
    for command in DECLARED:
        names = [option["name_localizations"][locale] for option in command["options"]]
        assert len(set(names)) == len(names)
        assert "name_localizations" not in command


@with_schema
def test_translations_are_for_locales_that_discord_has() -> None:
    there = {each["const"] for each in published()["components"]["schemas"]["AvailableLocalesEnum"]["oneOf"]}
    assert {locale for language in LANGUAGES for locale in language.locales} <= there


def test_no_translation_is_of_something_that_there_is_not() -> None:
    said = {part["description"] for part, _ in _parts("hi")}
    named = {option["name"] for command in DECLARED for option in command["options"]}
    for language in LANGUAGES:
        assert set(language.descriptions) <= said
        assert set(language.names) <= named


def test_a_second_role_has_its_number_in_every_language() -> None:
    role = next(option for option in DECLARED[0]["options"] if option["name"] == "role-2")
    assert role["name_localizations"]["es-ES"] == "puesto-2"
    assert role["description_localizations"]["es-419"] == "Otro puesto"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("for: [hi]", "three parts"),
        ("for: [hi]\nnames: {role: 'Un Puesto'}\ndescriptions: {}", "Un Puesto"),
        ("for: [hi]\nnames: {role: Puesto}\ndescriptions: {}", "Puesto"),
        ("for: [hi]\nnames: {role: no}\ndescriptions: {}", "small letters"),
        (f"for: [hi]\nnames: {{}}\ndescriptions: {{A: {'x' * 101}}}", "1 to 100 characters"),
        ("for: [", "is not YAML"),
    ],
)
def test_a_translation_that_discord_would_refuse_is_told_with_its_file(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "dutch.yaml"
    file.write_text(written)
    with pytest.raises(SettingsError, match=said) as told:
        read_language(file)
    assert told.value.sentence.startswith(str(file))


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
