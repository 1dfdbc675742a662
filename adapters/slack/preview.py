"""What Slack would be sent for an answer, as JSON, for whoever wants to see it without Slack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from adapters.slack.names import names
from adapters.slack.render import message
from bot.commands import COMMANDS

if TYPE_CHECKING:
    from bot.reply import Reply


def preview(reply: Reply) -> str:
    """Write the message of a reply, its commands under their own names."""
    return json.dumps(message(reply, names(COMMANDS)), ensure_ascii=False, indent=2)
