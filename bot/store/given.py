"""Many rows given to one statement, each with values of its own, as a table: in the words of either database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, column, func, literal, select, type_coerce

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, FromClause
    from sqlalchemy.engine import Dialect


def given(dialect: Dialect, like: Mapping[str, Column[Any]], rows: Iterable[Sequence[object]]) -> FromClause:
    """Give rows, at least one, as a table whose columns have these names and are of these columns' types."""
    values = zip(*rows, strict=True)
    if dialect.name != "sqlite":
        arrays = [_array(one, each) for one, each in zip(like.values(), values, strict=True)]
        named = (column(name, one.type) for name, one in like.items())
        return func.unnest(*arrays).table_valued(*named, name="given").render_derived()
    stored = [_stored(dialect, one, each) for one, each in zip(like.values(), values, strict=True)]
    row = func.json_each(json.dumps(list(zip(*stored, strict=True)))).table_valued("value").c.value
    columns = (
        type_coerce(func.json_extract(row, f"$[{place}]"), one.type).label(name)
        for place, (name, one) in enumerate(like.items())
    )
    return select(*columns).subquery("given")


def among(dialect: Dialect, key: Column[int], ids: Collection[int]) -> ColumnElement[bool]:
    """Say that a key is one of these, however many they are: in one parameter."""
    if dialect.name != "sqlite":
        return key == func.any(_array(key, ids))
    return key.in_(select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value))


def _array(like: Column[Any], values: Iterable[object]) -> ColumnElement[Any]:
    return literal(list(values), ARRAY(like.type))


def _stored(dialect: Dialect, like: Column[Any], values: Sequence[object]) -> Iterable[object]:
    """Write values as the database keeps them; most are the same for many rows."""
    store = like.type.dialect_impl(dialect).bind_processor(dialect)
    if store is None:
        return values
    kept = {value: store(value) for value in set(values)}
    return [kept[value] for value in values]
