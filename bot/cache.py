"""What has been worked out once and is kept in memory, up to a number; then all of it is let go."""

from __future__ import annotations

from typing import TypeVar

CACHED = 4096  # entries; of answers, a few megabytes

Key = TypeVar("Key")
Kept = TypeVar("Kept")


def keep(cache: dict[Key, Kept], key: Key, kept: Kept, most: int = CACHED) -> Kept:
    """Keep something under a key, and return it."""
    if len(cache) >= most:
        cache.clear()
    cache[key] = kept
    return kept
