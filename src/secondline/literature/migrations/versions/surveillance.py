"""What surveillance keeps: anchors of findings, marks of statements, and how far it has looked."""

import sqlalchemy as sa
from alembic import op

revision = "surveillance"
down_revision = "first_tables"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "anchors",
        sa.Column("statement", sa.Text, primary_key=True),
        sa.Column("finding", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("statement", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, primary_key=True),
        sa.Column("about", sa.Text, primary_key=True),
        sa.Column("says", sa.Text, nullable=False),
        sa.Column("handed_over", sa.Boolean, nullable=False),
    )
    op.create_table(
        "watched",
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("queries", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("watched", "marks", "anchors"):
        op.drop_table(table)
