"""Numbered SQL migrations, each applied once, in order, under an advisory lock."""

import hashlib
from dataclasses import dataclass
from importlib import resources

import structlog

from internflow.errors import ConfigError
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect, set_role_passwords

logger = structlog.get_logger("internflow.warehouse")

LOCK_KEY = 0x1F10  # any constant; the same in every process


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations() -> list[Migration]:
    """The migrations shipped with this version, in order. Raises ConfigError on a gap or a doubled number."""
    files = sorted(
        (
            f
            for f in resources.files("internflow.warehouse").joinpath("migrations").iterdir()
            if f.name.endswith(".sql")
        ),
        key=lambda f: f.name,
    )
    found = [Migration(int(f.name[:4]), f.name[5:-4], f.read_text(encoding="utf-8")) for f in files]
    numbers = [m.number for m in found]
    if numbers != list(range(1, len(found) + 1)):
        raise ConfigError(f"Migrations are numbered {numbers}: number them 1, 2, 3 without a gap.")
    return found


def apply_migrations(settings: Settings) -> list[Migration]:
    """Bring the database to this version; return what was applied (nothing on the second call).

    Raises ConfigError when an applied migration was edited afterwards or the database is newer than this version.
    """
    with connect(settings, "owner") as connection:
        connection.execute("select pg_advisory_lock(%s)", (LOCK_KEY,))
        connection.execute("create schema if not exists ops")
        connection.execute(
            "create table if not exists ops.migrations (number int primary key, name text not null,"
            " checksum text not null, applied_at timestamptz not null default now())"
        )
        connection.commit()
        pending = find_pending(connection)
        for migration in pending:
            with connection.transaction():
                connection.execute(migration.sql.encode())
                connection.execute(
                    "insert into ops.migrations (number, name, checksum) values (%s, %s, %s)",
                    (migration.number, migration.name, migration.checksum),
                )
            logger.info("migration_applied", number=migration.number, name=migration.name)
        set_role_passwords(connection, settings)
    return pending


def find_pending(connection: Connection) -> list[Migration]:
    """Migrations that this database still lacks. Raises ConfigError as `apply_migrations` does."""
    shipped = {m.number: m for m in read_migrations()}
    applied = connection.execute(
        "select number, name, checksum from ops.migrations order by number"
    ).fetchall()
    for row in applied:
        mine = shipped.pop(row["number"], None)
        if mine is None:
            raise ConfigError(
                f"The database has migration {row['number']} ({row['name']}), newer than this version:"
                " update InternFlow."
            )
        if mine.checksum != row["checksum"]:
            raise ConfigError(
                f"Migration {row['number']} ({row['name']}) was edited after it ran:"
                " restore it and add a new one."
            )
    return [shipped[n] for n in sorted(shipped)]
