"""What Discord refuses: its published schema where that is at hand, and the limits that the schema leaves out."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

COMPONENTS, CHARACTERS, COMMAND_CHARACTERS = 40, 4000, 8000
TEXT, SELECT, FILE = 10, 3, 13
CONTRACTS = os.environ.get("WAYMARK_CONTRACTS")

with_schema = pytest.mark.skipif(CONTRACTS is None, reason="WAYMARK_CONTRACTS names no folder with the schemas")


@lru_cache(maxsize=1)
def published() -> dict[str, Any]:
    """Return Discord's own description of its API; raises KeyError without WAYMARK_CONTRACTS."""
    spec: dict[str, Any] = json.loads(Path(os.environ["WAYMARK_CONTRACTS"], "discord-openapi.json").read_text())
    return spec


@lru_cache(maxsize=64)
def _validator(method: str, path: str) -> jsonschema.Draft202012Validator | None:
    body = published()["paths"][path][method.lower()].get("requestBody")
    if body is None:
        return None
    schema = body["content"]["application/json"]["schema"]
    return jsonschema.Draft202012Validator(schema | {"components": published()["components"]})


def refused_by_schema(method: str, path: str, body: object) -> list[str]:
    """List what the schema has against a body; nothing where there is no schema at hand."""
    validator = _validator(method, path) if CONTRACTS else None
    if validator is None:
        return []
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(_with_written_ids(body))]


def _with_written_ids(body: object) -> object:
    """Write the ids of attachments as texts: Discord takes its libraries' numbers, and its schema knows only texts."""
    if not isinstance(body, Mapping):
        return body
    changed = dict(body)
    if "data" in body:
        changed["data"] = _with_written_ids(body["data"])
    if "attachments" in body:
        changed["attachments"] = [each | {"id": str(each["id"])} for each in body["attachments"] or []]
    return changed


def nested(components: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Go through components and all that stand in them."""
    for component in components:
        yield component
        yield from nested(component.get("components", []))


def refused_by_limits(message: Mapping[str, Any]) -> list[str]:
    """List what is against a message beyond the schema: counts over the whole of it, ids that stand there twice."""
    every = list(nested(message.get("components") or []))
    said = "".join(component["content"] for component in every if component["type"] == TEXT)
    ids = Counter(component["custom_id"] for component in every if "custom_id" in component)
    found = [f"custom_id {name!r} stands there {count} times" for name, count in ids.items() if count > 1]
    if len(every) > COMPONENTS:
        found.append(f"{len(every)} components")
    if len(said.encode("utf-16-le")) // 2 > CHARACTERS:
        found.append(f"{len(said)} characters")
    for component in every:
        if component["type"] == SELECT:
            values = Counter(option["value"] for option in component["options"])
            found += [f"value {value!r} stands there {count} times" for value, count in values.items() if count > 1]
        found += list(_too_long(component))
    if every and (message.get("content") or message.get("embeds")):
        found.append("content or embeds beside components V2")
    return found


def _too_long(component: Mapping[str, Any]) -> Iterator[str]:
    limits = {"label": 80, "custom_id": 100, "placeholder": 150, "value": 100, "content": 4000}
    for name, most in limits.items():
        text = component.get(name)
        if text is not None and not 1 <= len(text) <= most:
            yield f"{name} of {len(text)} characters"
    if not 1 <= len(component.get("components", [None])) <= COMPONENTS:
        yield "an empty component"
    if len(component.get("options", [None])) > 25:
        yield "too many options"
    for option in component.get("options", []):
        if not 1 <= len(option["label"]) <= 100 or not 1 <= len(option["value"]) <= 100:
            yield f"option {option}"
