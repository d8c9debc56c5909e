"""Until words answer, and until vectors do: functions of installed libraries, and a repository with a history."""

import subprocess
import sysconfig
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.freshness import WORDS, SeededEncoder
from internflow.repos.chunks import Chunk, cut_file
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import vet_source
from internflow.retrieval.encoder import SentenceEncoder
from internflow.retrieval.indexing import index_repository
from internflow.retrieval.lexical import build_lexical
from internflow.retrieval.passages import StoredPassage
from internflow.retrieval.ranking import rank_passages
from internflow.retrieval.search import ask
from internflow.retrieval.stores import load_store, plan_manifest, write_store
from internflow.retrieval.texts import is_documented, list_terms
from internflow.settings import Settings
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

FUNCTIONS, FIRST_TIER_SECONDS = 10_000, 15
COMMITS, DENSE_SECONDS = 3_300, 60
CODE_FILES = 170  # of the repository, ten functions each


def measure_tiers(folder: Path, repository: Path | None = None) -> Iterator[tuple[str, str]]:
    """Seconds to the first tier, then from a bare remote to dense search, with the model loaded on the way."""
    yield from _measure_first_tier(folder)
    remote = repository or _make_history(folder)
    yield from _measure_history(remote, folder / "data")


def _measure_first_tier(folder: Path) -> Iterator[tuple[str, str]]:
    sources = _read_sources()
    started, started_cpu = perf_counter(), process_time()
    cut = ((path, chunk) for path, content in sources for chunk in cut_file(path, content).chunks)
    functions = [(path, c) for path, c in cut if c.kind in ("function", "method")][:FUNCTIONS]
    between = perf_counter()
    passages = [_place(path, chunk, n) for n, (path, chunk) in enumerate(functions)]
    terms = (list_terms(path, chunk.symbol, chunk.content) for path, chunk in functions)
    lexical = build_lexical(None, [None] * len(functions), terms)
    encoder = SeededEncoder()
    write_store(folder, plan_manifest("library", "0" * 40, encoder), passages, lexical, None)
    store = load_store(folder, "library", encoder)
    found = rank_passages(store, "read rows of a csv file", encoder)
    ended = perf_counter()
    yield "functions of installed libraries", f"{len(functions)}, {len(sources)} files"
    yield "cutting them", f"{between - started:.2f} s"
    yield "words, store and the first question", f"{ended - between:.2f} s, {len(found)} found"
    yield (
        f"from files to the first tier (bar: {FIRST_TIER_SECONDS} s)",
        f"{ended - started:.2f} s, {process_time() - started_cpu:.2f} s of CPU",
    )


def _measure_history(remote: Path, data_dir: Path) -> Iterator[tuple[str, str]]:
    settings, now = Settings(data_dir=data_dir), datetime.now(UTC)
    source = vet_source(str(remote), allow_local=True)
    with reach_postgres(settings):
        apply_migrations(settings)
        with connect(settings, "pipeline") as connection:
            times, started_cpu = [perf_counter()], process_time()
            mirror = update_mirror(source, settings.mirrors_dir)
            times.append(perf_counter())
            load_repository(connection, source, mirror)
            connection.commit()
            times.append(perf_counter())
            encoder = SentenceEncoder(backends_dir=settings.backends_dir)
            counts = index_repository(settings, connection, mirror, encoder, now=now)
            answer = ask(settings, connection, source.repo_id, "parse arguments", encoder=encoder)
            times.append(perf_counter())
            row = connection.execute("select count(*) as n from raw.commits").fetchone()
    commits = row["n"] if row else 0
    yield "repository", f"{commits} commits, {counts.chunks} chunks, {counts.encoded} encoded"
    for n, step in enumerate(("mirror", "history", "index and a question")):
        yield step, f"{times[n + 1] - times[n]:.2f} s"
    yield (
        f"from the remote to {answer.tier} search (bar: {DENSE_SECONDS} s)",
        f"{times[-1] - times[0]:.2f} s, {process_time() - started_cpu:.2f} s of CPU",
    )


def _read_sources() -> list[tuple[str, bytes]]:
    """Python's library and what is installed beside it, until there is enough; tests left out."""
    folders = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    files = (path for folder in folders for path in sorted(folder.rglob("*.py")))
    sources, functions = [], 0
    for path in files:
        content = path.read_bytes()
        defined = content.count(b"def ")
        if not defined or "test" in str(path):
            continue
        sources.append((path.name, content))
        functions += defined
        if functions > FUNCTIONS * 1.5:  # some stand in texts, and some inside others
            break
    return sources


def _place(path: str, chunk: Chunk, number: int) -> StoredPassage:
    documented = is_documented(chunk.kind, chunk.content)
    return StoredPassage(
        path, chunk.start_line, chunk.end_line, chunk.symbol, chunk.language, chunk.kind, f"{number:040x}", 0, "",
        documented,
    )  # fmt: skip


def _make_history(folder: Path) -> Path:
    """A bare repository of many commits, each a changed function, written as a stream that git reads."""
    remote = folder / "history.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", remote], check=True)
    files: dict[int, list[str]] = {}
    stream = []
    for n in range(COMMITS):
        number = n % CODE_FILES
        functions = files.setdefault(number, [])
        functions.append(_write_function(n))
        text = "\n\n".join(functions[-10:]).encode()
        at = 1_700_000_000 + 600 * n
        stream.append(
            f"commit refs/heads/main\ncommitter Builder <builder@example.org> {at} +0000\ndata 6\nchange\n".encode()
            + f"M 100644 inline src/part_{number % 12}/file_{number}.py\ndata {len(text)}\n".encode()
            + text
            + b"\n"
        )
    subprocess.run(
        ["git", "fast-import", "--quiet"], cwd=remote, input=b"".join(stream), check=True
    )
    return remote


def _write_function(number: int) -> str:
    names = [WORDS[number * step % len(WORDS)] for step in (1, 3, 5, 7, 11, 13)]
    one, other, *rest = names
    lines = [
        f"    {name}_{n} = {one}.{WORDS[(number + n) % len(WORDS)]}({other})"
        for n, name in enumerate(rest)
    ]
    return "\n".join(
        [
            f"def {one}_{other}_{number}({one}, {other}):",
            *lines,
            f"    return {rest[0]}_0 or {number}\n",
        ]
    )
