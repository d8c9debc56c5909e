"""Many texts encoded by one worker and by two, a core each: what fan-out gains, and what its queue costs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.freshness import WORDS
from internflow.logs import configure_logs
from internflow.retrieval.awaited import await_texts, help_encode
from internflow.retrieval.encoder import open_encoder
from internflow.settings import ROOT, Settings
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

TEXTS = 4_000
LINES = 10


def measure_sharing(folder: Path) -> Iterator[tuple[str, str]]:
    """Texts a second of one worker and of as many as there are cores, models loaded; then the queue's share."""
    settings = Settings(data_dir=folder)
    with reach_postgres(settings):
        apply_migrations(settings)
        cores = sorted(os.sched_getaffinity(0))
        alone, _counts = _measure(settings, cores[:1], "alone")
        together, counts = _measure(settings, cores, "together")
    yield "one worker on one core", f"{TEXTS / alone:.0f} texts/s"
    yield f"{len(cores)} workers on a core each", f"{TEXTS / together:.0f} texts/s"
    yield "texts that each of them took", ", ".join(map(str, counts))
    yield "gain", f"{alone / together:.2f} times"


def _measure(settings: Settings, cores: list[int], name: str) -> tuple[float, list[int]]:
    """Seconds until the queue is empty, from the moment when all are ready, and what each has encoded."""
    with connect(settings, "pipeline") as connection:
        texts = [_write_text(name, number) for number in range(TEXTS)]
        waiting = await_texts(connection, texts, open_encoder(settings))
    command = [sys.executable, "-m", "benchmarks.sharing", str(settings.data_dir)]
    workers = [
        subprocess.Popen(
            [*command, str(core)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )
        for core in cores
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    started = perf_counter()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    counts = [int(worker.communicate()[0]) for worker in workers]
    seconds = perf_counter() - started
    if sum(counts) != waiting:
        raise RuntimeError(f"{waiting} texts waited, {sum(counts)} were encoded")
    return seconds, counts


def _write_text(name: str, number: int) -> str:
    words = [WORDS[(number * step + step) % len(WORDS)] for step in range(1, LINES + 1)]
    lines = [f"    {word} = {words[0]}.{word}({number})" for word in words]
    return "\n".join([f"def {name}_{number}({words[0]}):", *lines])


def work(data_dir: Path, core: int) -> None:
    """Get ready on one core, wait for the word, help; tells how many texts it encoded."""
    os.sched_setaffinity(0, {core})
    settings = Settings(data_dir=data_dir)
    configure_logs(settings)
    encoder = open_encoder(settings)
    encoder.encode(["a text"])
    with connect(settings, "pipeline") as connection:
        print("ready", flush=True)
        sys.stdin.readline()
        print(help_encode(connection, encoder), flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]))
