"""How many random patients each engine sees: a sample, or with --patients as many as are asked."""

import pytest


@pytest.fixture
def many(request):
    return request.config.getoption("--patients")


def pytest_generate_tests(metafunc):
    if "disease" in metafunc.fixturenames:
        diseases = [
            "rhabdomyosarcoma", "soft-tissue-sarcoma", "neuroblastoma",
            "acute-lymphoblastic-leukemia",
        ]  # fmt: skip
        metafunc.parametrize("disease", diseases)
