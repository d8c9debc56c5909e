"""`internflow demo`: the main job on sample boards over real HTTP and on a real Git repository, offline."""

import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from rich.console import Console

from internflow.errors import ConfigError, UserInputError
from internflow.repos.history import walk_commits
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.services.demo_report import print_report
from internflow.services.environment import build_environment, find_port
from internflow.services.log_lines import LineWriter
from internflow.services.processes import Child, answers, stop_children
from internflow.services.up import START_SECONDS, build_prefect_server, read_stack
from internflow.settings import ROOT, Settings
from internflow.students.accounts import Student, register_repository, register_student
from internflow.students.current import write_current_student
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.fingerprints import compare_tables, read_table_states
from internflow.warehouse.migrate import apply_migrations

REVIEWED_COMMITS = 50
SAMPLES = ROOT / "crawlers" / "samples"


@dataclass(frozen=True)
class Author:
    name: str
    emails: tuple[str, ...]


def run_demo(settings: Settings, repository: str, console: Console) -> None:
    """Run everything once and print where to look. Raises InternflowError for bad input, before anything is stored."""
    started = perf_counter()
    source = vet_source(repository, allow_local=settings.local_repositories)
    with ExitStack() as stack:
        console.print(f"Mirroring [bold]{source.name}[/bold] ...")
        mirror = update_mirror(source, settings.mirrors_dir)
        author = find_main_author(mirror)
        prefect_port, server = _start_prefect(settings, stack)  # seconds, while Postgres starts too
        stack.enter_context(reach_postgres(settings))
        apply_migrations(settings)
        student = _register(settings, author, source)
        before = read_table_states(settings, ("raw", "ai"))
        replay_url = stack.enter_context(replay_samples(settings))
        if server is not None:
            server.wait_healthy(START_SECONDS, threading.Event())
        _run_daily(settings, prefect_port, replay_url, console)
        changes = compare_tables(before, read_table_states(settings, ("raw", "ai")))
        print_report(settings, console, student, source, changes, seconds=perf_counter() - started)


def find_main_author(mirror: Mirror) -> Author:
    """Who wrote most commits: the demo takes this person for the student, with every address under that name."""
    commits = [c for c in walk_commits(mirror) if len(c.parent_shas) < 2]
    names = Counter(c.author_name for c in commits)
    if not names:
        raise UserInputError(
            f"{mirror.path.name} has no commit of a person: choose a repository with commits."
        )
    name = names.most_common(1)[0][0]
    emails = Counter(c.author_email for c in commits if c.author_name == name)
    return Author(name, tuple(email for email, _count in emails.most_common()))


def _register(settings: Settings, author: Author, source: Source) -> Student:
    with connect(settings, "app") as connection:
        student = register_student(connection, author.name, author.emails[0], author.emails)
        register_repository(connection, student.student_id, source)
    write_current_student(settings, student.student_id)
    return student


def _start_prefect(settings: Settings, stack: ExitStack) -> tuple[int, Child | None]:
    """The port of a running `up`'s Prefect server, or of one for this run, which is still starting."""
    running = read_stack(settings)
    if running and answers(f"http://127.0.0.1:{running.prefect_port}/api/health"):
        return running.prefect_port, None
    port = find_port(settings.prefect_port)
    server = Child(build_prefect_server(settings, port), LineWriter())
    stack.callback(stop_children, [server])
    return port, server


@contextmanager
def replay_samples(settings: Settings) -> Iterator[str]:
    """A replay server that answers for the job platforms with the sample boards; yields its URL."""
    command = [
        sys.executable,
        "-m",
        "crawlers.replay_server",
        "--port",
        "0",
        "--samples",
        str(SAMPLES),
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=build_environment(settings, "replay", settings.prefect_port),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            found = re.search(r"http://\S+", line)
            if not found:
                raise ConfigError(
                    "The replay server for the sample boards did not start: its lines above say why."
                )
            yield found.group()
        finally:
            server.terminate()


def _run_daily(settings: Settings, prefect_port: int, replay_url: str, console: Console) -> None:
    """The same flow as every day, in a process of its own because only flows know Prefect."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    command = [
        sys.executable,
        "-m",
        "flows.run_daily",
        "--now",
        now,
        "--boards-dir",
        str(SAMPLES / "boards"),
        "--review-limit",
        str(REVIEWED_COMMITS),
    ]
    environment = build_environment(settings, "flows", prefect_port) | {
        "INTERNFLOW_REPLAY_URL": replay_url
    }
    console.print("Running the daily flow: crawl, mirror, index, review, write, model, match ...")
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as run:
        if run.stdout:
            LineWriter().pump("flows", run.stdout)
    if run.returncode:
        raise ConfigError(
            "The daily flow failed: its lines above say which part and why; what was stored before is kept."
        )
