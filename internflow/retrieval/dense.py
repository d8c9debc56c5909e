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
LEAST_RECALL = 0.985  # of the ten nearest, measured on the store itself when the probes are chosen
SAMPLE = 200  # questions that recall is measured with
MIXED = 3  # rows of which each of them is made
TRAINED_ON = 20  # rows for each list, at most
ROUNDS = 4  # of training
BLOCK = 50_000  # rows compared at a time
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
    lists = int(np.sqrt(count))
    centres = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        centres, dimension, lists, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter, index.cp.seed = ROUNDS, SEED
    index.cp.min_points_per_centroid = 1  # that there are few is meant, and no warning
    chosen = np.random.default_rng(SEED)
    most = min(count, TRAINED_ON * lists)
    index.train(vectors[np.sort(chosen.choice(count, most, replace=False))])
    index.add(vectors)
    index.nprobe = _choose_probes(index, vectors, chosen)
    index.make_direct_map()
    return index


def _choose_probes(index: Any, vectors: Vectors, chosen: np.random.Generator) -> int:
    """The fewest probes that find nearly all that an exact search finds: up to the lists that those rows are in.

    Asked are mixtures of rows: like questions they lie further from every row than rows do from their likes, and so
    need more probes. (Where of rows themselves 97% are found, of questions 95% are.)
    """
    mixed = vectors[chosen.choice(len(vectors), (SAMPLE, MIXED))].sum(axis=1)
    asked = np.ascontiguousarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True))
    expected = _find_nearest(vectors, asked, 10)
    _scores, lists = index.quantizer.search(vectors[expected.ravel()], 1)
    nearness = asked @ index.quantizer.reconstruct_n(0, index.nlist).T
    of_lists = np.take_along_axis(nearness, lists.reshape(expected.shape), axis=1)
    nearer = (nearness[:, None, :] > of_lists[:, :, None]).sum(axis=2)
    return int(np.quantile(nearer, LEAST_RECALL, method="higher")) + 1


def _find_nearest(vectors: Vectors, asked: Vectors, count: int) -> Any:
    """Rows nearest to each of those asked, in no order; for so few, plain products are faster than FAISS."""
    scores, rows = np.empty((len(asked), 0), np.float32), np.empty((len(asked), 0), np.int64)
    for start in range(0, len(vectors), BLOCK):
        block = asked @ vectors[start : start + BLOCK].T
        numbers = np.broadcast_to(np.arange(start, start + block.shape[1]), block.shape)
        scores, rows = np.hstack([scores, block]), np.hstack([rows, numbers])
        best = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return rows
