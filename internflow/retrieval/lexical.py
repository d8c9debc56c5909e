"""BM25 over chunks: counts of terms in a sparse matrix, one row a chunk, kept in files that are mapped into memory.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with Lucene's idf.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

K1, B = 1.2, 0.75

Scores = np.ndarray[tuple[int], np.dtype[np.float32]]
FILES = ("term_starts.npy", "term_rows.npy", "term_counts.npy", "lengths.npy", "terms.json")


@dataclass(frozen=True)
class LexicalIndex:
    """`counts` has a row for each chunk and a column for each term; `lengths` are the rows' sums."""

    terms: dict[str, int]
    counts: sparse.csc_array
    lengths: np.ndarray[tuple[int], np.dtype[np.int32]]

    def score(self, terms: Sequence[str]) -> Scores:
        """BM25 of every chunk for a question's terms."""
        scores = np.zeros(len(self.lengths), dtype=np.float32)
        if not len(self.lengths):
            return scores
        norms = K1 * (1 - B + B * self.lengths / max(float(self.lengths.mean()), 1.0))
        for term in terms:
            column = self.terms.get(term)
            if column is None:
                continue
            part = slice(self.counts.indptr[column], self.counts.indptr[column + 1])
            rows, found = self.counts.indices[part], self.counts.data[part]
            idf = np.log(1 + (len(scores) - len(rows) + 0.5) / (len(rows) + 0.5))
            scores[rows] += (idf * found * (K1 + 1) / (found + norms[rows])).astype(np.float32)
        return scores

    def cover(self, terms: Sequence[str], rows: Sequence[int]) -> list[float]:
        """For each row the share of the question's terms that it has, each by its idf; unknown terms are the rarest."""
        weights, has = [], []
        for term in terms:
            column = self.terms.get(term)
            found = np.empty(0, np.int32)
            if column is not None:
                found = self.counts.indices[
                    self.counts.indptr[column] : self.counts.indptr[column + 1]
                ]
            weights.append(np.log(1 + (len(self.lengths) - len(found) + 0.5) / (len(found) + 0.5)))
            has.append(np.isin(np.asarray(rows), found))
        total = sum(weights) or 1.0
        covered = sum((w * h for w, h in zip(weights, has, strict=True)), np.zeros(len(rows)))
        return [float(share) / total for share in covered]


def build_lexical(
    known: LexicalIndex | None, kept_rows: Sequence[int | None], new_texts: Iterable[Sequence[str]]
) -> LexicalIndex:
    """An index of rows in the given order: an older index's row by its number, or None for the next of the new.

    The same chunks give the same index, however many of its rows were known.
    """
    new_counts = [Counter(terms) for terms in new_texts]
    vocabulary = dict(known.terms) if known else {}
    for counter in new_counts:
        for term in counter:
            vocabulary.setdefault(term, len(vocabulary))
    new = _build_rows(new_counts, vocabulary)
    old = [row for row in kept_rows if row is not None]
    if known is not None and old:
        kept = known.counts.tocsr()[old]
        kept.resize((len(old), len(vocabulary)))
        stacked = sparse.vstack([kept, new], format="csr")
    else:
        stacked = new
    order = _find_order(kept_rows, len(old))
    return _tidy(stacked[order].tocsc(), vocabulary)


def write_lexical(index: LexicalIndex, folder: Path) -> None:
    """Write an index's files into a folder."""
    arrays = (index.counts.indptr, index.counts.indices, index.counts.data, index.lengths)
    for name, array in zip(FILES, arrays, strict=False):
        np.save(folder / name, array)
    (folder / "terms.json").write_text(json.dumps(list(index.terms), ensure_ascii=False))


def read_lexical(folder: Path) -> LexicalIndex:
    """An index whose arrays stay on disk until they are looked at."""
    starts, rows, counts, lengths = (np.load(folder / name, mmap_mode="r") for name in FILES[:4])
    terms = json.loads((folder / "terms.json").read_text())
    shape = (len(lengths), len(terms))
    matrix = sparse.csc_array((counts, rows, starts), shape=shape, copy=False)
    return LexicalIndex({term: n for n, term in enumerate(terms)}, matrix, lengths)


def _build_rows(counters: Sequence[Counter[str]], vocabulary: dict[str, int]) -> Any:
    starts = np.cumsum([0, *(len(counter) for counter in counters)])
    columns = [vocabulary[term] for counter in counters for term in counter]
    counts = [min(count, 65_535) for counter in counters for count in counter.values()]
    data = (np.array(counts, np.uint16), np.array(columns, np.int32), starts)
    return sparse.csr_array(data, shape=(len(counters), len(vocabulary)))


def _find_order(kept_rows: Sequence[int | None], old_count: int) -> np.ndarray[Any, Any]:
    """Where each row of the result stands in the old rows followed by the new ones."""
    is_new = np.array([row is None for row in kept_rows], dtype=bool)
    order = np.empty(len(kept_rows), dtype=np.int64)
    order[~is_new] = np.arange(old_count)
    order[is_new] = old_count + np.arange(int(is_new.sum()))
    return order


def _tidy(counts: Any, vocabulary: dict[str, int]) -> LexicalIndex:
    """Without the terms that no row has any more, in alphabetical order."""
    used = np.diff(counts.indptr) > 0
    named = sorted((term, column) for term, column in vocabulary.items() if used[column])
    chosen = counts[:, [column for _term, column in named]]
    chosen.sort_indices()
    lengths = np.asarray(chosen.sum(axis=1, dtype=np.int64)).ravel().astype(np.int32)
    return LexicalIndex({term: n for n, (term, _c) in enumerate(named)}, chosen, lengths)
