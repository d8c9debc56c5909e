"""BM25 over chunks: counts of terms in a sparse matrix, one row a chunk, kept in files that are mapped into memory.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with Lucene's idf.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

K1, B = 1.2, 0.75
CHEAP = 20_000  # rows of a term that are scored sooner than it is asked whether they could matter

Scores = np.ndarray[tuple[int], np.dtype[np.float32]]
Ids = np.ndarray[tuple[int], np.dtype[Any]]
FILES = ("term_starts.npy", "term_rows.npy", "term_counts.npy", "lengths.npy", "terms.json")


@dataclass(frozen=True)
class LexicalIndex:
    """`counts` has a row for each chunk and a column for each term; `lengths` are the rows' sums."""

    terms: dict[str, int]
    counts: sparse.csc_array
    lengths: np.ndarray[tuple[int], np.dtype[np.int32]]

    def find_best(
        self, terms: Sequence[str], count: int, among: Ids | None = None
    ) -> dict[int, float]:
        """BM25 of the `count` chunks that score highest, of all or `among` some, best first; none without a term.

        Exact: from the rarest term on, until what the others could add at most brings no further chunk among the best;
        then those are looked up for the chunks that are left alone.
        """
        columns = sorted(self._find_columns(terms), key=lambda column: len(self._list_rows(column)))
        most_left = np.cumsum([self._bound(column) for column in columns][::-1])[::-1]
        scores = np.zeros(len(self.lengths), dtype=np.float32)
        rows: Ids | None = None
        for place, column in enumerate(columns):
            if rows is None and place and len(self._list_rows(column)) > CHEAP:
                rows = _find_hopeful(_confine(scores, among), scores, count, most_left[place])
            if rows is None:
                scores[self._list_rows(column)] += self._weigh(column)
            else:
                scores[rows] += self._weigh_some(column, rows)
        best = _cut(_confine(scores, among) if rows is None else rows, scores, count)
        return dict(zip(best.tolist(), scores[best].tolist(), strict=True))

    def score(self, terms: Sequence[str], rows: Sequence[int]) -> list[float]:
        """BM25 of some chunks for a question's terms."""
        chosen = np.asarray(rows, dtype=np.int64)
        scores = np.zeros(len(chosen), dtype=np.float32)
        columns = sorted(self._find_columns(terms), key=lambda column: len(self._list_rows(column)))
        for column in columns:
            scores += self._weigh_some(column, chosen)
        return [float(score) for score in scores]

    def cover(self, terms: Sequence[str], rows: Sequence[int]) -> list[float]:
        """For each row the share of the question's terms that it has, each by its idf; unknown terms are the rarest."""
        chosen = np.asarray(rows, dtype=np.int64)
        total, covered = 0.0, np.zeros(len(rows))
        for term in terms:
            column = self.terms.get(term)
            weight = self._rate(0 if column is None else len(self._list_rows(column)))
            total += weight
            if column is not None:
                covered += weight * (self._count(column, chosen) > 0)
        return [float(share) / (total or 1.0) for share in covered]

    @cached_property
    def _norms(self) -> Scores:
        """What a chunk's length takes from its counts, once for all questions."""
        average = max(float(self.lengths.mean()), 1.0) if len(self.lengths) else 1.0
        norms: Scores = (K1 * (1 - B + B * self.lengths / average)).astype(np.float32)
        return norms

    def _find_columns(self, terms: Sequence[str]) -> list[int]:
        return [self.terms[term] for term in terms if term in self.terms]

    def _list_rows(self, column: int) -> Ids:
        rows: Ids = self.counts.indices[self._place(column)]
        return rows

    def _place(self, column: int) -> slice:
        return slice(int(self.counts.indptr[column]), int(self.counts.indptr[column + 1]))

    def _rate(self, row_count: int) -> float:
        """A term's idf."""
        return float(np.log(1 + (len(self.lengths) - row_count + 0.5) / (row_count + 0.5)))

    def _bound(self, column: int) -> float:
        """More than a term can add to any chunk."""
        return self._rate(len(self._list_rows(column))) * (K1 + 1)

    def _weigh(self, column: int) -> Scores:
        counts = self.counts.data[self._place(column)].astype(np.float32)
        return self._saturate(column, counts, self._norms[self._list_rows(column)])

    def _weigh_some(self, column: int, rows: Ids) -> Scores:
        return self._saturate(column, self._count(column, rows), self._norms[rows])

    def _saturate(self, column: int, counts: Scores, norms: Scores) -> Scores:
        norms += counts
        counts *= np.float32(self._bound(column))
        counts /= norms
        return counts

    def _count(self, column: int, rows: Ids) -> Scores:
        """How often each of the rows has a term."""
        known = self._list_rows(column)
        places = np.minimum(np.searchsorted(known, rows.astype(known.dtype)), len(known) - 1)
        counts: Scores = self.counts.data[self._place(column)][places].astype(np.float32)
        counts[known[places] != rows] = 0
        return counts


