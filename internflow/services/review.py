"""`internflow review`: brings one repository's reviews up to date and writes the report where it is wanted."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pygit2
from rich import progress as bars
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from internflow.errors import UserInputError
from internflow.repos.loading import load_repository
from internflow.repos.mirrors import update_mirror
from internflow.repos.vetting import Source, vet_source
from internflow.reviews.catalog import RULES
from internflow.reviews.ranges import parse_range, resolve_range
from internflow.reviews.reporting import report_head, report_range
from internflow.reviews.reports.markdown import render_markdown
from internflow.reviews.reports.report import ReviewReport, describe_findings
from internflow.reviews.reports.sarif import render_sarif
from internflow.reviews.reports.text import render_text
from internflow.reviews.review import Progress, review_repository
from internflow.reviews.verdicts import read_dismissals
from internflow.settings import Settings
from internflow.students.current import read_current_student
from internflow.warehouse.connections import as_student, connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations

FORMATS = ("text", "markdown", "sarif")


@dataclass(frozen=True)
class ReportWish:
    """What a person asked for: `commits` is a range `A..B`, `form` one of FORMATS, `output` a file."""

    commits: str | None = None
    form: str = "text"
    output: Path | None = None


def review_now(
    settings: Settings, console: Console, repository: str, wish: ReportWish, *, now: datetime
) -> None:
    """Review what is new and report it. Raises InternflowError for bad input, before anything is stored."""
    check_wish(wish)
    source = find_source(settings, repository)
    report = make_report(settings, source, wish.commits, now=now)
    rendered = render(report, wish.form)
    if wish.output is not None:
        write_file(wish.output, str(rendered))
        console.print(f"{describe_findings(report)} The report is in {escape(str(wish.output))}.")
    elif isinstance(rendered, Text):
        console.print(rendered)
    else:
        console.file.write(rendered)


def check_wish(wish: ReportWish) -> None:
    """Raises UserInputError for what can be told before any work."""
    if wish.form not in FORMATS:
        raise UserInputError(f"{wish.form[:40]!r} is no format: choose {', '.join(FORMATS)}.")
    if wish.commits is not None:
        parse_range(wish.commits)
    if wish.output is not None and (wish.output.is_dir() or not wish.output.parent.is_dir()):
        raise UserInputError(
            f"{str(wish.output)[:200]!r} cannot be written: give a file in a folder that exists."
        )


def find_source(settings: Settings, repository: str) -> Source:
    """The vetted source; of a path inside of a working tree, that tree."""
    root = find_worktree(repository) if settings.local_repositories else None
    return vet_source(root or repository, allow_local=settings.local_repositories)


def find_worktree(path: str) -> str | None:
    """The root of the working tree that a path of this machine is in; None for anything else."""
    try:
        found = pygit2.discover_repository(str(Path(path).expanduser().resolve(strict=True)))
        return pygit2.Repository(found).workdir if found else None
    except (OSError, RuntimeError, ValueError, pygit2.GitError):
        return None


def make_report(
    settings: Settings, source: Source, commits: str | None, *, now: datetime
) -> ReviewReport:
    """Mirror, load, review and report; what is long shows its progress on standard error."""
    told = Console(stderr=True)
    with reach_postgres(settings):
        apply_migrations(settings)
        with told.status("Reading the repository ..."):
            mirror = update_mirror(source, settings.mirrors_dir)
            worktree = Path(source.location) if source.kind == "local" else None
            chosen = resolve_range(mirror, commits, worktree) if commits is not None else None
            with connect(settings, "pipeline") as connection:
                load_repository(connection, source, mirror)
        with connect(settings, "pipeline") as connection, show_progress(told) as show:
            dismissed = find_dismissed(settings, source)
            if chosen is not None:
                return report_range(
                    connection,
                    mirror,
                    source,
                    chosen,
                    now=now,
                    dismissed=dismissed,
                    on_progress=show,
                )
            review_repository(connection, mirror, limit=None, now=now, on_progress=show)
            return report_head(connection, mirror, source, dismissed)


def find_dismissed(settings: Settings, source: Source) -> dict[str, str]:
    """What the student of this laptop dismissed, and why, by fingerprint."""
    student_id = read_current_student(settings)
    if student_id is None:
        return {}
    with connect(settings, "app") as connection, as_student(connection, student_id):
        return read_dismissals(connection, source.repo_id)


@contextmanager
def show_progress(console: Console) -> Iterator[Progress]:
    """A bar of the commits reviewed, gone when done; the function that moves it."""
    columns = (
        bars.TextColumn("Reviewing commits"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def render(report: ReviewReport, form: str) -> Text | str:
    """The report in one of FORMATS; text with its colours."""
    if form == "sarif":
        return render_sarif(report, RULES, version("internflow"))
    if form == "markdown":
        return render_markdown(report, RULES)
    return render_text(report, RULES)


def write_file(path: Path, text: str) -> None:
    """Write aside, then rename. Raises UserInputError where that is not allowed."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise UserInputError(
            f"{str(path)[:200]!r} cannot be written ({error.strerror}): give another file."
        ) from None
