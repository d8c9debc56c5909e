"""From a queued push to its stored review and its index, with Prefect's server and the watcher of `internflow up`."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.freshness import SeededEncoder
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.requested import holding_requests, request_repository
from internflow.repos.vetting import Source, vet_source
from internflow.retrieval.indexing import index_repository
from internflow.reviews.review import review_repository
from internflow.services.environment import find_port
from internflow.services.log_lines import LineWriter
from internflow.services.processes import Child, Service, stop_children
from internflow.services.up import START_SECONDS, build_prefect_server, build_services
from internflow.settings import Settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

PUSHES = 10
PATIENCE_SECONDS = 120
REVIEWED = "select 1 from ops.review_coverage where repo_id = %s and commit_sha = %s"
INDEXED = (
    "select 1 from ops.index_manifests where repo_id = %s and commit_sha = %s and tier = 'dense'"
)
CODE = "def add{n}(item, bag=[]):\n    return bag\n"


def measure_pushes(repository: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Seconds of pushes of one commit each to a repository that is reviewed already."""
    work = folder / "work"
    _git(folder, "clone", "--quiet", str(repository), str(work))
    settings = Settings(data_dir=folder / "data")
    with ExitStack() as stack:
        stack.enter_context(reach_postgres(settings))
        apply_migrations(settings)
        source = vet_source(str(work), allow_local=True)
        commits = _prepare(settings, source)
        _start_processes(settings, stack)
        _push(settings, source, work, 0)  # the watcher may still be starting
        _wait_for_end(settings)
        alone = []
        for number in range(1, PUSHES + 1):
            alone.append(_push(settings, source, work, number))
            _wait_for_end(settings)
        crowded = [_push(settings, source, work, PUSHES + n) for n in range(1, PUSHES + 1)]
    for told, pushes in (("alone", alone), ("the one before still busy", crowded)):
        reviewed, indexed = zip(*pushes, strict=True)
        for end, bar, seconds in (("stored review", 5, reviewed), ("new index", 3, indexed)):
            yield f"push to {end}, {commits} commits, {told}, median", f"{median(seconds):.2f} s"
            yield f"push to {end}, {told}, worst (bar: {bar} s)", f"{max(seconds):.2f} s"


def _prepare(settings: Settings, source: Source) -> int:
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "app") as connection:
        student = register_student(connection, "Asha", "asha@example.org", ())
        register_repository(connection, student.student_id, source)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
        now = datetime.now(UTC)
        counts = review_repository(connection, mirror, limit=None, now=now)
        index_repository(settings, connection, mirror, SeededEncoder(), now=now)
    return counts.reviewed + counts.skipped + counts.failed


def _start_processes(settings: Settings, stack: ExitStack) -> None:
    port, writer = find_port(0), LineWriter()
    quiet = {"INTERNFLOW_LOG_LEVEL": "ERROR", "PREFECT_LOGGING_LEVEL": "ERROR"}
    (watcher,) = [s for s in build_services(settings, port) if s.name == "pushes"]
    server = Child(_with(build_prefect_server(settings, port), quiet), writer)
    stack.callback(stop_children, [server])
    server.wait_healthy(START_SECONDS, threading.Event())
    stack.callback(stop_children, [Child(_with(watcher, quiet), writer)])


def _with(service: Service, variables: dict[str, str]) -> Service:
    return replace(service, environment=service.environment | variables)


def _push(settings: Settings, source: Source, work: Path, number: int) -> tuple[float, float]:
    """Commit, queue as the webhook does, and wait; seconds from the queue to the review, and to the index."""
    (work / f"added{number}.py").write_text(CODE.format(n=number))
    _git(work, "add", "--all")
    _git(work, "commit", "--quiet", "-m", "more")
    sha = _git(work, "rev-parse", "HEAD")
    started = time.perf_counter()
    with connect(settings, "app") as connection:
        request_repository(connection, source.repo_id, f"d-{number}", datetime.now(UTC))
    ends: dict[str, float] = {}
    with connect(settings, "pipeline") as connection:
        connection.autocommit = True
        while len(ends) < 2:
            for question in {REVIEWED, INDEXED} - ends.keys():
                if connection.execute(question, (source.repo_id, sha)).fetchone():  # type: ignore[arg-type]
                    ends[question] = time.perf_counter() - started
            if time.perf_counter() - started > PATIENCE_SECONDS:
                raise TimeoutError(f"push {number} was not done in {PATIENCE_SECONDS} s")
            time.sleep(0.01)
    return ends[REVIEWED], ends[INDEXED]


def _wait_for_end(settings: Settings) -> None:
    """Until the run that reviewed is over, too: it still indexes and ends with Prefect."""
    with connect(settings, "pipeline") as connection, holding_requests(connection):
        pass


def _git(folder: Path, *args: str) -> str:
    identity = ("-c", "user.name=Asha", "-c", "user.email=asha@example.org")
    done = subprocess.run(
        ["git", *identity, *args], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
