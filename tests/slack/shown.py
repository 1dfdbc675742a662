"""What people can read in blocks."""

from __future__ import annotations

from typing import Any


def shown(payload: dict[str, Any]) -> str:
    """Return all text in the blocks of a message or view, as a person reads it."""
    told: list[str] = []

    def walk(part: object) -> None:
        if isinstance(part, list):
            for item in part:
                walk(item)
        elif isinstance(part, dict):
            if isinstance(part.get("text"), str):
                told.append(part["text"])
            for value in part.values():
                walk(value)

    walk(payload["blocks"])
    return "\n".join(told)
