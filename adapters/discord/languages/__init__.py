"""The words of the commands in other languages: one YAML file a language beside this, with the English as its keys.

Knows no command. Only what Discord itself shows is translated; answers stay in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingsError

DESCRIPTION = 100  # characters
_NAME = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")  # as Discord has it, with the signs of Hindi and Thai
_PARTS = {"for", "descriptions", "names"}


@dataclass(frozen=True, slots=True)
class Language:
    """Descriptions by their English text, and options' names by their English name, for some of Discord's locales."""

    locales: tuple[str, ...]
    descriptions: Mapping[str, str]
    names: Mapping[str, str]


def shipped_languages() -> tuple[Language, ...]:
    """Read the files beside this; raises SettingsError for one that cannot be used, and says why."""
    return tuple(read_language(file) for file in sorted(Path(__file__).parent.glob("*.yaml")))


def read_language(file: Path) -> Language:
    """Read one language; raises SettingsError for what Discord would refuse."""
    try:
        written: Any = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not YAML: {error}") from None
    if not isinstance(written, dict) or set(written) != _PARTS:
        raise SettingsError(f"{file} needs three parts and no others: for, descriptions, names.")
    for text in written["descriptions"].values():
        if not isinstance(text, str) or not 1 <= len(text) <= DESCRIPTION:
            raise SettingsError(f"{file}: a description has 1 to {DESCRIPTION} characters, and this has not: {text}")
    for name in written["names"].values():
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name != name.lower():
            raise SettingsError(f"{file}: a name is 1 to 32 small letters without blanks, and this is not: {name}")
    return Language(tuple(written["for"]), written["descriptions"], written["names"])


def descriptions(languages: Iterable[Language], english: str) -> dict[str, str]:
    """Give the translations of a description, by Discord's locales."""
    return {
        locale: language.descriptions[english]
        for language in languages
        for locale in language.locales
        if english in language.descriptions
    }


def names(languages: Iterable[Language], english: str) -> dict[str, str]:
    """Give the translations of a name, by Discord's locales; a number behind it (`role-2`) stays."""
    word, dash, number = english.partition("-")
    return {
        locale: f"{language.names[word]}{dash}{number}"
        for language in languages
        for locale in language.locales
        if word in language.names
    }
