"""What all tests share: the bundled desk, opened once, and the switch that prints the manual."""

import os
import shutil
from pathlib import Path

import pytest

import secondline
from postgres_server import postgres_server

ROOT = Path(__file__).parent.parent
DISEASES = (
    "rhabdomyosarcoma",
    "soft-tissue-sarcoma",
    "neuroblastoma",
    "acute-lymphoblastic-leukemia",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--print-manual", action="store_true", help="write the generated pages under docs/reference"
    )
    parser.addoption(
        "--patients", type=int, default=100, help="random patients for each disease and engine"
    )


@pytest.fixture(scope="session", autouse=True)
def shared_home(tmp_path_factory):
    """Keep what the tests keep, such as opened libraries, away from the user's own."""
    folder = tmp_path_factory.mktemp("home")
    os.environ["SECONDLINE_HOME"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def furnish(shared_home):
    """Put the library into another home as earlier commands left it: opening it anew takes a second.

    Tests of what is kept, and of homes where nothing can be, begin without.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECONDLINE_HOME", str(shared_home))
        secondline.open().ask("What is known about relapsed neuroblastoma?")

    def furnished(folder: Path) -> Path:
        shutil.copytree(shared_home / "cache", folder / "cache")
        return folder

    return furnished


@pytest.fixture
def own_home(furnish, tmp_path, monkeypatch):
    """A home of the test's own, where a command was run before and no literature was added."""
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path))
    return furnish(tmp_path)


@pytest.fixture(scope="session")
def plain_postgres():
    """The address of a PostgreSQL to keep things in: the one that is named, or one started here."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    named = os.environ.get("SECONDLINE_TEST_POSTGRES")
    if named:
        yield named
    else:
        with postgres_server(extensions=False) as address:
            yield address


@pytest.fixture(scope="session")
def desk() -> secondline.Desk:
    return secondline.open()


@pytest.fixture(scope="session")
def library(desk):
    return desk.library


@pytest.fixture
def same_page(request):
    """Compare a generated page with the one in docs/reference, or write it with --print-manual."""

    def compare(name: str, text: str) -> None:
        page = ROOT / "docs" / "reference" / name
        if request.config.getoption("--print-manual"):
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, "utf-8")
        assert page.read_text("utf-8") == text, f"{page} is out of date; run: make docs"

    return compare


def pytest_generate_tests(metafunc):
    given = metafunc.definition.get_closest_marker("parametrize")
    if "disease" in metafunc.fixturenames and given is None:
        metafunc.parametrize("disease", DISEASES)
