"""Links may name the other by its PMC number; what older versions kept only as printed is read."""

import sqlalchemy as sa
from alembic import op

from secondline.literature.articles import names
from secondline.literature.database import documents, links
from secondline.literature.identifiers import of_address
from secondline.literature.retractions import settle

revision = "pmc_links"
down_revision = "pmc_numbers"


def upgrade() -> None:
    """Make the column, fill it, and mark what such links retract."""
    op.add_column("links", sa.Column("pmcid", sa.Text))
    op.create_index("links_by_pmcid", "links", ["pmcid"])
    connection = op.get_bind()
    touched: set[str] = set()
    columns = (links.c.document, links.c.number, links.c.relation, links.c.printed)
    unnumbered = (
        sa.select(*columns, documents.c.kind)
        .join(documents, documents.c.id == links.c.document)
        .where(links.c.pmid.is_(None), links.c.doi.is_(None))
    )
    for row in connection.execute(unnumbered).all():
        if row.kind != "citation" and " " in row.printed:
            continue  # of full texts only the address is read, never the words
        kind = "pmc" if row.printed.upper().startswith("PMC") else ""
        pmid, doi, pmcid = of_address(row.printed, kind)
        if not (pmid or doi or pmcid):
            continue
        this = (links.c.document == row.document) & (links.c.number == row.number)
        filled = sa.update(links).where(this).values(pmid=pmid, doi=doi, pmcid=pmcid)
        connection.execute(filled)
        if row.relation == "retracts":
            touched.update(names(pmid, doi, pmcid))
    if touched:
        newest = connection.execute(sa.select(sa.func.max(documents.c.changed))).scalar_one()
        settle(connection, touched, newest + 1)


def downgrade() -> None:
    """Remove the column; the marks that it set stay until a document changes."""
    op.drop_index("links_by_pmcid", "links")
    op.drop_column("links", "pmcid")
