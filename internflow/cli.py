"""The `internflow` command. Each command reads settings, calls the library and prints; errors are one sentence."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from internflow.errors import InternflowError, UserInputError
from internflow.generation.answering import write_answer
from internflow.listings.registry import (
    add_board,
    disable_board,
    enable_board,
    list_registry,
)
from internflow.logs import configure_logs
from internflow.repos.vetting import vet_source
from internflow.retrieval.choices import read_choices
from internflow.retrieval.neighbours import find_neighbours
from internflow.retrieval.search import ask as ask_repository
from internflow.services.answer_report import print_answer
from internflow.services.asking import parse_filters, parse_question
from internflow.services.boards import (
    build_board,
    check_lists,
    print_registry,
    report_registry,
)
from internflow.services.crawl import crawl_now
from internflow.services.demo import run_demo
from internflow.services.digest import send_due_digests, write_digests
from internflow.services.doctor import run_doctor
from internflow.services.hook import install_hook, uninstall_hook
from internflow.services.indexes import build_index, verify_all, verify_one
from internflow.services.registration import register as register_now
from internflow.services.review import ReportWish, review_now
from internflow.services.up import run_up, stop_up
from internflow.services.warehouse_docs import serve_warehouse_docs
from internflow.settings import ROOT, read_settings
from internflow.students.current import read_current_student
from internflow.warehouse.connections import (
    Connection,
    connect,
    reach_postgres,
    wait_for_database,
)
from internflow.warehouse.migrate import apply_migrations

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
boards_app = typer.Typer(no_args_is_help=True, help="Which companies' job boards are crawled.")
app.add_typer(boards_app, name="boards")
index_app = typer.Typer(no_args_is_help=True, help="The search indexes of mirrored repositories.")
app.add_typer(index_app, name="index")
hook_app = typer.Typer(no_args_is_help=True, help="Git's hook that reviews each new commit.")
app.add_typer(hook_app, name="hook")
console = Console(highlight=False, soft_wrap=True)  # a wrapped path cannot be copied

Repository = Annotated[str, typer.Argument(help="https URL or path of a Git repository")]
Platform = Annotated[str, typer.Argument(help="job platform, as `internflow boards list` names it")]
WorkingTree = Annotated[str, typer.Argument(help="a path of or inside a working tree of Git")]
Token = Annotated[str, typer.Argument(help="the board's token on that platform")]


@app.command()
def up() -> None:
    """Start everything on this machine: Postgres, Prefect, the deployments, the app and the api."""
    run_up(read_settings(), console)


@app.command()
def down() -> None:
    """Stop what `internflow up` started, wherever it runs on this machine."""
    console.print("Stopped." if stop_up(read_settings()) else "Nothing runs.")


@app.command()
def demo(
    repository: Annotated[str, typer.Argument(help="https URL or path of a Git repository")] = str(
        ROOT
    ),
) -> None:
    """Run the whole main job on the sample boards and one repository, without any network but the repository's."""
    run_demo(read_settings(), repository, console)


@app.command()
def doctor() -> None:
    """Check every part of this installation and say what to do about each that does not work."""
    if not run_doctor(read_settings(), console):
        raise typer.Exit(1)


@app.command()
def docs(port: Annotated[int, typer.Option(help="port of the pages")] = 8088) -> None:
    """Serve dbt's pages about the warehouse: every model, its columns and what it is made of."""
    settings = read_settings()
    with reach_postgres(settings):
        serve_warehouse_docs(settings, console, port)


@app.command()
def migrate(
    wait: Annotated[
        float, typer.Option(help="seconds to wait for a database that is still starting")
    ] = 0,
) -> None:
    """Bring the database to this version."""
    settings = read_settings()
    with reach_postgres(settings):
        wait_for_database(settings, "owner", seconds=wait)
        applied = apply_migrations(settings)
    console.print(
        f"{len(applied)} migrations applied."
        if applied
        else "The database is at this version already."
    )


