"""Many rows given to one statement, each with values of its own, as a table: in the words of either database.

A statement is built once for each kind of database, which is the name of SQLAlchemy's dialect; its rows are parameters.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, Text, bindparam, column, func, select, type_coerce

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Column, ColumnElement, FromClause
    from sqlalchemy.engine import Dialect

Like = dict[str, "Column[Any]"]  # columns of a table of rows: its names, and columns of the same types


def given(kind: str, like: Like) -> FromClause:
    """Stand for the rows that `rows_given` gives."""
    if kind != "sqlite":
        arrays = (bindparam(f"given_{name}", type_=ARRAY(one.type)) for name, one in like.items())
        named = (column(name, one.type) for name, one in like.items())
        return func.unnest(*arrays).table_valued(*named, name="given").render_derived()
    row = func.json_each(bindparam("given", type_=Text)).table_valued("value").c.value
    columns = (
        type_coerce(func.json_extract(row, f"$[{place}]"), one.type).label(name)
        for place, (name, one) in enumerate(like.items())
    )
    return select(*columns).subquery("given")


def rows_given(dialect: Dialect, like: Like, rows: Iterable[Sequence[object]]) -> Mapping[str, object]:
    """Give rows, at least one, as the parameters of a statement in which `given` stands for them."""
    values = zip(*rows, strict=True)
    if dialect.name != "sqlite":
        return {f"given_{name}": list(each) for name, each in zip(like, values, strict=True)}
    stored = [_stored(dialect, one, each) for one, each in zip(like.values(), values, strict=True)]
    return {"given": json.dumps(list(zip(*stored, strict=True)))}


def among(kind: str, key: Column[int]) -> ColumnElement[bool]:
    """Say that a key is one of those that `ids_given` gives, however many they are: in one parameter."""
    if kind != "sqlite":
        return key == func.any(bindparam("ids", type_=ARRAY(key.type)))
    return key.in_(select(func.json_each(bindparam("ids", type_=Text)).table_valued("value").c.value))


def ids_given(kind: str, ids: Collection[int]) -> Mapping[str, object]:
    """Give ids as the parameter of a statement in which `among` asks for them."""
    return {"ids": json.dumps(list(ids)) if kind == "sqlite" else list(ids)}


def _stored(dialect: Dialect, like: Column[Any], values: Sequence[object]) -> Iterable[object]:
    """Write values as the database keeps them; most are the same for many rows."""
    store = like.type.dialect_impl(dialect).bind_processor(dialect)
    if store is None:
        return values
    kept = {value: store(value) for value in set(values)}
    return [kept[value] for value in values]
