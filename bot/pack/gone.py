"""What an id that went away stands for today. Knows tombstones, not what the ids name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.pack.model import Tombstone


def follow(name: str, gone: Mapping[str, Tombstone]) -> str | None:
    """Follow an id through its tombstones to today's; None for what is retired, or where they run in a circle."""
    passed = set[str]()
    while name in gone:
        following = gone[name].to
        passed.add(name)
        if following is None or following in passed:
            return None
        name = following
    return name