@app.command()
def register(
    repository: Annotated[
        str,
        typer.Argument(
            help="https URL or path of a Git repository, or github:LOGIN for all of a user's"
        ),
    ],
    name: Annotated[str, typer.Option(help="the student's name, as it stands on the resume")],
    email: Annotated[
        list[str],
        typer.Option(help="address of the student's commits; the first one is the account's"),
    ],
) -> None:
    """Register a student of this machine and one or all of their repositories; the next daily run takes them up."""
    register_now(
        read_settings(), console, repository, name=name, emails=email, now=datetime.now(UTC)
    )


@app.command()
def crawl(
    platform: Annotated[str, typer.Argument(help="job platform, such as greenhouse")],
    tokens: Annotated[
        list[str], typer.Argument(help="boards of that platform, as in its careers URL")
    ],
) -> None:
    """Crawl boards now and load what they show; fails when one of them did not answer properly."""
    settings = read_settings()
    with reach_postgres(settings):
        apply_migrations(settings)
        crawl_now(settings, console, platform, tokens, now=datetime.now(UTC))


@index_app.command("build")
def build(repository: Repository) -> None:
    """Bring a repository's index to what is loaded; a sound one is only added to."""
    _build_index(repository, from_scratch=False)


@index_app.command("rebuild")
def rebuild(repository: Repository) -> None:
    """Build a repository's index anew, whatever it is now; vectors come from the database where it has them."""
    _build_index(repository, from_scratch=True)


@index_app.command("verify")
def verify(
    repository: Annotated[
        str | None, typer.Argument(help="https URL or path of a Git repository; default: all")
    ] = None,
) -> None:
    """Check every byte and row of an index, and whether it is behind; fails with what to do about it."""
    settings = read_settings()
    source = repository and vet_source(repository, allow_local=settings.local_repositories)
    with reach_postgres(settings), connect(settings, "pipeline") as connection:
        if source:
            verify_one(settings, connection, console, source)
        else:
            verify_all(settings, connection, console)


def _build_index(repository: str, *, from_scratch: bool) -> None:
    settings, now = read_settings(), datetime.now(UTC)
    source = vet_source(repository, allow_local=settings.local_repositories)
    with reach_postgres(settings), connect(settings, "pipeline") as connection:
        build_index(settings, connection, console, source, now=now, from_scratch=from_scratch)


@app.command()
def ask(
    repository: Repository,
    question: str,
    path: Annotated[str | None, typer.Option(help="only files of this pattern: src/*.py")] = None,
    language: Annotated[str | None, typer.Option(help="only this language: python")] = None,
    kind: Annotated[str | None, typer.Option(help="only this kind of passage: function")] = None,
) -> None:
    """Answer a question about a repository with the passages that fit, their files and lines."""
    asked, settings = parse_question(question), read_settings()
    source = vet_source(repository, allow_local=settings.local_repositories)
    with reach_postgres(settings), connect(settings, "pipeline") as connection:
        filters = parse_filters(path, language, kind, read_choices(connection, source.repo_id))
        answer = ask_repository(settings, connection, source.repo_id, asked, filters=filters)
        neighbours = find_neighbours(connection, source.repo_id, answer.passages)
    print_answer(console, answer, neighbours, write_answer(settings, asked, answer.passages))


@app.command()
def review(
    repository: Annotated[
        str, typer.Argument(help="https URL of a Git repository, or a path of or inside one")
    ],
    commits: Annotated[
        str | None,
        typer.Option(
            "--range", help="A..B: what these commits brought in; default: the ledger at HEAD"
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="text, markdown or sarif (version 2.1.0)")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option(help="file for the report; default: standard output")
    ] = None,
) -> None:
    """Review the commits that have no review yet and report the findings; exit code 0 whatever is found."""
    wish = ReportWish(commits, form, output)
    review_now(read_settings(), console, repository, wish, now=datetime.now(UTC))