def build_lexical(
    known: LexicalIndex | None, kept_rows: Sequence[int | None], new_texts: Iterable[Sequence[str]]
) -> LexicalIndex:
    """An index of rows in the given order: an older index's row by its number, or None for the next of the new.

    The same chunks give the same index, however many of its rows were known.
    """
    vocabulary = _Vocabulary(known.terms if known else {})
    new = _build_rows(new_texts, vocabulary)
    old = [row for row in kept_rows if row is not None]
    if known is not None and old:
        kept = known.counts.tocsr()[old]
        kept.resize((len(old), len(vocabulary)))
        stacked = sparse.vstack([kept, new], format="csr")
        return _tidy(stacked[_find_order(kept_rows, len(old))], vocabulary)
    return _tidy(new, vocabulary)


def write_lexical(index: LexicalIndex, folder: Path) -> None:
    """Write an index's files into a folder."""
    arrays = (index.counts.indptr, index.counts.indices, index.counts.data, index.lengths)
    for name, values in zip(FILES, arrays, strict=False):
        np.save(folder / name, values)
    (folder / "terms.json").write_text(json.dumps(list(index.terms), ensure_ascii=False))


def read_lexical(folder: Path) -> LexicalIndex:
    """An index whose arrays stay on disk until they are looked at."""
    starts, rows, counts, lengths = (np.load(folder / name, mmap_mode="r") for name in FILES[:4])
    terms = json.loads((folder / "terms.json").read_text())
    shape = (len(lengths), len(terms))
    matrix = sparse.csc_array((counts, rows, starts), shape=shape, copy=False)
    return LexicalIndex({term: n for n, term in enumerate(terms)}, matrix, lengths)


class _Vocabulary(dict[str, int]):
    """Numbers terms as they are asked for."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


def _build_rows(texts: Iterable[Sequence[str]], vocabulary: _Vocabulary) -> Any:
    """A row for each text; its new terms join the vocabulary. Holds no text longer than it is counted."""
    starts, columns, counts = array("q", [0]), array("i"), array("i")
    for terms in texts:
        counter = Counter(terms)
        columns.extend(map(vocabulary.__getitem__, counter))
        counts.extend(counter.values())
        starts.append(len(columns))
    most = np.iinfo(np.uint16).max
    # half the bytes while they can be: scipy gives all of an array's numbers the width of its starts
    width = np.int32 if len(columns) <= np.iinfo(np.int32).max else np.int64
    data = (np.minimum(counts, most).astype(np.uint16), np.array(columns), np.array(starts, width))
    return sparse.csr_array(data, shape=(len(starts) - 1, len(vocabulary)))


def _find_order(kept_rows: Sequence[int | None], old_count: int) -> np.ndarray[Any, Any]:
    """Where each row of the result stands in the old rows followed by the new ones."""
    is_new = np.array([row is None for row in kept_rows], dtype=bool)
    order = np.empty(len(kept_rows), dtype=np.int64)
    order[~is_new] = np.arange(old_count)
    order[is_new] = old_count + np.arange(int(is_new.sum()))
    return order


def _tidy(counts: Any, vocabulary: dict[str, int]) -> LexicalIndex:
    """Without the terms that no row has any more, in alphabetical order."""
    used = np.bincount(counts.indices, minlength=len(vocabulary)) > 0
    named = sorted((term, column) for term, column in vocabulary.items() if used[column])
    numbers = np.zeros(len(vocabulary), dtype=np.int32)
    numbers[[column for _term, column in named]] = np.arange(len(named))
    lengths = np.asarray(counts.sum(axis=1, dtype=np.int64)).ravel().astype(np.int32)
    renamed = (counts.data, numbers[counts.indices], counts.indptr)
    chosen = sparse.csr_array(renamed, shape=(counts.shape[0], len(named))).tocsc()
    return LexicalIndex({term: n for n, (term, _c) in enumerate(named)}, chosen, lengths)


def _confine(scores: Scores, among: Ids | None) -> Ids:
    """Rows with a score, ascending."""
    return np.flatnonzero(scores > 0) if among is None else among[scores[among] > 0]


def _find_hopeful(rows: Ids, scores: Scores, count: int, most_left: float) -> Ids | None:
    """The rows that may yet be among the best; None while rows without a score may."""
    if len(rows) < count:
        return None
    least = float(np.partition(scores[rows], len(rows) - count)[len(rows) - count])
    # a little is granted to the rounding of single precision
    return rows[scores[rows] + most_left * 1.001 >= least] if most_left * 1.001 < least else None


def _cut(rows: Ids, scores: Scores, count: int) -> Ids:
    """The rows with the highest scores, best first, of equal ones the first."""
    if len(rows) > count:
        least = np.partition(scores[rows], len(rows) - count)[len(rows) - count]
        rows = rows[scores[rows] >= least]
    return rows[np.lexsort((rows, -scores[rows]))][:count]
