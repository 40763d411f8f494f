"""The same store in PostgreSQL, for a team; skipped, with the reason, where none can be started.

SECONDLINE_TEST_POSTGRES may name an empty database instead, which this test fills and clears.
"""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from small_files import citation, deletion, linked, pubmed
from sqlalchemy import text

from secondline.literature import database
from secondline.literature.literature import Literature


@pytest.fixture
def literature(plain_postgres):
    opened = Literature(plain_postgres)
    yield opened
    with opened.store.engine.begin() as connection:
        database.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    opened.store.engine.dispose()


def test_a_team_keeps_the_same_in_postgresql(literature, written, tmp_path):
    paths = [
        written(pubmed(citation("8", "Title."), citation("7")), "a.xml"),
        written(pubmed(citation("9", outside=linked("RetractionOf", "8")), citation("x")), "b.xml"),
        written(pubmed(deletion("7", "70"), citation("8", "New.")), "c.xml"),
    ]
    alone = Literature(f"sqlite:///{tmp_path}/alone.sqlite")
    for each in (literature, alone):
        list(each.add(paths))
        assert all(added.already for added in each.add(paths))
    assert literature.stats() == alone.stats()
    for id_ in ("pmid:7", "pmid:8", "pmid:9"):
        assert literature.document(id_) == alone.document(id_)
        assert literature.store.related(id_) == alone.store.related(id_)
        assert literature.store.history(id_) == alone.store.history(id_)
    assert [each.document.id for each in literature.documents()] == ["pmid:8", "pmid:9"]
    assert literature.show("8")["retracted"]


def test_the_migrations_make_the_tables_of_postgresql_too(literature):
    with literature.store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), database.metadata) == []
