"""How many random patients each engine sees: a sample, or with --patients as many as are asked."""

import pytest


@pytest.fixture
def many(request):
    return request.config.getoption("--patients")
