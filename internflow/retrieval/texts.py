"""What of a chunk is encoded and counted. Pure.

Measured on click (no docstrings) and CoSQA (docstrings), see docs/benchmarks.md: a function without words of its own
is found by its name as well, so half of its name's vector is added to that of its code; with words of its own, a
name only blurs them.
"""

import re

import numpy as np

from internflow.retrieval.encoder import Vectors
from internflow.retrieval.terms import find_terms

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

NAME_SHARE = 0.5
NAME_COUNT = 2  # how often a name's terms count beside those of the text

_prose = re.compile(
    r"\s*(?:\"\"\"|\'\'\'|//|/\*|#(?!!)|--)|[^\n]*\b(?:def|class)\b[^\"\']*?:\s*[rRuU]?(?:\"\"\"|\'\'\')"
)


def is_documented(kind: str, content: str) -> bool:
    """Whether a chunk says in words what it is: a document, or code with a comment above or a docstring below."""
    return kind in ("section", "text") or _prose.match(content) is not None


def write_name(symbol: str | None) -> str | None:
    """A symbol as words: `Store.load_all` gives "store load all"."""
    if not symbol:
        return None
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z]+)(?=[A-Z][a-z])", r"\1\3 \2", symbol)
    return re.sub(r"[\W_]+", " ", spaced).strip().lower() or None


def list_terms(path: str, symbol: str | None, content: str) -> list[str]:
    """The terms that a chunk is found by: of its text, its name and the folders and files above it."""
    return find_terms(content) + find_terms(symbol or "") * NAME_COUNT + find_terms(path)


def add_names(vectors: Vectors, names: Vectors, has_name: Flags) -> Vectors:
    """Unit vectors of chunks with their names' share, where `has_name`; all of shape (rows, dimension)."""
    mixed = vectors + NAME_SHARE * names * has_name[:, None]
    norms = np.linalg.norm(mixed, axis=1, keepdims=True)
    return np.ascontiguousarray(mixed / np.maximum(norms, 1e-9), dtype=np.float32)
