"""A kept library saves time and decides nothing."""

import os
import pickle
from pathlib import Path

import pytest

from secondline import desk
from secondline.library import cache
from secondline.library.opening import open_library


@pytest.fixture
def kept(folder, tmp_path, monkeypatch):
    """Open a folder once with an empty cache and return the file that keeps it."""
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path / "home"))
    desk.open(folder.root)
    (path,) = (tmp_path / "home" / "cache").iterdir()
    return path


def test_a_kept_library_is_the_library(folder, kept, monkeypatch):
    fresh = open_library(folder.root, fresh=True)
    monkeypatch.setattr("secondline.library.reading.read_library", None)  # would fail if called
    assert desk.open(folder.root).library == fresh


def test_an_edited_file_makes_another_edition(folder, kept):
    folder.replace("statements/rhabdomyosarcoma/paper.yaml", "Some children", "Many children")
    assert desk.open(folder.root).library.statements["rms-one"].says.startswith("Many children")


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-10]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes().replace(b"Some", b"Many")),
        lambda path: path.write_bytes(pickle.dumps("something else")),
        lambda path: path.chmod(0o666),
        lambda path: path.parent.chmod(0o777),
        lambda path: (
            path.rename(path.with_suffix(".x")) and path.symlink_to(path.with_suffix(".x"))
        ),
    ],
    ids=["cut", "empty", "edited", "of something else", "open to others", "open folder", "link"],
)
def test_a_kept_library_that_cannot_be_trusted_is_read_anew(folder, kept, harm):
    harm(kept)
    assert cache.cached("library", kept.name.partition("-")[0]) is None
    statements = desk.open(folder.root).library.statements
    assert statements["rms-one"].says.startswith("Some children")


def test_where_nothing_can_be_written_nothing_is_kept(folder, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("SECONDLINE_HOME", str(tmp_path / "file"))
    assert desk.open(folder.root).library.statements


def test_only_the_newest_editions_are_kept(folder, kept):
    for number in range(cache.KEPT + 2):
        folder.replace("cases/c.yaml", "Stage two", f"{number} Stage two")
        desk.open(folder.root)
    assert len(list(Path(kept).parent.glob("*.library"))) == cache.KEPT


@pytest.mark.skipif(os.name == "nt", reason="Windows closes the folder itself")
def test_what_is_kept_is_closed_to_others(kept):
    assert kept.stat().st_mode & 0o077 == 0
