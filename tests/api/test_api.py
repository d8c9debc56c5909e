import json
import subprocess
import sys

import pytest
from fastapi.testclient import TestClient

from internflow.api.app import create_app
from internflow.settings import Settings
from internflow.warehouse.connections import connect

NOWHERE = Settings.model_validate({"database_url": "postgresql://nobody@127.0.0.1:1/none"})


def test_health_answers_without_database() -> None:
    with TestClient(create_app(NOWHERE)) as client:
        assert client.get("/health").json()["status"] == "ok"
        answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["error"].startswith("The database at 127.0.0.1:1/none refuses:")


def test_ready_at_this_version_answers_ok(client: TestClient) -> None:
    assert client.get("/ready").json()["status"] == "ok"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("delete from ops.migrations where number = 6", "The database lacks migration 6"),
        ("insert into ops.migrations values (999, 'later', '')", "newer than this version"),
        ("drop table ops.migrations", "The database is empty: run `internflow migrate`."),
    ],
)
def test_ready_at_another_version_answers_503_with_one_sentence(
    client: TestClient, settings: Settings, change: str, sentence: str
) -> None:
    with connect(settings, "owner") as connection:
        connection.execute(change)
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert sentence in answer.json()["error"]


def test_listings_before_the_first_build_answer_503(client: TestClient, settings: Settings) -> None:
    with connect(settings, "owner") as connection:
        connection.execute("drop schema marts cascade")
    answer = client.get("/listings")
    assert answer.status_code == 503
    assert answer.json() == {
        "error": "The warehouse was not built yet: the daily run builds it;"
        " `internflow demo` gives a first look."
    }


def test_listings_by_cursor_come_once_each_newest_first(client: TestClient) -> None:
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(
            "/listings", params={"limit": 10, **({"cursor": cursor} if cursor else {})}
        ).json()
        assert page["total_count"] == 27
        ids += [listing["posting_id"] for listing in page["listings"]]
        cursor = page["next_cursor"]
    assert len(ids) == len(set(ids)) == 27


def test_listings_apply_the_filters(client: TestClient) -> None:
    for query, count in {
        "": 27,
        "status=any": 28,
        "kind=other&kind=internship": 27,
        "skill=go&place=TX": 4,
        "text=nothing": 0,
    }.items():
        answer = client.get(f"/listings?{query}").json()
        assert answer["total_count"] == count, query
        assert len(answer["listings"]) == min(count, 20), query


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?salary=9000", "salary"), ("?kind=job", "kind"), ("?limit=1000", "limit"), ("?status=", "status"),
        ("?posted_within_days=soon", "posted_within_days"), ("?text=%00", "text"), ("?cursor=x", "cursor"),
    ],
)  # fmt: skip
def test_parameter_that_cannot_be_applied_is_refused_by_name(query: str, name: str) -> None:
    with TestClient(create_app(NOWHERE)) as client:
        answer = client.get(f"/listings{query}")
    assert answer.status_code == 422
    assert name in answer.json()["error"]


def test_listing_is_found_by_its_id_and_holds_no_persons_data(client: TestClient) -> None:
    listing = client.get("/listings/ashby:orbit:3").json()
    assert listing["title"] == "Data Engineering Intern 3"
    assert listing["description_html"].startswith("<p>")
    assert "match" not in listing


def test_what_is_not_there_answers_404_as_json(client: TestClient) -> None:
    for path in ("/listings/none", "/listings/a%00b", "/listings/", "/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert set(answer.json()) == {"error"}


def test_unexpected_failure_answers_500_with_the_id_of_its_log_entry(
    client: TestClient, settings: Settings
) -> None:
    with connect(settings, "owner") as connection:
        connection.execute("alter table marts.listings rename column title to private_column")
    answer = client.get("/listings")
    assert answer.status_code == 500
    assert answer.json()["error"].startswith("This request failed; the log has the details (id ")
    assert "private_column" not in answer.text


def test_reference_names_every_filter_and_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    for name in ("posted_within_days", "cursor", "work_model", "/listings/{posting_id}"):
        assert name in page
    assert "http" not in page
    assert "<script" not in page


def test_paths_work_behind_a_proxy_that_strips_the_prefix(settings: Settings) -> None:
    with TestClient(create_app(settings), root_path="/api") as client:
        assert client.get("/api/health").status_code == 200
        assert client.get("/api/listings").status_code == 200


def test_uvicorn_finds_the_app_and_logs_json_lines(settings: Settings) -> None:
    """The app as production starts it: its own lines and the server's come out in one form."""
    script = (
        "import sys, threading, urllib.request, uvicorn\n"
        "config = uvicorn.Config('internflow.api.app:app', port=0, log_level='info')\n"
        "server = uvicorn.Server(config)\n"
        "thread = threading.Thread(target=server.run)\n"
        "thread.start()\n"
        "while not server.started: thread.join(0.05)\n"
        "port = server.servers[0].sockets[0].getsockname()[1]\n"
        "urllib.request.urlopen(f'http://127.0.0.1:{port}/listings?text=secret').read()\n"
        "server.should_exit = True\n"
        "thread.join()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    (answered,) = [line for line in lines if line["event"] == "request_answered"]
    assert answered["path"] == "/listings"
    assert answered["status"] == 200
    assert {line["service"] for line in lines} == {"api"}
    assert "secret" not in done.stderr
