"""The commands as Discord is told of them: made from their declarations, and sent only when they have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from adapters.discord.languages import descriptions
from adapters.discord.options import described, options_of

if TYPE_CHECKING:
    from datetime import datetime

    import discord

    from adapters.discord.languages import Language
    from bot.command import Command
    from bot.pack.find import Vocabulary
    from bot.store.marks import Marks

SUMMARY = 100  # characters
_CHAT_INPUT = 1
_EVERYWHERE = (0, 1, 2)  # servers, the bot's own conversation, conversations of others
_FOR_ALL = (0, 1)  # a server's app, and a person's


def declared(
    commands: Iterable[Command], vocabulary: Vocabulary, languages: Sequence[Language]
) -> list[dict[str, Any]]:
    """Declare the commands as Discord wants it; what can be chosen comes from the pack.

    Commands keep their names in all languages, for the answers call them by those.
    """
    return [
        {
            "type": _CHAT_INPUT,
            "name": command.name,
            "description": command.summary[:SUMMARY],
            "description_localizations": descriptions(languages, command.summary),
            "options": [described(option, vocabulary, languages) for option in options_of(command)],
            "contexts": list(_EVERYWHERE),
            "integration_types": list(_FOR_ALL),
        }
        for command in commands
    ]


def fingerprint(declaration: list[dict[str, Any]]) -> str:
    """Return a short text that changes when the declaration does."""
    return hashlib.sha256(json.dumps(declaration, sort_keys=True).encode()).hexdigest()[:16]


def _key(application: int) -> str:
    return f"discord:commands:{application}"


async def is_current(marks: Marks, application: int, declaration: list[dict[str, Any]]) -> bool:
    """Say whether Discord was told of just these commands."""
    return await marks.noted(_key(application)) == fingerprint(declaration)


async def sync(client: discord.Client, marks: Marks, declaration: list[dict[str, Any]], now: datetime) -> bool:
    """Tell Discord of the commands if it was told of others last; say whether that was so.

    `client` is logged in. Only 200 commands may be made a day, so this is not done without need.
    """
    application = application_of(client)
    if await is_current(marks, application, declaration):
        return False
    payload: Any = declaration
    await client.http.bulk_upsert_global_commands(application, payload)
    await marks.note(_key(application), fingerprint(declaration), now)
    return True


def application_of(client: discord.Client) -> int:
    """Return the id of the application that a client is logged in as."""
    if client.application_id is None:
        raise LookupError("the client is not logged in")
    return client.application_id
