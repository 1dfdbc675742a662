"""Replies as Discord is sent them, for who builds a pack or a command: JSON, one object a message."""

from __future__ import annotations

import json

from adapters.discord.render import render_all
from bot.reply import Reply

COMPONENTS_V2 = 1 << 15  # the flag of a message that is made of components alone


def preview(reply: Reply) -> str:
    """Write the messages that a reply becomes, one after the other."""
    messages = ({"flags": COMPONENTS_V2, "components": components} for components in render_all(reply))
    return "\n".join(json.dumps(message, ensure_ascii=False, indent=2) for message in messages)
