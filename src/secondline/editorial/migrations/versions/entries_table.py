"""The table of entries, to which rows are added and of which none is changed or removed."""

import sqlalchemy as sa
from alembic import op

revision = "entries_table"
down_revision = None

FINAL = "an entry of the review log is final; add another one"


def upgrade() -> None:
    """Create the table, and the triggers that keep a slip from changing it.

    Somebody who may drop a trigger can still rewrite the log: that is what checkpoints are for.
    """
    op.create_table(
        "entries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER entries_refuse_{change.lower()} BEFORE {change} ON entries"
                f" BEGIN SELECT RAISE(ABORT, '{FINAL}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION entries_are_final() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{FINAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER entries_refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION entries_are_final()"
    )
