"""A small knowledge folder that is in order, to be broken in one place per test."""

import pytest

from small_knowledge import Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "knowledge")
