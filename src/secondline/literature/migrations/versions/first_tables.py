"""The first tables: files, documents, versions, links, rejected."""

import sqlalchemy as sa
from alembic import op

revision = "first_tables"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "files",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("format", sa.Text),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("counts", sa.Text, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("pmid", sa.Text),
        sa.Column("doi", sa.Text),
        sa.Column("pmcid", sa.Text),
        sa.Column("year", sa.Integer),
        sa.Column("issued", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content_version", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("says_retracted", sa.Boolean, nullable=False),
        sa.Column("retracted", sa.Boolean, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
    )
    op.create_index("documents_by_pmid", "documents", ["pmid"])
    op.create_index("documents_by_doi", "documents", ["doi"])
    op.create_index("documents_by_change", "documents", ["changed"])
    op.create_table(
        "versions",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary),
    )
    op.create_table(
        "links",
        sa.Column("document", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("relation", sa.Text, nullable=False),
        sa.Column("pmid", sa.Text),
        sa.Column("doi", sa.Text),
        sa.Column("printed", sa.Text, nullable=False),
    )
    op.create_index("links_by_pmid", "links", ["pmid"])
    op.create_index("links_by_doi", "links", ["doi"])
    op.create_table(
        "rejected",
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("rejected", "links", "versions", "documents", "files"):
        op.drop_table(table)
