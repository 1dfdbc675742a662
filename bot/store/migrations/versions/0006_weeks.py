"""Whether a learner wants to see in how many of the last weeks they did something; nobody unless they switch it on."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("rule", sa.Column("weeks", sa.Boolean(), nullable=False, server_default=sa.false()))
