"""The zone that the platform says now, and since when: what a nudge asks about once when it is another than before."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("learner", sa.Column("heard_zone", sa.Text()))
    op.add_column("learner", sa.Column("heard_at", sa.DateTime(timezone=True)))