@app.command()
def digest(
    send: Annotated[
        bool, typer.Option("--send", help="mail the digests of all students that are due")
    ] = False,
) -> None:
    """Print what is new for each filter that you saved on the listings page; it stays new until it is mailed."""
    settings, now = read_settings(), datetime.now(UTC)
    with reach_postgres(settings):
        if send:
            with connect(settings, "pipeline") as connection:
                sent = send_due_digests(settings, connection, now)
            console.print(f"Digests sent: {sent}.")
            return
        student_id = read_current_student(settings)
        if student_id is None:
            raise UserInputError("Nobody is registered on this machine: run `internflow register`.")
        with connect(settings, "app") as connection:
            digests = write_digests(connection, student_id, now)
    if not digests:
        console.print("No filter is saved: save one on the listings page.")
    for name, written in digests.items():
        console.print(f"[bold]{escape(name)}[/bold]\n\n{escape(written)}")


@boards_app.command("check")
def check_boards() -> None:
    """Check the board lists and show how many boards each has, which are disabled, and who has several."""
    check_lists(console)
    with _reach_boards() as connection:
        report_registry(connection, console)


@boards_app.command("list")
def list_boards(
    platform: Annotated[str | None, typer.Argument(help="of this job platform alone")] = None,
) -> None:
    """Show every board: from the lists, added, or disabled."""
    with _reach_boards() as connection:
        registered = list_registry(connection)
    shown = [r for r in registered if platform in (None, r.board.platform)]
    if not shown:
        raise UserInputError(
            f"No board of {str(platform)[:40]!r}: `internflow boards check` names the platforms."
        )
    print_registry(console, shown)


@boards_app.command("add")
def add_to_boards(
    address: Annotated[str, typer.Argument(help="address of the company's careers page")],
    company: Annotated[
        str | None, typer.Option(help="the company's name; default: made of the address")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="ISO code of a country it hires in, such as IN")
    ] = None,
) -> None:
    """Add a company by the address of its careers page; the next daily run crawls it."""
    board = build_board(address, company=company, countries=country or ())
    with _reach_boards() as connection:
        is_new = add_board(connection, board, datetime.now(UTC))
    said = "Added" if is_new else "Crawled already:"
    console.print(f"{said} {escape(board.company)}, {board.platform} {escape(board.token)}.")


@boards_app.command("disable")
def disable(
    platform: Platform,
    token: Token,
    note: Annotated[str, typer.Option(help="why")] = "disabled by the operator",
) -> None:
    """Crawl a board no more; what it showed stays in the history."""
    with _reach_boards() as connection:
        is_changed = disable_board(connection, platform, token, datetime.now(UTC), note=note)
    said = "is disabled." if is_changed else "was disabled already."
    console.print(f"{escape(platform)} {escape(token)} {said}")


@boards_app.command("enable")
def enable(platform: Platform, token: Token) -> None:
    """Crawl a disabled board again; its failed days are counted anew."""
    with _reach_boards() as connection:
        is_changed = enable_board(connection, platform, token, datetime.now(UTC))
    said = "is crawled again." if is_changed else "was not disabled."
    console.print(f"{escape(platform)} {escape(token)} {said}")


@hook_app.command("install")
def install(repository: WorkingTree = ".") -> None:
    """Review each commit of a working tree in the background; `internflow review` and the app show what is found."""
    hook = install_hook(repository, read_settings().data_dir.resolve(), sys.executable)
    console.print(f"Commits are reviewed from now on, by {escape(str(hook))}.")


@hook_app.command("uninstall")
def uninstall(repository: WorkingTree = ".") -> None:
    """Take our lines out of the hook; what else is in it stays."""
    is_changed = uninstall_hook(repository)
    console.print("Removed." if is_changed else "There was no hook of ours.")


@contextmanager
def _reach_boards() -> Iterator[Connection]:
    """The registry's database, at this version, as the pipeline."""
    settings = read_settings()
    with reach_postgres(settings):
        apply_migrations(settings)
        with connect(settings, "pipeline") as connection:
            yield connection


def main() -> None:
    """Run the command; an error that a person can mend is one sentence and exit code 1."""
    configure_logs(read_settings(), service="cli")
    try:
        app()
    except InternflowError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"[bold red]Error:[/bold red] {escape(str(error))}"
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
