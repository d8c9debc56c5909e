"""How the way from a remote to its store grows with the repository: 10,000 chunks and 100,000, seeded vectors."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.freshness import SEED, SeededEncoder, make_repository
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import vet_source
from internflow.retrieval.indexing import index_repository
from internflow.settings import ROOT, Settings
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

FILE_COUNTS = (1_000, 10_000)
MOST_GROWTH = 11


def measure_growth(folder: Path) -> Iterator[tuple[str, str]]:
    """Seconds of each step in a process of its own for each size, and how many times as long the larger one takes."""
    taken = []
    for count in FILE_COUNTS:
        command = [sys.executable, "-m", "benchmarks.growth", str(folder / str(count)), str(count)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        taken.append(json.loads(done.stdout.splitlines()[-1]))
        for step, seconds in taken[-1].items():
            yield f"{count * 10:,} chunks, {step}", f"{seconds:.2f} s"
    small, large = taken
    for step in small:
        yield (
            f"{step}, 10 times the chunks (bar: {MOST_GROWTH})",
            f"{large[step] / small[step]:.1f} times",
        )


def bring_up(folder: Path, file_count: int) -> dict[str, float]:
    """Seconds from a local bare remote to a dense store; vectors are seeded random ones, made in no time."""
    folder.mkdir()
    make_repository(folder, random.Random(SEED), file_count)
    settings = Settings(data_dir=folder / "data")
    source = vet_source(str(folder / "remote.git"), allow_local=True)
    with reach_postgres(settings):
        apply_migrations(settings)
        with connect(settings, "pipeline") as connection:
            times, started_cpu = [perf_counter()], process_time()
            mirror = update_mirror(source, settings.mirrors_dir)
            load_repository(connection, source, mirror)
            connection.commit()
            times.append(perf_counter())
            index_repository(settings, connection, mirror, SeededEncoder(), now=datetime.now(UTC))
            times.append(perf_counter())
            cpu = process_time() - started_cpu
    return {
        "mirror and history": times[1] - times[0],
        "chunks, words, vectors, store": times[2] - times[1],
        "in total": times[2] - times[0],
        "own CPU": cpu,
    }


if __name__ == "__main__":
    print(json.dumps(bring_up(Path(sys.argv[1]), int(sys.argv[2]))))
