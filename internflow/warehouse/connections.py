"""Connections by role. Each process asks for the one role it needs; Postgres holds what that role may see."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from time import monotonic, sleep

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from internflow.errors import ConfigError
from internflow.settings import Role, Settings
from internflow.warehouse.embedded import find_cluster, running_postgres

Connection = psycopg.Connection[DictRow]


def find_url(settings: Settings, role: Role) -> str:
    """The connection string of a role.

    The role's own URL wins. With the owner's URL alone, the session of the owner switches to the role: right for
    a laptop; production gives each service only its own URL. Raises ConfigError when nothing leads to the role.
    """
    explicit = (
        settings.database_url if role == "owner" else getattr(settings, f"database_url_{role}")
    )
    if explicit is not None:
        return str(explicit.get_secret_value())
    if settings.database_url is not None:
        return make_conninfo(
            settings.database_url.get_secret_value(), options=f"-c role=internflow_{role}"
        )
    if not settings.is_embedded:
        raise ConfigError(
            f"No database URL for the role {role}: set INTERNFLOW_DATABASE_URL_{role.upper()}."
        )
    cluster = find_cluster(settings.data_dir)
    if cluster is None:
        raise ConfigError(
            f"Postgres is not running for {settings.data_dir}: start it with `internflow up`."
        )
    return cluster.url(role)


@contextmanager
def reach_postgres(settings: Settings) -> Iterator[None]:
    """Keep the embedded server running for the block; with a database URL there is nothing to start."""
    if not settings.is_embedded:
        yield
        return
    with running_postgres(settings.data_dir):
        yield


@contextmanager
def connect(settings: Settings, role: Role) -> Iterator[Connection]:
    """One connection, committed at the end of the block, rolled back on an error. Raises ConfigError if refused."""
    url = find_url(settings, role)
    try:
        connection = psycopg.connect(
            url, row_factory=dict_row, connect_timeout=10, application_name=settings.service
        )
    except psycopg.OperationalError as error:
        raise ConfigError(
            f"The database at {describe_url(url)} refuses: {_first_line(error)} "
            "Check that it runs and that the URL is right."
        ) from None
    with connection:
        yield connection


def wait_for_database(settings: Settings, role: Role, *, seconds: float) -> None:
    """Return when the role can connect. Raises ConfigError when it still cannot after `seconds`."""
    deadline = monotonic() + seconds
    while True:
        try:
            with connect(settings, role):
                return
        except ConfigError:
            if monotonic() >= deadline:
                raise
            sleep(0.5)


@cache
def open_pool(settings: Settings, role: Role, size: int = 4) -> ConnectionPool[Connection]:
    """A pool for services that live long (pages, api): opened on first use, waits 10 s for a connection at most."""
    return ConnectionPool(
        find_url(settings, role),
        min_size=1,
        max_size=size,
        timeout=10,
        open=True,
        kwargs={"row_factory": dict_row, "application_name": settings.service},
        check=ConnectionPool.check_connection,
    )


@contextmanager
def as_student(connection: Connection, student_id: str) -> Iterator[Connection]:
    """A transaction in which row-level security shows the rows of one student and nobody else's."""
    with connection.transaction():
        connection.execute("select set_config('app.student_id', %s, true)", (student_id,))
        yield connection


@contextmanager
def read_as(settings: Settings, student_id: str | None) -> Iterator[Connection]:
    """A pooled connection of the role app that shows the rows of one student, or nobody's.

    Raises ConfigError when the database does not answer or dbt has not built the marts yet.
    """
    try:
        with open_pool(settings, "app").connection() as connection:
            if student_id is None:
                yield connection
            else:
                with as_student(connection, student_id):
                    yield connection
    except (PoolTimeout, psycopg.OperationalError):
        raise ConfigError(
            "The database does not answer: check that `internflow up` runs, then try again."
        ) from None
    except psycopg.errors.UndefinedTable:
        raise ConfigError(
            "The warehouse was not built yet: the daily run builds it; `internflow demo` gives a first look."
        ) from None


def describe_url(url: str) -> str:
    """host:port/database of a connection string, without user or password."""
    parts = conninfo_to_dict(url)
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"


def set_role_passwords(connection: Connection, settings: Settings) -> None:
    """Give each role the password of its URL (production) or of the embedded cluster; without either, no login."""
    cluster = find_cluster(settings.data_dir) if settings.is_embedded else None
    for role in ("pipeline", "app", "analyst"):
        url = getattr(settings, f"database_url_{role}")
        password = (
            cluster.passwords[role]
            if cluster
            else url and conninfo_to_dict(url.get_secret_value())["password"]
        )
        if password:
            connection.execute(
                sql.SQL("alter role {} login password {}").format(
                    sql.Identifier(f"internflow_{role}"), password
                )
            )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1].strip().rstrip(".") + "."
