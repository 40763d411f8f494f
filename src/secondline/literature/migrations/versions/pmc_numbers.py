"""Documents are found by their PMC number without reading all of them."""

from alembic import op

revision = "pmc_numbers"
down_revision = "surveillance"


def upgrade() -> None:
    """Make the index."""
    op.create_index("documents_by_pmcid", "documents", ["pmcid"])


def downgrade() -> None:
    """Remove the index."""
    op.drop_index("documents_by_pmcid", "documents")
