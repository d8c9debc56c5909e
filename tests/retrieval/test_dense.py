from pathlib import Path

import faiss
import numpy as np
import pytest

from internflow.retrieval import dense
from internflow.retrieval.dense import DenseIndex, write_dense
from internflow.retrieval.encoder import Vectors

COUNT, NEAREST = 6_000, 10


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Families of eight rows that are alike, in a space in which a few dimensions have most of the spread."""
    chosen = np.random.default_rng(1)
    spread = (np.arange(64) + 5.0) ** -0.75
    families = chosen.standard_normal((COUNT // 8, 64)) * spread
    return make_unit(
        families.repeat(8, axis=0) + 0.6 * chosen.standard_normal((COUNT, 64)) * spread
    )


def make_unit(rows: np.ndarray) -> Vectors:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def find_exactly(vectors: Vectors, asked: Vectors) -> list[list[int]]:
    _scores, rows = faiss.knn(asked, vectors, NEAREST, metric=faiss.METRIC_INNER_PRODUCT)
    return [list(found) for found in rows.tolist()]


def test_lists_find_what_an_exact_search_finds_for_questions_off_the_rows(
    vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "MOST_EXACT", 1_000)
    write_dense(tmp_path, vectors)
    index = DenseIndex(tmp_path)
    chosen = np.random.default_rng(2)
    rows = chosen.choice(COUNT, 200, replace=False)
    asked = make_unit(vectors[rows] + vectors[chosen.choice(COUNT, 200)])
    expected = find_exactly(vectors, asked)
    found = [index.search(asked[n : n + 1], NEAREST, None) for n in range(200)]
    hits = sum(len({*one} & {*other}) for one, other in zip(expected, found, strict=True))
    assert hits / (200 * NEAREST) >= 0.98
    assert np.allclose(index.read(np.arange(COUNT)), vectors, atol=2e-3)


def test_the_same_vectors_make_the_same_lists(
    vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "MOST_EXACT", 1_000)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_dense(tmp_path / name, vectors)
    assert (tmp_path / "one" / dense.FILE).read_bytes() == (
        tmp_path / "other" / dense.FILE
    ).read_bytes()


def test_few_rows_are_searched_exactly(vectors: Vectors, tmp_path: Path) -> None:
    write_dense(tmp_path, vectors)
    index = DenseIndex(tmp_path)
    assert list(index.search(vectors[5:6], NEAREST, None)) == find_exactly(vectors, vectors[5:6])[0]
    assert list(index.search(vectors[5:6], NEAREST, np.array([3, 5]))) == [5, 3]
