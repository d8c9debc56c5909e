"""One repository of 100,000 and of a million generated chunks: building, opening, searching, memory.

Each store is built in one process and searched in a fresh one, by the product's own parts. Reading the database and
encoding are not in it: vectors come from the generator.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time, thread_time

import faiss
import numpy as np
import psutil

from benchmarks.generated_code import (
    DIMENSION,
    generate_questions,
    generate_texts,
    generate_vectors,
)
from internflow.retrieval.encoder import Vectors
from internflow.retrieval.lexical import build_lexical
from internflow.retrieval.ranking import rank_passages
from internflow.retrieval.stores import load_store, plan_manifest, write_store
from internflow.retrieval.texts import list_terms
from internflow.settings import ROOT

SIZES = {100_000: 30, 1_000_000: 60}  # chunks, and the bar of a search in milliseconds
QUESTIONS, WARMING = 220, 20
NEAREST = 10
LEAST_RECALL, MOST_GROWTH, MOST_GIGABYTES, MOST_OPENING = 0.98, 11, 2.2, 2.0
REPO = "generated"


class KnownEncoder:
    """Has the vectors of the questions ready; what search makes of a question adds nothing to it."""

    model_id = "generated"
    dimension = DIMENSION

    def __init__(self, vectors: dict[str, Vectors]) -> None:
        self._vectors = vectors

    def encode(self, texts: Sequence[str]) -> Vectors:
        nothing = np.zeros((1, DIMENSION), dtype=np.float32)
        return np.concatenate([self._vectors.get(text, nothing) for text in texts])


def measure_scale(folder: Path) -> Iterator[tuple[str, str]]:
    """Figures of both sizes against their bars, then how building and size grow from one to the other."""
    built = {}
    for count, bar in SIZES.items():
        home = folder / str(count)
        home.mkdir()
        built[count] = _run("build", home, str(count))
        for name, value in built[count].items():
            yield f"{count:,} chunks, {name}", f"{value:,.2f}"
        asked = _run("ask", home)
        bars = {
            "search, p95, ms": f"bar: {bar}",
            "recall@10 of the dense part": f"bar: {LEAST_RECALL}",
            "opening, s": f"bar: {MOST_OPENING:g}",
        }
        if count == max(SIZES):
            bars["resident after all searches, GB"] = f"bar: {MOST_GIGABYTES}"
        for name, value in asked.items():
            told = f" ({bars[name]})" if name in bars else ""
            yield f"{count:,} chunks, {name}{told}", f"{value:,.3f}"
    small, large = (built[count] for count in SIZES)
    for name in ("build, s", "build, CPU s", "size on disk, MB"):
        yield (
            f"{name}, 10 times the chunks (bar: {MOST_GROWTH} times)",
            f"{large[name] / small[name]:.1f} times",
        )


def build(folder: Path, count: int) -> dict[str, float]:
    """Seconds from texts and vectors to a store on disk; leaves questions and their exact answers beside it."""
    made = list(generate_texts(count))
    vectors = generate_vectors(count)
    rows = np.linspace(0, count - 1, QUESTIONS).astype(int).tolist()
    asked = generate_questions({row: made[row][1] for row in rows}, vectors)
    vectors_asked = np.concatenate([one.vector for one in asked])
    _scores, nearest = faiss.knn(vectors_asked, vectors, NEAREST, metric=faiss.METRIC_INNER_PRODUCT)
    np.savez(
        folder / "asked.npz",
        texts=[one.text for one in asked],
        vectors=vectors_asked,
        nearest=nearest,
    )
    started, started_cpu = perf_counter(), process_time()
    terms = (list_terms(p.path, p.symbol, content) for p, content in made)
    lexical = build_lexical(None, [None] * count, terms)
    between = perf_counter()
    planned = plan_manifest(REPO, "0" * 40, KnownEncoder({}))
    manifest = write_store(folder, planned, [p for p, _content in made], lexical, vectors)
    ended = perf_counter()
    return {
        "words, s": between - started,
        "vectors and files, s": ended - between,
        "build, s": ended - started,
        "build, CPU s": process_time() - started_cpu,
        "size on disk, MB": manifest.size_bytes / 1e6,
    }


def ask(folder: Path) -> dict[str, float]:
    """Opening, searches and memory of a store whose files are not in the page cache."""
    asked = np.load(folder / "asked.npz")
    texts, vectors = asked["texts"].tolist(), asked["vectors"]
    encoder = KnownEncoder({text: vectors[n : n + 1] for n, text in enumerate(texts)})
    _drop_from_page_cache(folder / REPO)
    before = _measure_memory()
    times = [perf_counter()]
    store = load_store(folder, REPO, encoder)
    times.append(perf_counter())
    opened = _measure_memory()
    own = [thread_time()]
    for text in texts:
        rank_passages(store, text, encoder)
        times.append(perf_counter())
        own.append(thread_time())
    took = np.diff(times) * 1000
    hits = sum(
        len({*nearest} & {*store.dense.search(vectors[n : n + 1], NEAREST, None)})
        for n, nearest in enumerate(asked["nearest"].tolist())
        if store.dense is not None
    )
    return {
        "opening, s": took[0] / 1000,
        "first search, from disk, ms": took[1],
        "search, median, ms": float(np.median(took[1 + WARMING :])),
        "search, p95, ms": float(np.quantile(took[1 + WARMING :], 0.95)),
        "search, p95, ms without waiting for a core": float(
            np.quantile(np.diff(own)[WARMING:], 0.95)
        )
        * 1000,
        "recall@10 of the dense part": hits / (len(texts) * NEAREST),
        "resident before opening, GB": before,
        "resident after opening, GB": opened,
        "resident after all searches, GB": _measure_memory(),
    }


def _drop_from_page_cache(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _measure_memory() -> float:
    """Gigabytes of this process, with the pages of mapped files that it holds."""
    return float(psutil.Process().memory_info().rss) / 1e9


def _run(part: str, *args: Path | str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scale", part, *map(str, args)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


if __name__ == "__main__":
    part, home, *rest = sys.argv[1:]
    figures = build(Path(home), int(rest[0])) if part == "build" else ask(Path(home))
    print(json.dumps(figures))
