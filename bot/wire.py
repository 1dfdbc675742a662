"""What a button carries: its line, in a short envelope that can ask for another page, or to share the answer.

Pure; knows no platform. What comes back is untrusted: whatever it says is read like any typed line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.command import LINE_LIMIT

WIRE_LIMIT = 100  # characters; the least that a platform takes
LAST_PAGE = 99
_ENVELOPE = re.compile(r"([1-9]\d?)?(!)?\|")


@dataclass(frozen=True, slots=True)
class Wire:
    """A press as it came: the line, the page of its answer that is wanted, and whether to share it."""

    line: str
    page: int = 1
    share: bool = False


def to_wire(line: str, page: int = 1, *, share: bool = False) -> str:
    """Put a line into its envelope: at most 100 characters; raises ValueError for a line or page that is too long."""
    if len(line) > LINE_LIMIT or not 1 <= page <= LAST_PAGE:
        raise ValueError(f"no button can carry page {page} of a line of {len(line)} characters")
    if page == 1 and not share and "|" not in line:
        return line
    return f"{page if page > 1 else ''}{'!' if share else ''}|{line}"


def from_wire(text: str) -> Wire:
    """Open the envelope of a press; text without one is a line."""
    envelope = _ENVELOPE.match(text)
    if envelope is None:
        return Wire(text)
    page, share = envelope.groups()
    return Wire(text[envelope.end() :], int(page or 1), share is not None)
