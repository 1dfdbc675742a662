"""Replies as Discord is sent them, for who builds a pack or a command: JSON, one object a message."""

from __future__ import annotations

import json
from typing import Any

from adapters.discord.attached import Component, parted
from adapters.discord.render import render_all
from bot.reply import Reply

COMPONENTS_V2 = 1 << 15  # the flag of a message that is made of components alone


def preview(reply: Reply) -> str:
    """Write the messages that a reply becomes, one after the other."""
    messages = (_message(components) for components in render_all(reply))
    return "\n".join(json.dumps(message, ensure_ascii=False, indent=2) for message in messages)


def _message(drawn: list[Component]) -> dict[str, Any]:
    components, files = parted(drawn)
    message: dict[str, Any] = {"flags": COMPONENTS_V2, "components": components}
    return message | {"attachments": [{"filename": name} for name in files]} if files else message
