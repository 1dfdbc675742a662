"""What the platform said of a learner's zone when they chose theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("learner", sa.Column("told_zone", sa.Text()))
