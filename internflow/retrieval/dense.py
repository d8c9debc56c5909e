"""The dense side of a store: FAISS by inner product, exact up to 100,000 rows, inverted lists beyond."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from internflow.retrieval.encoder import Vectors
from internflow.retrieval.passages import Rows

FILE = "index.faiss"
EXACT = b"IxFI"  # how FAISS begins the file of a flat inner-product index
MOST_EXACT = 100_000  # rows; an exact search of more takes longer than 20 ms
LEAST_RECALL = (
    0.985  # of the ten nearest, measured on the store's own rows, when the probes are chosen
)
PROBES = (8, 16, 32, 64, 128, 256, 512)
SAMPLE = 200  # rows that recall is measured with
TRAINED_ON = 40  # rows for each list, at most
SEED = 20260101


def write_dense(folder: Path, vectors: Vectors) -> None:
    """Write the index of unit vectors of shape (rows, dimension); the same vectors give the same index."""
    index = _build_exact(vectors) if len(vectors) <= MOST_EXACT else _build_lists(vectors)
    faiss.write_index(index, str(folder / FILE))


class DenseIndex:
    """An index that stays on disk until it is looked at."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        with path.open("rb") as content:
            is_exact = content.read(4) == EXACT
        self._index = faiss.read_index(
            str(path), faiss.IO_FLAG_MMAP_IFC if is_exact else faiss.IO_FLAG_MMAP
        )

    def search(self, vector: Vectors, count: int, among: Rows | None) -> dict[int, float]:
        """Cosines of the rows nearest to one vector of shape (1, dimension), all or `among` some."""
        size = min(count, self._index.ntotal if among is None else len(among))
        if not size:
            return {}
        scores, rows = self._index.search(vector, size, params=self._confine(among))
        found = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        return {row: score for row, score in found if row >= 0}

    def compare(self, vector: Vectors, rows: list[int]) -> dict[int, float]:
        """Cosines of some rows with one vector."""
        if not rows:
            return {}
        kept = self.read(np.asarray(rows, dtype=np.int64))
        return dict(zip(rows, (kept @ vector[0]).tolist(), strict=True))

    def read(self, rows: Rows) -> Vectors:
        """The vectors of some rows, shape (len(rows), dimension)."""
        found: Vectors = self._index.reconstruct_batch(rows)
        return found

    def _confine(self, among: Rows | None) -> Any:
        if among is None:
            return None
        selector = faiss.IDSelectorBatch(among)
        if isinstance(self._index, faiss.IndexIVF):
            probes = self._index.nprobe
            return faiss.SearchParametersIVF(sel=selector, nprobe=probes)  # type: ignore[call-arg]  # its stubs lack both
        return faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]


def _build_exact(vectors: Vectors) -> Any:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _build_lists(vectors: Vectors) -> Any:
    """Lists of half-precision vectors around trained centres, with as many probed as recall needs."""
    count, dimension = vectors.shape
    lists = int(4 * np.sqrt(count))
    centres = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        centres, dimension, lists, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter, index.cp.seed = 6, SEED
    chosen = np.random.default_rng(SEED)
    most = min(count, TRAINED_ON * lists)
    index.train(vectors[np.sort(chosen.choice(count, most, replace=False))])
    index.add(vectors)
    index.nprobe = _choose_probes(index, vectors, chosen)
    index.make_direct_map()
    return index


def _choose_probes(index: Any, vectors: Vectors, chosen: np.random.Generator) -> int:
    """The fewest probes that find nearly all that an exact search finds."""
    asked = vectors[np.sort(chosen.choice(len(vectors), SAMPLE, replace=False))]
    _scores, expected = faiss.knn(asked, vectors, 10, metric=faiss.METRIC_INNER_PRODUCT)
    for probes in PROBES:
        index.nprobe = probes
        _scores, found = index.search(asked, 10)
        hits = sum(
            len(np.intersect1d(one, other)) for one, other in zip(expected, found, strict=True)
        )
        if hits / expected.size >= LEAST_RECALL:
            break
    return int(index.nprobe)
