"""An encoder for tests that need no real model."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from internflow.retrieval.encoder import Vectors


class WordEncoder:
    """A deterministic encoder: texts with words in common are near each other. Counts what it encodes."""

    model_id = "words-64"
    dimension = 64

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"[a-z]+", text.lower()):
                row[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return rows / np.where(norms == 0, 1, norms)
