"""The tables, as queries see them; the migrations make them. Knows no query.

What only the database needs to know stands in the migrations alone: room in each page, and which rows an index holds.
A word of PostgreSQL's here would load its dialect beside SQLite's, which costs 2 MB.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
    false,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Dialect

    _Reader = Callable[[str | None], datetime | None]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused, because nobody can say which moment it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn a moment of any zone into UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a moment needs a time zone, and {value.isoformat()} has none")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> _Reader | None:  # noqa: ARG002
        """Give back UTC; PostgreSQL's driver does, and SQLite keeps a text without a zone."""
        return _read_moment if dialect.name == "sqlite" else None


@lru_cache(maxsize=4096)  # of what falls due together many moments are the same
def _read_moment(kept: str | None) -> datetime | None:
    return None if kept is None else datetime.fromisoformat(kept).replace(tzinfo=UTC)


# An id is never used twice: a press under way while its learner is deleted must not land at the next one.
learner = Table(
    "learner",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lane", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("zone", Text),
    Column("told_zone", Text),
    Column("heard_zone", Text),
    Column("heard_at", Moment),
    Column("locale", Text),  # stays empty, for all is said in English; the version before reads it
    Column("region", Text),
    Column("roadmap", Text),
    Column("dm", Text),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    UniqueConstraint("lane", "person"),
    sqlite_autoincrement=True,
)


def _learner_id(*, primary_key: bool = False) -> Column[int]:
    """Make the column that ties a row to its learner; it goes when they go."""
    return Column("learner_id", ForeignKey(learner.c.id, ondelete="CASCADE"), primary_key=primary_key, nullable=False)


progress = Table(
    "progress",
    metadata,
    _learner_id(primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    CheckConstraint("state IN ('done', 'started', 'skipped', 'known')", name="state"),
)

# One event is one press; its changes are taken back together.
progress_event = Table(
    "progress_event",
    metadata,
    Column("id", Integer, primary_key=True),
    _learner_id(),
    Column("at", Moment, nullable=False),
    Index(None, "learner_id"),
    sqlite_autoincrement=True,
)

progress_change = Table(
    "progress_change",
    metadata,
    Column("event_id", ForeignKey(progress_event.c.id, ondelete="CASCADE"), primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    _learner_id(),
    Column("before", Text),
    Column("after", Text),
    Column("undone_at", Moment),
    Index(None, "learner_id", "scope", "item"),
)

fit = Table(
    "fit",
    metadata,
    _learner_id(primary_key=True),
    Column("sheet", Text, nullable=False),
    Column("pack_version", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

seen = Table(
    "seen",
    metadata,
    Column("key", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

# A note, a lease (value: its holder, at: until when) or the next turn of something.
mark = Table(
    "mark",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# One thing that is forbidden in a community: an aspect hidden, sharing, nudges.
house_rule = Table(
    "house_rule",
    metadata,
    Column("house", Text, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("since", Moment, nullable=False),
)

# A queue of deliveries, and their pace: one workspace of Slack, the whole of Discord, the terminal.
lane = Table(
    "lane",
    metadata,
    Column("id", Text, primary_key=True),
    Column("platform", Text, nullable=False),
    Column("secret", LargeBinary),
    Column("next_at", Moment),
    Column("not_before", Moment),
    Column("held_by", Text),
    Column("held_until", Moment),
    Column("fence", Integer, nullable=False),
    Column("stopped", Text),
    Column("open_since", Moment),
    Index(None, "platform", "next_at"),
)

rule = Table(
    "rule",
    metadata,
    _learner_id(primary_key=True),
    Column("lane", ForeignKey(lane.c.id, ondelete="CASCADE"), nullable=False),
    Column("days", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("zone", Text, nullable=False),
    Column("due_at", Moment),
    Column("due_on", Date),
    Column("paused_until", Moment),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("discreet", Boolean, nullable=False),
    Column("weeks", Boolean, nullable=False, server_default=false()),
    CheckConstraint("state IN ('active', 'waiting', 'paused', 'stopped', 'suspended')", name="state"),
    CheckConstraint("days <> ''", name="days"),
    CheckConstraint("(due_at IS NULL) = (due_on IS NULL)", name="due"),
    CheckConstraint("due_at IS NULL OR state = 'active'", name="active"),
    Index(None, "lane", "due_at"),
)

# `act_at` tells what is open; kept out of the index, `state` can go to 'sending' without touching one.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    _learner_id(),
    Column("lane", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("parent_id", Integer),
    Column("state", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("act_at", Moment),
    Column("held_to", Moment),
    Column("attempt", Integer, nullable=False),
    Column("repeated", Boolean, nullable=False),
    Column("fence", Integer),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("ref", Text),
    Column("reason", Text),
    Column("task", Text),
    Column("answer", Text),
    Column("answered_at", Moment),
    UniqueConstraint("learner_id", "key"),
    CheckConstraint(
        "state IN ('pending', 'sending', 'unclear', 'sent', 'refused', 'unknown', 'cancelled', 'folded', 'assumed')",
        name="state",
    ),
    CheckConstraint("(act_at IS NOT NULL) = (state IN ('pending', 'sending', 'unclear'))", name="open"),
    Index(None, "lane", "act_at"),
    sqlite_autoincrement=True,
)
