"""What admins have hidden or forbidden in their community, and since when a lane is open again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "house_rule",
        sa.Column("house", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("house", "rule", name="pk_house_rule"),
    )
    op.add_column("lane", sa.Column("open_since", sa.DateTime(timezone=True)))
