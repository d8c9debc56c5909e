"""What a person registers: one repository, or all of a GitHub user's own."""

from datetime import datetime

from rich.console import Console
from rich.markup import escape

from internflow.errors import UserInputError
from internflow.repos.github import list_repositories
from internflow.repos.github_pages import parse_login
from internflow.repos.vetting import Source, vet_source
from internflow.settings import Settings
from internflow.students.accounts import register_repository, register_student
from internflow.students.current import write_current_student
from internflow.warehouse.connections import connect, reach_postgres
from internflow.warehouse.migrate import apply_migrations


def register(
    settings: Settings, console: Console, text: str, *, name: str, emails: list[str], now: datetime
) -> None:
    """Register a student of this machine and what the text means. Raises InternflowError before anything is stored."""
    login = parse_login(text)
    sources = [] if login else [vet_source(text, allow_local=settings.local_repositories)]
    with reach_postgres(settings):
        apply_migrations(settings)
        if login:
            sources = _find_sources(settings, console, login, now)
        with connect(settings, "app") as connection:
            student = register_student(connection, name, emails[0], tuple(emails))
            for source in sources:
                register_repository(connection, student.student_id, source)
    write_current_student(settings, student.student_id)
    names = ", ".join(source.name for source in sources)
    console.print(f"Registered {escape(names)} for {escape(student.name)}.")


def _find_sources(settings: Settings, console: Console, login: str, now: datetime) -> list[Source]:
    """The user's own public repositories; forks are named, not registered: most commits there are others'."""
    with connect(settings, "pipeline") as connection:
        listed = list_repositories(settings, connection, login, now)
    own = [repository for repository in listed if not repository.is_fork]
    forks = ", ".join(repository.name for repository in listed if repository.is_fork)
    if forks:
        console.print(f"Forks, not registered (register one by its address): {escape(forks)}.")
    if not own:
        raise UserInputError(
            f"The GitHub user {login!r} has no public repository of their own: register one by its address."
        )
    return [vet_source(repository.url, allow_local=False) for repository in own]
