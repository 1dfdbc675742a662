"""Reply -> JSON, for scripts: the meaning of an answer, with no look. Its shape is described in docs/terminal.md."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, get_args

from bot.reply import Action, Block, Reply

_TYPED = frozenset((*get_args(Block), *get_args(Action)))


def as_json(reply: Reply) -> str:
    """Write a reply as one JSON object; every block and action carries its type, every field its name."""
    return json.dumps(_neutral(reply), ensure_ascii=False, indent=2)


def _neutral(part: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    if isinstance(part, Enum):
        return part.value
    if isinstance(part, datetime):
        return part.isoformat()
    if isinstance(part, tuple):
        return [_neutral(item) for item in part]
    if is_dataclass(part):
        kind = {"type": type(part).__name__.lower()} if type(part) in _TYPED else {}
        return kind | {field.name: _neutral(getattr(part, field.name)) for field in fields(part)}
    return part
