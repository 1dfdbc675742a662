"""The format as JSON Schema, one document a kind of file, so that an editor helps while a pack is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pack.format import FILES

if TYPE_CHECKING:
    from bot.pack.shapes import JsonSchema


def json_schema() -> dict[str, JsonSchema]:
    """Return the JSON Schema of every kind of file, by the kind's name: `pack`, `role`, `roadmap` and so on."""
    return {
        kind: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"Waymark knowledge pack: {each.pattern}",
            **each.shape.schema(),
        }
        for kind, each in FILES.items()
    }
