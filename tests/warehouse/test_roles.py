import psycopg
import pytest

from internflow.errors import ConfigError
from internflow.settings import Settings
from internflow.warehouse.connections import connect, find_url, wait_for_database


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("app", "insert into raw.repositories values ('r', 's', 'local', 'n', 'main', 'x')"),
        ("app", "select * from raw.postings"),
        ("app", "create table marts.own (a int)"),
        ("pipeline", "insert into app.students values (gen_random_uuid(), 'n', 'e', '{}')"),
        ("pipeline", "create table raw.own (a int)"),
        ("analyst", "select * from app.students"),
        ("analyst", "select * from ai.findings"),
        ("analyst", "select * from raw.commits"),
    ],
)
def test_role_cannot_do_what_its_work_does_not_need(
    settings: Settings, role: str, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connect(settings, role) as connection:  # type: ignore[arg-type]
        connection.execute(statement.encode())


def test_owner_url_alone_gives_each_role_its_own_rights(settings: Settings) -> None:
    owner_only = Settings(database_url=settings.database_url)
    with connect(owner_only, "analyst") as connection:
        row = connection.execute("select current_user as name").fetchone()
    assert row == {"name": "internflow_analyst"}


def test_a_service_with_only_its_own_url_reaches_no_other_role() -> None:
    app_only = Settings(database_url_app="postgresql://internflow_app:x@127.0.0.1:1/db")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="INTERNFLOW_DATABASE_URL_PIPELINE"):
        find_url(app_only, "pipeline")


def test_database_that_refuses_is_one_sentence_without_the_password() -> None:
    refusing = Settings(database_url="postgresql://owner:hunter2@127.0.0.1:1/shop")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"The database at 127\.0\.0\.1:1/shop refuses") as caught:
        wait_for_database(refusing, "owner", seconds=0)
    assert "hunter2" not in str(caught.value)
