"""From a push to an answer: one file changes in an indexed repository of 10,000 chunks; seconds of each step."""

import random
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np

from internflow.repos.chunks import load_chunks
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.retrieval.encoder import SentenceEncoder, Vectors
from internflow.retrieval.indexing import IndexCounts, index_repository
from internflow.retrieval.search import ask
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

FILES, FUNCTIONS = 1_000, 10  # a file, and of each file
SEED = 20260101
BAR_SECONDS = 3.0
ROUNDS = 3
THINGS = (
    "account",
    "buffer",
    "client",
    "event",
    "field",
    "invoice",
    "item",
    "page",
    "query",
    "shelf",
    "ticket",
    "user",
)
SIDES = (
    "amount",
    "batch",
    "count",
    "date",
    "key",
    "label",
    "limit",
    "name",
    "offset",
    "path",
    "price",
    "state",
)
WORDS = [f"{thing}_{side}" for thing in THINGS for side in SIDES]


class SeededEncoder(SentenceEncoder):
    """Fills the cache for the start: random unit vectors under the model's name, in no time."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        chosen = np.random.default_rng(SEED)
        rows = chosen.standard_normal((len(texts), self.dimension), dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class CountingEncoder(SentenceEncoder):
    """The real one; counts its texts."""

    count = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.count += len(texts)
        return super().encode(texts)


def measure_freshness(folder: Path) -> Iterator[tuple[str, str]]:
    """Seconds of mirror, raw, chunks and store after a push, with the model loaded; the median of some pushes."""
    settings, chosen = Settings(data_dir=folder / "data"), random.Random(SEED)
    work = make_repository(folder, chosen, FILES)
    source = vet_source(str(folder / "remote.git"), allow_local=True)
    with reach_postgres(settings):
        apply_migrations(settings)
        with connect(settings, "pipeline") as connection:
            counts, _seconds = _bring_up(settings, connection, source, SeededEncoder())
            yield "chunks, whose vectors are seeded random ones", str(counts.chunks)
            encoder, started = CountingEncoder(), perf_counter()
            encoder.encode(["a text"])
            yield (
                "loading the model, which a process does once",
                f"{perf_counter() - started:.2f} s",
            )
            rounds = []
            for number in range(ROUNDS):
                encoder.count = 0
                _push_change(work, chosen, number)
                _counts, seconds = _bring_up(settings, connection, source, encoder)
                rounds.append(seconds)
            middle = sorted(rounds, key=lambda seconds: sum(seconds.values()))[ROUNDS // 2]
            for step, took in middle.items():
                yield f"after a push, {step}", f"{took:.2f} s"
            yield f"in total (bar: {BAR_SECONDS} s)", f"{sum(middle.values()):.2f} s"
            yield "texts encoded: a function, and its name", str(encoder.count)
            answer = ask(settings, connection, source.repo_id, "pushed_2", encoder=encoder)
            found = bool(answer.passages) and answer.passages[0].symbol == "pushed_2"
            yield "what was pushed is found", "yes" if found else "no"


def _bring_up(
    settings: Settings, connection: Connection, source: Source, encoder: SentenceEncoder
) -> tuple[IndexCounts, dict[str, float]]:
    times = [perf_counter()]
    mirror = update_mirror(source, settings.mirrors_dir)
    times.append(perf_counter())
    load_repository(connection, source, mirror)
    connection.commit()
    times.append(perf_counter())
    load_chunks(connection, mirror)
    connection.commit()
    times.append(perf_counter())
    counts = index_repository(settings, connection, mirror, encoder, now=datetime.now(UTC))
    times.append(perf_counter())
    steps = ("mirror", "raw", "chunks", "store")
    return counts, dict(zip(steps, np.diff(times).tolist(), strict=True))


def make_repository(folder: Path, chosen: random.Random, file_count: int) -> Path:
    """A working tree whose one commit is pushed to `remote.git` beside it; ten functions a file."""
    work = folder / "work"
    for number in range(file_count):
        path = work / f"part_{number % 40}" / f"file_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        functions = [_write_function(chosen, f"{number}_{n}") for n in range(FUNCTIONS)]
        path.write_text("\n\n".join(functions))
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder / "remote.git"], check=True)
    _git(work, "init", "-q", "-b", "main")
    _git(work, "remote", "add", "origin", str(folder / "remote.git"))
    _commit_and_push(work, "begin")
    return work


def _push_change(work: Path, chosen: random.Random, number: int) -> None:
    path = work / f"part_{number}" / f"file_{number}.py"
    path.write_text(
        path.read_text() + f"\n\ndef pushed_{number}({chosen.choice(WORDS)}):\n    pass\n"
    )
    _commit_and_push(work, f"change {number}")


def _write_function(chosen: random.Random, number: str) -> str:
    one, other, *rest = chosen.sample(WORDS, 8)
    lines = [f"    {name} = {one}.{chosen.choice(WORDS)}({other})" for name in rest]
    return "\n".join(
        [f"def {one}_{other}_{number}({one}, {other}):", *lines, f"    return {rest[0]}\n"]
    )


def _commit_and_push(work: Path, message: str) -> None:
    _git(work, "add", "--all")
    _git(work, "commit", "-q", "-m", message)
    _git(work, "push", "-q", "origin", "main")


def _git(work: Path, *args: str) -> None:
    identity = ("-c", "user.name=Builder", "-c", "user.email=builder@example.org")
    subprocess.run(["git", *identity, *args], cwd=work, check=True)
