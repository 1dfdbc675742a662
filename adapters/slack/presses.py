"""What a press in Slack says: what was pressed, where it stands, and where an answer goes. Pure; trusts nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.wire import Wire, from_wire

TAKE_BACK = "take-back"
ERASE = "erase"  # the menu of people; whom it names is asked about first
_PERSON = re.compile(r"[A-Z0-9]{1,40}")


@dataclass(frozen=True, slots=True)
class Press:
    """One press. `private` if nobody but who pressed can see the message, `home` if it stands in the App Home."""

    wire: Wire
    address: str | None
    channel: str
    message: str
    thread: str | None
    private: bool
    home: bool
    take_back_of: str | None = None

    @property
    def in_direct(self) -> bool:
        """Whether it was pressed in a conversation with the bot alone."""
        return self.channel.startswith("D")


def read_press(body: Mapping[str, Any]) -> Press | None:
    """Read a press from its payload; None for one that is not ours."""
    action: Mapping[str, Any] = next(iter(body.get("actions") or ()), {})
    value = action.get("value") or (action.get("selected_option") or {}).get("value")
    person = action.get("selected_user")
    if action.get("action_id") == ERASE and isinstance(person, str) and _PERSON.fullmatch(person):
        value = f"waymark erase @{person}"
    if not isinstance(value, str):
        return None
    container = body.get("container") or {}
    channel = str(container.get("channel_id") or (body.get("channel") or {}).get("id") or "")
    return Press(
        wire=from_wire(value),
        address=body.get("response_url"),
        channel=channel,
        message=str(container.get("message_ts") or ""),
        thread=container.get("thread_ts"),
        private=bool(container.get("is_ephemeral")) or channel.startswith("D"),
        home=container.get("type") == "view",
        take_back_of=value if action.get("action_id") == TAKE_BACK and _PERSON.fullmatch(value) else None,
    )
