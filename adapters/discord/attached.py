"""Files that a message carries: drawn as components whose text goes along, and parted from them to be sent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Component = dict[str, Any]

FILE = 13
_TEXT = "text"  # beside what Discord knows of a file


def attached(name: str, text: str) -> Component:
    """Draw a file with its text."""
    return {"type": FILE, "file": {"url": f"attachment://{name}"}, _TEXT: text}


def parted(components: Sequence[Component]) -> tuple[list[Component], dict[str, str]]:
    """Part components as Discord takes them from the files that they show: texts by name."""
    files: dict[str, str] = {}
    return [_bare(component, files) for component in components], files


def _bare(component: Component, files: dict[str, str]) -> Component:
    if component["type"] == FILE:
        files[component["file"]["url"].removeprefix("attachment://")] = component[_TEXT]
        return {name: value for name, value in component.items() if name != _TEXT}
    inside = component.get("components")
    return component if inside is None else component | {"components": [_bare(each, files) for each in inside]}
