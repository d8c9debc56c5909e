"""How alike two pieces of code are: runs of five tokens, compared as sets. Pure."""

import re
from collections.abc import Iterable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

RUN = 5
SKETCH_SIZE = 6
MOST_TOKENS = 20_000

Shingles = NDArray[np.uint64]

_token = re.compile(
    r"(?P<skip>#[^\n]*|//[^\n]*|/\*.*?\*/)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|\w+|[^\w\s]",
    re.DOTALL,
)


def split_tokens(lines: Iterable[str]) -> list[str]:
    """Names, numbers, strings and signs, in order, without comments."""
    found = _token.finditer("\n".join(lines))
    return [match[0] for match in found if match["skip"] is None][:MOST_TOKENS]


def build_shingles(tokens: Sequence[str]) -> Shingles:
    """The distinct runs of tokens, as sorted numbers."""
    if len(tokens) < RUN:
        return np.empty(0, dtype=np.uint64)
    numbers = np.array([crc32(token.encode("utf-8", "replace")) for token in tokens], np.uint64)
    runs = np.zeros(len(tokens) - RUN + 1, dtype=np.uint64)
    for offset in range(RUN):
        part = numbers[offset : offset + len(runs)]
        runs = (runs ^ part) * np.uint64(0x9E3779B97F4A7C15)
        runs ^= runs >> np.uint64(29)
    return np.unique(runs)


def sketch(shingles: Shingles) -> tuple[int, ...]:
    """The smallest numbers: two sets that are nearly the same surely share one of them."""
    return tuple(int(number) for number in shingles[:SKETCH_SIZE])


def measure_likeness(one: Shingles, other: Shingles) -> float:
    """The share of all runs that both have."""
    if not len(one) or not len(other):
        return 0.0
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)
