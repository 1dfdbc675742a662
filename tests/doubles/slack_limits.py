"""Slack's limits on what it shows, as its own documentation gives them; says which one a payload breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = Any
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
AGGREGATE = 13_000  # characters over all blocks of a message; measured by others, not documented
TEXT = 40_000


def broken_limits(payload: dict[str, Any], most: int = MESSAGE_BLOCKS) -> list[str]:
    """List what is wrong with a message or view; nothing is what Slack takes."""
    blocks = payload.get("blocks", [])
    found = [problem for block in blocks for problem in _of_block(block)]
    found += [f"{len(blocks)} blocks"] if len(blocks) > most else []
    found += ["msg_blocks_too_long"] if sum(map(characters, blocks)) > AGGREGATE else []
    found += ["msg_too_long"] if len(payload.get("text", "")) > TEXT else []
    ids = [element["action_id"] for block in blocks if block["type"] == "actions" for element in block["elements"]]
    found += ["action_id twice"] if len(ids) != len(set(ids)) else []
    return found


def characters(part: Json) -> int:
    """Count the characters of all text objects and text elements."""
    if isinstance(part, list):
        return sum(map(characters, part))
    if not isinstance(part, dict):
        return 0
    own = part.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(characters(value) for value in part.values())


def _of_block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from _text(block["text"], 150, {"plain_text"})
        case "section":
            yield from _text(block["text"], 3000, {"plain_text", "mrkdwn"})
        case "context":
            yield from _count("context", block["elements"], 10)
            for element in block["elements"]:
                yield from _text(element, 2000, {"plain_text", "mrkdwn"})
        case "rich_text":
            yield from _count("rich_text", block["elements"], 1000)
            for element in block["elements"]:
                yield from _rich(element)
        case "actions":
            yield from _count("actions", block["elements"], 25)
            for element in block["elements"]:
                yield from _element(element)
        case other if other != "divider":
            yield f"unknown block {other}"


def _rich(element: Json) -> Iterator[str]:
    match element["type"]:
        case "rich_text_section":
            yield from _count("rich_text_section", element["elements"], 1000)
            for part in element["elements"]:
                if part["type"] == "user" and part["user_id"]:
                    continue
                if part["type"] != "text" or not part["text"]:
                    yield f"rich text part {part}"
        case "rich_text_list":
            yield from _count("rich_text_list", element["elements"], 1000)
            for section in element["elements"]:
                yield from _rich(section)
        case other:
            yield f"unknown rich text {other}"


def _element(element: Json) -> Iterator[str]:
    if not 1 <= len(element["action_id"]) <= 255:
        yield "action_id"
    match element["type"]:
        case "button":
            yield from _text(element["text"], 75, {"plain_text"})
            if not 1 <= len(element["value"]) <= 2000:
                yield "button value"
        case "static_select":
            yield from _text(element["placeholder"], 150, {"plain_text"})
            yield from _count("options", element["options"], 100)
            for option in element["options"]:
                yield from _text(option["text"], 75, {"plain_text"})
                if not 1 <= len(option["value"]) <= 150:
                    yield "option value"
        case "users_select":
            yield from _text(element["placeholder"], 150, {"plain_text"})
        case other:
            yield f"unknown element {other}"


def _text(given: Json, most: int, kinds: set[str]) -> Iterator[str]:
    if given["type"] not in kinds:
        yield f"{given['type']} where {kinds} goes"
    if not 1 <= len(given["text"]) <= most:
        yield f"{len(given['text'])} characters where {most} go"
    if given["type"] == "mrkdwn" and not given.get("verbatim"):
        yield "mrkdwn that is not verbatim reads mentions out of plain words"
    if given["type"] == "plain_text" and given.get("emoji", True):
        yield "plain_text that reads emoji codes"


def _count(name: str, given: list[Json], most: int) -> Iterator[str]:
    if not 1 <= len(given) <= most:
        yield f"{len(given)} in {name}"
