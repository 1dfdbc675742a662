"""Learners, their progress, their kept fit, and what has happened once."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "learner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("locale", sa.Text()),
        sa.Column("region", sa.Text()),
        sa.Column("roadmap", sa.Text()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learner"),
        sa.UniqueConstraint("lane", "person", name="uq_learner_lane_person"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "seen",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_seen"),
    )
    _create_progress()
    op.create_table(
        "fit",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name="pk_fit"),
        _of_learner("fit"),
    )


def _create_progress() -> None:
    op.create_table(
        "progress",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("learner_id", "scope", "item", name="pk_progress"),
        _of_learner("progress"),
        sa.CheckConstraint("state IN ('done', 'started', 'skipped', 'known')", name="ck_progress_state"),
    )
    op.create_table(
        "progress_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_progress_event"),
        _of_learner("progress_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_progress_event_learner_id", "progress_event", ["learner_id"])
    op.create_table(
        "progress_change",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("undone_at", _MOMENT),
        sa.PrimaryKeyConstraint("event_id", "scope", "item", name="pk_progress_change"),
        _of_learner("progress_change"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["progress_event.id"],
            name="fk_progress_change_event_id_progress_event",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_progress_change_learner_id_scope_item", "progress_change", ["learner_id", "scope", "item"])


def _of_learner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["learner_id"], ["learner.id"], name=f"fk_{table}_learner_id_learner", ondelete="CASCADE"
    )
