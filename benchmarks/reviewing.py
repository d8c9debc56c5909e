"""What a reviewed commit costs: the newest 1,000 of a short and of a long history, and single ones as pushed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter

from benchmarks.generated_history import write_history
from benchmarks.memory import watch_memory
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.reviews.review import review_repository
from internflow.settings import Settings
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

FILES = 300
REVIEWED = 1_000
LENGTHS = (1_000, 10_000)
ALONE = 15


def measure_reviewing(folder: Path) -> Iterator[tuple[str, str]]:
    """Seconds a commit and memory; all analyzers are on."""
    settings = Settings(data_dir=folder / "data")
    computing: dict[int, float] = {}
    with reach_postgres(settings):
        apply_migrations(settings)
        for length in LENGTHS:
            write_history(folder / f"history{length}", FILES, length)
            mirror = update_mirror(
                vet_source(str(folder / f"history{length}"), allow_local=True), settings.mirrors_dir
            )
            before = _measure_computing()
            shares, peak, found = _review_newest(settings, mirror)
            computing[length] = _measure_computing() - before
            told = f"{REVIEWED} of {length} commits"
            yield f"{told}: median seconds a commit (bar: 0.35)", f"{median(shares):.3f} s"
            yield f"{told}: commits a second (bar: 4)", f"{len(shares) / sum(shares):.1f}"
            yield f"{told}: most memory (bar: 700 MB)", f"{peak:.0f} MB, {found} findings"
        ratio = computing[LENGTHS[1]] / computing[LENGTHS[0]]
        yield "computing for the long history / for the short one", f"{ratio:.2f}"
        alone = _review_alone(settings, folder)
        yield "one pushed commit alone, median", f"{median(alone):.2f} s"


def _measure_computing() -> float:
    """Processor seconds of this process and the children that have ended: others' work does not count."""
    uses = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _review_newest(settings: Settings, mirror: Mirror) -> tuple[list[float], float, int]:
    """Seconds of each commit (those of a batch share its time), most megabytes, findings."""
    shares: list[float] = []
    last = perf_counter()

    def take(done: int, _total: int) -> None:
        nonlocal last
        now = perf_counter()
        count = done - len(shares)
        shares.extend([(now - last) / count] * count)
        last = now

    with watch_memory() as peak, connect(settings, "pipeline") as connection:
        counts = review_repository(
            connection, mirror, limit=REVIEWED, now=datetime.now(UTC), on_progress=take
        )
        shares[-1] += perf_counter() - last  # the ledger at HEAD
    return shares, peak[0], counts.findings_new


def _review_alone(settings: Settings, folder: Path) -> list[float]:
    """Seconds of runs with one commit each, as after a push."""
    write_history(folder / "pushed", FILES, ALONE + 1, seed=8)
    source = vet_source(str(folder / "pushed"), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    seconds = []
    with connect(settings, "pipeline") as connection:
        for limit in range(1, ALONE + 1):
            started = perf_counter()
            review_repository(connection, mirror, limit=limit, now=datetime.now(UTC))
            seconds.append(perf_counter() - started)
    return seconds
