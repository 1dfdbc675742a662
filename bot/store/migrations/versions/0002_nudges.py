"""Rules, their deliveries, and the lanes that these go out on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_OPEN = ("pending", "sending", "unclear")
_ENDED = ("sent", "refused", "unknown", "cancelled", "folded", "assumed")

_MOMENT = sa.DateTime(timezone=True)
_BUSY = {"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 500}


def upgrade() -> None:
    op.add_column("learner", sa.Column("dm", sa.Text()))
    op.create_table(
        "lane",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary()),
        sa.Column("next_at", _MOMENT),
        sa.Column("not_before", _MOMENT),
        sa.Column("held_by", sa.Text()),
        sa.Column("held_until", _MOMENT),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_lane"),
        postgresql_with=_BUSY,
    )
    _create_open_index("lane", "platform", "next_at")
    _create_rule()
    _create_delivery()


def _create_rule() -> None:
    op.create_table(
        "rule",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("due_at", _MOMENT),
        sa.Column("due_on", sa.Date()),
        sa.Column("paused_until", _MOMENT),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("learner_id", name="pk_rule"),
        _of_learner("rule"),
        sa.ForeignKeyConstraint(["lane"], ["lane.id"], name="fk_rule_lane_lane", ondelete="CASCADE"),
        sa.CheckConstraint("state IN ('active', 'waiting', 'paused', 'stopped', 'suspended')", name="ck_rule_state"),
        sa.CheckConstraint("days <> ''", name="ck_rule_days"),
        sa.CheckConstraint("(due_at IS NULL) = (due_on IS NULL)", name="ck_rule_due"),
        sa.CheckConstraint("due_at IS NULL OR state = 'active'", name="ck_rule_active"),
        postgresql_with=_BUSY,
    )
    _create_open_index("rule", "lane", "due_at")


def _create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("act_at", _MOMENT),
        sa.Column("held_to", _MOMENT),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("fence", sa.Integer()),
        sa.Column("started_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("ref", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("task", sa.Text()),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("learner_id", "key", name="uq_delivery_learner_id_key"),
        _of_learner("delivery"),
        sa.CheckConstraint(_is_one_of(*_OPEN, *_ENDED), name="ck_delivery_state"),
        sa.CheckConstraint(f"(act_at IS NOT NULL) = ({_is_one_of(*_OPEN)})", name="ck_delivery_open"),
        sqlite_autoincrement=True,
        postgresql_with=_BUSY,
    )
    _create_open_index("delivery", "lane", "act_at")


def _is_one_of(*states: str) -> str:
    """Spelled out, for of an IN in a CHECK SQLite makes a table anew at every row: half the cost of a burst."""
    return " OR ".join(f"state = '{state}'" for state in states)


def _create_open_index(table: str, queue: str, moment: str) -> None:
    when = sa.text(f"{moment} IS NOT NULL")
    op.create_index(f"ix_{table}_{queue}_{moment}", table, [queue, moment], sqlite_where=when, postgresql_where=when)


def _of_learner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["learner_id"], ["learner.id"], name=f"fk_{table}_learner_id_learner", ondelete="CASCADE"
    )
