"""Generated chunks of one large repository: code-like texts, and vectors that cluster as an encoder's do. Seeded.

Nothing of them is real. Their shape follows what the packaged model makes of 3,000 functions of Python's library:
cosines of 0.24 on average and 0.78 to the nearest; of a question of click's and the best function 0.58.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from internflow.retrieval.encoder import Vectors
from internflow.retrieval.passages import StoredPassage

SEED = 20260101
DIMENSION = 384
A_FILE, A_FOLDER, A_FAMILY = 10, 400, 8  # chunks
# Shares of a vector's energy: what all code has in common, its folder, its file, its family of likes, its own.
EVERYWHERE, FOLDER, FILE, FAMILY = 0.20, 0.14, 0.16, 0.38
NEARNESS = 0.58  # of a question to its chunk
BATCH = 50_000
SYLLABLES = (
    "ba", "co", "di", "fu", "ge", "ho", "in", "ka", "lo", "mer", "nas", "o", "pri", "qua", "ro", "set", "ti", "un",
    "va", "wex",
)  # fmt: skip
COMMON = ["self", "value", "list", "data", "name", "error", "result", "path", "text", "count"]
LINES = (
    "    {} = self.{}.{}({})", "    if {} is None:\n        return {}", "    for value in {}:\n        {}.append({})",
    "    self.{} = {}[{}]", "    with {}({}) as data:\n        {}.write(data)", "    raise ValueError(f'{} of {}')",
    "    result = [{}(name) for name in {}]", "    {} = len(self.{}) + {}", "    return {}({})",
)  # fmt: skip
QUESTIONS = (
    "where is the {} {} set", "how does {} {} write {}", "what returns the list of {} {} values",
    "which error is raised when the {} has no {}", "find {} by {} {} name", "how is the path of a {} {} built",
)  # fmt: skip


ALWAYS = {*COMMON, *re.findall(r"[a-z]+", " ".join(LINES))}


@dataclass(frozen=True)
class Asked:
    """A question's text, its vector and the row that it is about."""

    text: str
    vector: Vectors
    row: int


def generate_vectors(count: int) -> Vectors:
    """Unit vectors of shape (count, 384) in files, folders and families of functions that are alike."""
    chosen = np.random.default_rng(SEED)
    shared = _draw(chosen, 1)
    folders, files = (
        _draw(chosen, -(-count // A_FOLDER)),
        _draw(chosen, -(-count // A_FILE)),
    )
    families = _draw(chosen, -(-count // A_FAMILY))
    # of a family, most are in one folder
    family_of = (np.arange(count) // A_FOLDER * A_FOLDER // A_FAMILY) + chosen.integers(
        0, A_FOLDER // A_FAMILY, count
    )
    family_of %= len(families)
    own = 1 - EVERYWHERE - FOLDER - FILE - FAMILY
    rows = np.empty((count, DIMENSION), dtype=np.float32)
    for start in range(0, count, BATCH):
        numbers = np.arange(start, min(start + BATCH, count))
        rows[numbers] = (
            EVERYWHERE**0.5 * shared
            + FOLDER**0.5 * folders[numbers // A_FOLDER]
            + FILE**0.5 * files[numbers // A_FILE]
            + FAMILY**0.5 * families[family_of[numbers]]
            + own**0.5 * _draw(chosen, len(numbers))
        )
        rows[numbers] /= np.linalg.norm(rows[numbers], axis=1, keepdims=True)
    return rows


def generate_texts(count: int) -> Iterator[tuple[StoredPassage, str]]:
    """Passages with their content, in the order of the vectors; names are as unequally frequent as words are."""
    chosen = np.random.default_rng(SEED + 1)
    names = _make_names(chosen, int(200 * count**0.5))
    shapes = [_make_shape(chosen) for _n in range(500)]
    most = max(slots for _shape, slots in shapes)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        drawn = _draw_skewed(chosen, len(names), (size, most))
        picked = chosen.integers(0, len(shapes), size)
        for n in range(size):
            shape, slots = shapes[picked[n]]
            content = shape.format(*(names[i] for i in drawn[n, :slots]))
            row = start + n
            path = f"part_{row // A_FOLDER}/{names[row // A_FILE % len(names)]}.py"
            first = row % A_FILE * 20 + 1
            last = first + content.count("\n")
            yield (
                StoredPassage(
                    path, first, last, names[drawn[n, 0]], "python", "function", f"{row // A_FILE:040x}", row % A_FILE,
                    f"{row:064x}", False,
                ),
                content,
            )  # fmt: skip


def generate_questions(texts: dict[int, str], vectors: Vectors) -> list[Asked]:
    """A question about each of the rows, in words of its text and of most others."""
    chosen = np.random.default_rng(SEED + 2)
    asked = []
    for n, (row, text) in enumerate(texts.items()):
        words = [w for w in re.findall(r"[a-z]+", text) if w not in ALWAYS]
        told = QUESTIONS[n % len(QUESTIONS)].format(*chosen.choice(words, 3))
        away = _draw(chosen, 1)[0]
        away -= (away @ vectors[row]) * vectors[row]
        vector = NEARNESS * vectors[row] + (1 - NEARNESS**2) ** 0.5 * away / np.linalg.norm(away)
        asked.append(Asked(told, vector[None, :].astype(np.float32), row))
    return asked


def _draw(chosen: np.random.Generator, count: int) -> Vectors:
    """Directions of which a few dozen dimensions have most of the spread, as an encoder's have."""
    spread = (np.arange(DIMENSION) + 20.0) ** -0.75
    drawn = chosen.standard_normal((count, DIMENSION), dtype=np.float32)
    return (drawn * (spread / np.linalg.norm(spread))).astype(np.float32)


def _make_names(chosen: np.random.Generator, count: int) -> list[str]:
    syllables = chosen.integers(0, len(SYLLABLES), (20_000, 3))
    parts = COMMON + ["".join(SYLLABLES[i] for i in row[: 2 + row[0] % 2]) for row in syllables]
    picked, lengths = _draw_skewed(chosen, len(parts), (count, 3)), chosen.integers(1, 4, count)
    return [
        "_".join(parts[i] for i in row[:length])
        for row, length in zip(picked, lengths, strict=True)
    ]


def _make_shape(chosen: np.random.Generator) -> tuple[str, int]:
    lines = [LINES[i] for i in chosen.integers(0, len(LINES), 3 + chosen.poisson(7))]
    shape = "\n".join(["def {}(self, {}, {}):", *lines])
    return shape, shape.count("{}")


def _draw_skewed(
    chosen: np.random.Generator, count: int, shape: tuple[int, int]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Numbers below `count`, the low ones far more often: the n-th as 1/sqrt(n)."""
    return (chosen.random(shape) ** 2 * count).astype(np.int64)
