"""Many rows changed by one statement, each to a value of its own: in the words of either database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, func, literal, type_coerce

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Column, ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection


def by_id(
    connection: AsyncConnection, key: Column[int], values: Mapping[int, object], target: Column[Any]
) -> ColumnElement[Any]:
    """Give each row its own value for a column, found by the id in another.

    The rows have to be chosen by the same ids: any other gets NULL.
    """
    if connection.dialect.name == "sqlite":
        stored = target.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        written = {number: stored(value) if stored else value for number, value in values.items()}
        path = literal('$."') + cast(key, Text) + literal('"')
        return type_coerce(func.json_extract(json.dumps(written), path), target.type)
    from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415 - 2 MB that SQLite has no need of

    texts = {str(number): None if value is None else str(value) for number, value in values.items()}
    return cast(func.jsonb_extract_path_text(literal(texts, JSONB), cast(key, Text)), target.type)
