"""`internflow doctor`: checks every part and says what to do about each that does not work."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from internflow.errors import InternflowError
from internflow.repos.mirrors import open_mirror
from internflow.resumes.evidence import verify_evidence
from internflow.retrieval.encoder import open_encoder
from internflow.retrieval.verification import verify_index
from internflow.reviews.analyzers.process import has_network
from internflow.reviews.review import verify_quotes
from internflow.services.indexes import tell_verified
from internflow.services.processes import answers
from internflow.services.up import read_stack
from internflow.settings import Role, Settings
from internflow.students.accounts import read_students
from internflow.warehouse.connections import Connection, connect, reach_postgres
from internflow.warehouse.migrate import find_pending

LEAST_FREE_BYTES = 2 * 1024**3
ROLES: tuple[Role, ...] = ("owner", "pipeline", "app", "analyst")


@dataclass(frozen=True)
class Check:
    part: str
    is_ok: bool
    outcome: str


def run_doctor(settings: Settings, console: Console) -> bool:
    """Print every check and return whether all of them passed."""
    checks = list(examine(settings))
    table = Table(box=None, show_header=False)
    for check in checks:
        table.add_row(
            "[green]ok[/green]" if check.is_ok else "[red]FAIL[/red]",
            check.part,
            escape(check.outcome),
        )
    console.print(table)
    return all(check.is_ok for check in checks)


def examine(settings: Settings) -> Iterator[Check]:
    """Every check, cheap ones first; one that cannot be made is a failed check, never a crash."""
    yield _check("python", _check_python)
    yield _check("git", _check_git)
    yield _check("disk", _check_disk, settings)
    yield _check("services", _check_services, settings)
    yield _check("analyzers", _check_analyzers)
    try:
        with reach_postgres(settings):
            yield from _examine_warehouse(settings)
    except InternflowError as error:
        yield Check("postgres", False, str(error))


def _examine_warehouse(settings: Settings) -> Iterator[Check]:
    for role in ROLES:
        yield _check(f"postgres as {role}", _check_role, settings, role)
    with connect(settings, "owner") as owner:
        migrations = _check("migrations", _check_migrations, owner)
    yield migrations
    if not migrations.is_ok:
        return
    with connect(settings, "pipeline") as connection:
        # A repository that left behind findings alone is examined, too: no finding goes unchecked.
        repositories = connection.execute(
            "select repo_id, coalesce(name, repo_id) as name from raw.repositories"
            " full join (select distinct repo_id from ai.findings) found using (repo_id) order by 2"
        )
        for row in repositories.fetchall():
            name, repo_id = row["name"], row["repo_id"]
            yield _check(f"mirror {name}", _check_mirror, settings, repo_id)
            yield _check(f"index {name}", _check_index, settings, connection, repo_id)
            yield _check(f"findings {name}", _check_findings, settings, connection, repo_id)
        yield _check("resumes", _check_resumes, settings, connection)


def _check(part: str, examine_part: Callable[..., str], *args: object) -> Check:
    try:
        return Check(part, True, examine_part(*args))
    except InternflowError as error:
        return Check(part, False, str(error))


def _check_python() -> str:
    return f"{sys.version.split()[0]} at {sys.prefix}"


def _check_git() -> str:
    if shutil.which("git") is None:
        raise InternflowError("git is not on PATH: install it with your system's package manager.")
    return subprocess.run(
        ["git", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


def _check_disk(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE_BYTES:
        raise InternflowError(
            f"{settings.data_dir} has {free / 1024**2:.0f} MiB free: make room, or move INTERNFLOW_DATA_DIR."
        )
    return f"{free / 1024**3:.0f} GiB free at {settings.data_dir}"


def _check_services(settings: Settings) -> str:
    stack = read_stack(settings)
    if stack is None:
        return "not started; `internflow up` starts them"
    if not stack.is_alive:
        raise InternflowError(
            "`internflow up` was killed and left processes: run `internflow up` again, it cleans up."
        )
    silent = [s["name"] for s in stack.services if s["health_url"] and not answers(s["health_url"])]
    if silent:
        raise InternflowError(
            f"{', '.join(silent)} does not answer: see its lines in the terminal of `internflow up`."
        )
    return f"{len(stack.services)} run under process {stack.pid}"


def _check_analyzers() -> str:
    if has_network():
        return "confined, but with a network: this system allows no user namespaces"
    return "confined, without a network"


def _check_role(settings: Settings, role: Role) -> str:
    with connect(settings, role) as connection:
        row = connection.execute(
            "select current_user as name, (select rolsuper from pg_roles where rolname = current_user) as is_super"
        ).fetchone()
    if row is None or (row["is_super"] and role != "owner"):
        raise InternflowError(
            f"The role {role} is a superuser and row-level security is off for it: give it its own login."
        )
    return str(row["name"])


def _check_migrations(connection: Connection) -> str:
    exists = connection.execute("select to_regclass('ops.migrations') as name").fetchone()
    if not exists or exists["name"] is None:
        raise InternflowError("The database is empty: run `internflow migrate`.")
    pending = find_pending(connection)
    if pending:
        raise InternflowError(f"{len(pending)} migrations are missing: run `internflow migrate`.")
    return "at this version"


def _check_mirror(settings: Settings, repo_id: str) -> str:
    return f"at {open_mirror(settings.mirrors_dir, repo_id).head_sha[:8]}"


def _check_index(settings: Settings, connection: Connection, repo_id: str) -> str:
    row = connection.execute(
        "select commit_sha from ops.index_manifests where repo_id = %s", (repo_id,)
    ).fetchone()
    if row is None:
        return "not built yet; the daily run builds it"
    mirror = open_mirror(settings.mirrors_dir, repo_id)
    encoder = open_encoder(settings)
    return tell_verified(verify_index(settings, connection, mirror, encoder))


def _check_findings(settings: Settings, connection: Connection, repo_id: str) -> str:
    wrong = verify_quotes(connection, open_mirror(settings.mirrors_dir, repo_id))
    if wrong:
        raise InternflowError(
            f"{len(wrong)} findings quote text that does not stand there: report it with their fingerprints."
        )
    row = connection.execute(
        "select count(*) as n from ai.findings where repo_id = %s", (repo_id,)
    ).fetchone()
    return f"{row['n'] if row else 0} quotes stand at their commit, file and line"


def _check_resumes(settings: Settings, connection: Connection) -> str:
    students = read_students(connection)
    for student in students:
        broken = verify_evidence(connection, settings.mirrors_dir, student.student_id)
        if broken:
            raise InternflowError(
                f"{len(broken)} resume facts no longer hold: run the write-resumes flow."
            )
    return f"every fact of {len(students)} students holds"
