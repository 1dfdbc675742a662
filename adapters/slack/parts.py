"""The pieces of Block Kit that answers are made of, each within Slack's limits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from bot.plain import visible
from bot.reply import Action, Button, Menu
from bot.wire import to_wire

Json = dict[str, Any]

BLOCKS = 50
_HEADER = 150
_TEXT = 3000
_CONTEXT = 2000
_LABEL = 75
_PLACEHOLDER = 150
_ROW = 5  # buttons beside each other; a phone shows two to four
EMPTY = "…"  # Slack takes no empty text


def plain_text(words: str, limit: int = _TEXT) -> Json:
    """Make a text without any markup; what is longer than the limit ends in three dots."""
    return {"type": "plain_text", "text": cut(words, limit) or EMPTY, "emoji": False}


def cut(words: str, limit: int) -> str:
    """Cut words to a limit, with three dots in place of what went."""
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def heading(words: str) -> list[Json]:
    """Make a title: a header if it is short enough, else bold text."""
    if not words:
        return []
    if len(words) <= _HEADER:
        return [{"type": "header", "text": plain_text(words, _HEADER)}]
    return rich([section(bold(words))])


def text(words: str) -> Json:
    """Make literal text of a rich text: no markup, mention or link in it is read."""
    return {"type": "text", "text": words}


def bold(words: str) -> Json:
    """Make literal text in bold."""
    return {"type": "text", "text": words, "style": {"bold": True}}


def section(*parts: Json | None) -> Json:
    """Make one line of a rich text; what is empty is left out."""
    told = [part for part in parts if part is not None and part["text"]]
    return {"type": "rich_text_section", "elements": told or [text(EMPTY)]}


def listed(sections: Iterable[Json]) -> Json:
    """Make a list of a rich text."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(sections)}


def rich(parts: Sequence[Json]) -> list[Json]:
    """Put sections and lists into as few rich texts as hold them."""
    made: list[list[Json]] = [[]]
    room = _TEXT
    for part in chain.from_iterable(map(_small, parts)):
        needed = size(part)
        if made[-1] and needed > room:
            made.append([])
            room = _TEXT
        made[-1].append(part)
        room -= needed
    return [{"type": "rich_text", "elements": elements} for elements in made if elements]


def _small(part: Json) -> Iterator[Json]:
    """Part a section or list that no rich text could hold."""
    if size(part) <= _TEXT:
        yield part
    elif part["type"] == "rich_text_list":
        for one in chain.from_iterable(map(_small, part["elements"])):
            yield listed([one])
    else:
        for element in part["elements"]:
            for start in range(0, len(element["text"]), _TEXT):
                yield section(element | {"text": element["text"][start : start + _TEXT]})


def context(words: str) -> Json:
    """Make small text."""
    pieces = [words[start : start + _CONTEXT] for start in range(0, len(words), _CONTEXT)] or [EMPTY]
    return {"type": "context", "elements": [plain_text(piece, _CONTEXT) for piece in pieces]}


def actions(offered: Sequence[Action], more: Sequence[tuple[str, str]] = ()) -> list[Json]:
    """Make the rows of buttons and menus; `more` are labels of further buttons with what they carry."""
    made = [_button(action) if isinstance(action, Button) else _menu(action) for action in offered]
    made += [_pressed(label, wire) for label, wire in more]
    numbered = [element | {"action_id": f"line{place}"} for place, element in enumerate(made)]
    return [{"type": "actions", "elements": numbered[start : start + _ROW]} for start in range(0, len(numbered), _ROW)]


def _button(button: Button) -> Json:
    return _pressed(visible(button.label), to_wire(button.line))


def _pressed(label: str, wire: str) -> Json:
    return {"type": "button", "text": plain_text(label, _LABEL), "value": wire}


def _menu(menu: Menu) -> Json:
    options = [
        {"text": plain_text(visible(option.label), _LABEL), "value": to_wire(option.line)} for option in menu.options
    ]
    return {"type": "static_select", "placeholder": plain_text(visible(menu.label), _PLACEHOLDER), "options": options}


def size(part: object) -> int:
    """Count the characters of text in a block, or in anything made of blocks."""
    if isinstance(part, str):
        return 0
    if isinstance(part, dict):
        own = part.get("text")
        rest = (value for value in part.values() if isinstance(value, (dict, list)))
        return (len(own) if isinstance(own, str) else 0) + sum(map(size, rest))
    return sum(map(size, part)) if isinstance(part, list) else 0
