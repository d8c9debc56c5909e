"""Ranks a store's passages for a question: by meaning, by words, and by the names that it mentions.

Weights and floors were measured on questions about several repositories and about none, see docs/benchmarks.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from internflow.retrieval.encoder import Encoder, Vectors
from internflow.retrieval.passages import EVERYTHING, Filters, Rows
from internflow.retrieval.stores import Store
from internflow.retrieval.terms import drop_language_names, find_question_terms, write_as_function

CANDIDATES = 100  # of each side
NAMED = 20
# of the words' score, where all passages are in words of the author's and where none is
WORD_SHARE, PLAIN_WORD_SHARE = 0.1, 0.2
FUNCTION_SHARE = 0.5  # of the vector of a function that would answer the question
NAME_BONUS = 0.1  # for a passage whose symbol the question names
CODE = {
    "csharp": ("c#", "csharp"), "cpp": ("c++", "cpp"), "javascript": ("javascript", "js"),
    "typescript": ("typescript", "ts"), "python": ("python", "python3", "py"), "go": ("golang",), "c": (),
}  # fmt: skip


@dataclass(frozen=True)
class Ranked:
    """A row, its score, and what of it speaks for an answer: its cosine and the share of the question's words."""

    row: int
    score: float
    cosine: float
    coverage: float
    is_named: bool


def rank_passages(
    store: Store, question: str, encoder: Encoder, filters: Filters = EVERYTHING
) -> list[Ranked]:
    """The passages that a question may mean, best first; whether they answer it is another matter."""
    among = store.passages.find_matching(filters)
    if not store.manifest.chunk_count or (among is not None and not len(among)):
        return []
    names = name_languages(store.languages)
    terms = find_question_terms(question, names)
    best_by_words = store.lexical.find_best(terms, CANDIDATES, among)
    named = _find_named(store, question, among)
    cosines: dict[int, float] = {}
    if store.dense is not None:
        vector = _encode(drop_language_names(question, names), encoder)
        cosines = store.dense.search(vector, CANDIDATES, among)
        others = [row for row in {*best_by_words, *named} if row not in cosines]
        cosines |= store.dense.compare(vector, others)
    rows = sorted({*cosines, *best_by_words, *named})
    coverage = store.lexical.cover(terms, rows)
    # of all rows, so that a filter changes no score
    best = best_by_words if among is None else store.lexical.find_best(terms, 1)
    most = max(best.values(), default=1.0)
    shares = [score / most for score in store.lexical.score(terms, rows)]
    scores = _score(store, rows, cosines, shares)
    ranked = [
        Ranked(
            row, score + NAME_BONUS * (row in named), cosines.get(row, 0.0), covered, row in named
        )
        for row, score, covered in zip(rows, scores, coverage, strict=True)
    ]
    return sorted(ranked, key=lambda r: (-r.score, r.row))


def name_languages(languages: Sequence[str]) -> tuple[str, ...]:
    """The names by which questions call the languages of a repository."""
    return tuple(name for language in languages for name in CODE.get(language, (language,)))


def find_code_names(question: str) -> set[str]:
    """Words that can only be names: with an underscore, a dot, inner capitals, a call's brackets, in backticks."""
    quoted = re.findall(r"`([^`\s]+)`", question) + re.findall(r"([\w.:]+)\(", question)
    words = [word.strip(".:") for word in re.findall(r"[\w.:]+", question)]
    capitals = words[1:]  # the first word of a question is written large
    names = {w for w in words if re.search(r"_|\w(\.|::)\w|[a-z][A-Z]", w)}
    names |= {w for w in capitals if re.fullmatch(r"[A-Z][a-z]\w+", w)}
    names |= {word.strip("().:") for word in quoted}
    return {part for name in names for part in (name, _last_part(name)) if len(part) > 1}


def _find_named(store: Store, question: str, among: Rows | None) -> set[int]:
    names = find_code_names(question)
    found = store.passages.find_named(names, NAMED) if names else []
    return set(found) if among is None else set(found).intersection(among.tolist())


def _encode(question: str, encoder: Encoder) -> Vectors:
    """The vector of a question, moved towards that of its answer; of shape (1, dimension).

    Gao et al., Precise Zero-Shot Dense Retrieval without Relevance Labels (2022), with a template for their model.
    """
    asked, answer = encoder.encode([question, write_as_function(question)])
    mixed = asked + FUNCTION_SHARE * answer
    return np.ascontiguousarray([mixed / max(float(np.linalg.norm(mixed)), 1e-9)], np.float32)


def _score(
    store: Store, rows: Sequence[int], cosines: dict[int, float], shares: list[float]
) -> list[float]:
    """Words weigh alike for all rows of a store: otherwise those without comments go before those with."""
    if not cosines:
        return shares
    weight = PLAIN_WORD_SHARE + (WORD_SHARE - PLAIN_WORD_SHARE) * store.documented_share
    return [cosines[row] + weight * share for row, share in zip(rows, shares, strict=True)]


def _last_part(symbol: str) -> str:
    return re.split(r"\.|::", symbol)[-1]
