import threading

import pytest

from internflow.errors import ConfigError
from internflow.settings import Settings
from internflow.warehouse.connections import connect
from internflow.warehouse.migrate import apply_migrations, read_migrations


def test_apply_migrations_twice_applies_nothing_the_second_time(settings: Settings) -> None:
    assert apply_migrations(settings) == []
    with connect(settings, "owner") as connection:
        rows = connection.execute("select count(*) as n from ops.migrations").fetchone()
    assert rows == {"n": len(read_migrations())}


def test_apply_migrations_from_two_threads_at_once_both_succeed(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        connection.execute(
            "drop schema raw, ai, app, ops, staging, intermediate, marts, snapshots cascade"
        )
    applied: list[int] = []
    threads = [
        threading.Thread(target=lambda: applied.append(len(apply_migrations(settings))))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [0, len(read_migrations())]


def test_edited_migration_is_refused_by_name(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        connection.execute("update ops.migrations set checksum = 'other' where number = 2")
    with pytest.raises(ConfigError, match=r"Migration 2 \(students\) was edited"):
        apply_migrations(settings)


def test_database_newer_than_this_version_is_refused(settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        connection.execute(
            "insert into ops.migrations (number, name, checksum) values (999, 'later', '')"
        )
    with pytest.raises(ConfigError, match="newer than this version"):
        apply_migrations(settings)
