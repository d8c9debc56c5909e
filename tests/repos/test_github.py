import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from rich.console import Console

from internflow.errors import (
    ConfigError,
    ContractViolation,
    InternflowError,
    SourceUnavailable,
    UserInputError,
)
from internflow.repos.github import list_repositories
from internflow.repos.github_pages import find_next_page, parse_login, parse_repositories
from internflow.repos.vetting import Source
from internflow.services import registration
from internflow.settings import Settings
from internflow.warehouse.connections import connect

NOW = datetime(2026, 2, 1, tzinfo=UTC)


class GitHub(HTTPServer):
    """Two pages of Asha's repositories, with entity tags; `refusal` answers in their place."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.refusal: tuple[int, dict[str, str]] | None = None
        self.next_url: str | None = None
        self.answered: list[int] = []
        self.authorizations: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: GitHub

    def do_GET(self) -> None:
        page = int(self.path.rpartition("page=")[2])
        tag, fields = f'"page-{page}"', {"ETag": f'"page-{page}"'}
        self.server.authorizations.append(self.headers["Authorization"])
        if page == 1:
            after = self.server.next_url or self.server.url + self.path[:-1] + "2"
            fields["Link"] = f'<{after}>; rel="next", <{after}>; rel="last"'
        if self.server.refusal:
            status, fields, body = *self.server.refusal, b"{}"
        elif self.headers["If-None-Match"] == tag:
            status, body = 304, b""
        else:
            status, body = 200, json.dumps(PAGES[page - 1]).encode()
        self.server.answered.append(status)
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""


def listed(name: str, *, fork: bool = False, private: bool = False) -> dict[str, Any]:
    url = f"https://github.com/asha/{name}"
    return {"name": name, "html_url": url, "fork": fork, "private": private, "size": 1}


PAGES = [[listed("shop"), listed("linux", fork=True)], [listed("notes"), listed("x", private=True)]]


@pytest.fixture
def github() -> Iterator[GitHub]:
    server = GitHub()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def asking(settings: Settings, github: GitHub, **more: object) -> Settings:
    return settings.model_copy(update={"github_api_url": github.url, **more})


def ask(settings: Settings, github: GitHub) -> list[str]:
    with connect(settings, "pipeline") as connection:
        return [
            r.name for r in list_repositories(asking(settings, github), connection, "asha", NOW)
        ]


def test_all_pages_are_read_and_unchanged_ones_only_confirmed(
    settings: Settings, github: GitHub
) -> None:
    assert ask(settings, github) == ["shop", "linux", "notes"]
    assert ask(settings, github) == ["shop", "linux", "notes"]
    assert github.answered == [200, 200, 304, 304]
    assert github.authorizations == [None] * 4


@pytest.mark.parametrize(
    ("status", "fields", "kind", "sentence"),
    [
        (404, {}, UserInputError, "GitHub has no user 'asha': check the spelling."),
        (
            403,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1770000000"},
            SourceUnavailable,
            "no more questions until 2026-02-02 02:40 UTC: wait, or set INTERNFLOW_GITHUB_TOKEN",
        ),
        (429, {"X-RateLimit-Remaining": "0"}, SourceUnavailable, "until some time later"),
        (401, {}, ConfigError, "refuses the token"),
        (301, {"Location": "https://elsewhere.example"}, SourceUnavailable, "status 301"),
        (500, {}, SourceUnavailable, "status 500: try again later"),
    ],
)
def test_a_refusal_is_one_sentence(
    settings: Settings, github: GitHub, status: int, fields: dict[str, str],
    kind: type[InternflowError], sentence: str,
) -> None:  # fmt: skip
    github.refusal = (status, fields)
    with pytest.raises(kind) as caught:
        ask(settings, github)
    assert sentence in str(caught.value)


def test_a_host_that_does_not_answer_may_be_tried_again(settings: Settings) -> None:
    nobody = settings.model_copy(update={"github_api_url": "http://127.0.0.1:1"})
    with connect(settings, "pipeline") as connection, pytest.raises(SourceUnavailable):
        list_repositories(nobody, connection, "asha", NOW)


def test_the_token_is_sent_to_the_api_and_to_no_other_address(
    settings: Settings, github: GitHub
) -> None:
    github.next_url = "http://127.0.0.1:1/users/asha/repos?page=2"
    known = asking(settings, github, github_token="ghp_secret")
    known = Settings.model_validate(known.model_dump())
    with connect(settings, "pipeline") as connection, pytest.raises(ContractViolation) as caught:
        list_repositories(known, connection, "asha", NOW)
    assert github.authorizations == ["Bearer ghp_secret"]
    assert "ghp_secret" not in str(caught.value)


def test_registering_a_login_registers_what_is_no_fork(
    settings: Settings,
    github: GitHub,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def vet(text: str, *, allow_local: bool) -> Source:
        assert not allow_local
        return Source(text[-4:], text, "https", text.rsplit("/", 1)[1])

    monkeypatch.setattr(registration, "vet_source", vet)
    registration.register(
        asking(settings, github), Console(soft_wrap=True), "github:asha", name="Asha", emails=["a@x.org"], now=NOW
    )  # fmt: skip
    said = capsys.readouterr().out
    assert "Forks, not registered (register one by its address): linux." in said
    assert "Registered shop, notes for Asha." in said
    with connect(settings, "pipeline") as connection:
        rows = connection.execute(
            "select source from app.student_repositories order by 1"
        ).fetchall()
    assert [r["source"] for r in rows] == [
        "https://github.com/asha/notes", "https://github.com/asha/shop"
    ]  # fmt: skip


def test_a_login_that_does_not_exist_stores_nothing(settings: Settings, github: GitHub) -> None:
    github.refusal = (404, {})
    with pytest.raises(UserInputError, match="has no user"):
        registration.register(
            asking(settings, github), Console(), "github:asha", name="Asha", emails=["a@x.org"], now=NOW
        )  # fmt: skip
    with connect(settings, "pipeline") as connection:
        assert connection.execute("select * from app.students").fetchall() == []


@pytest.mark.parametrize(
    ("text", "login"),
    [
        ("github:asha", "asha"),
        (" https://github.com/asha-rao/ ", "asha-rao"),
        ("https://github.com/asha/shop", None),
        ("github:../x", None),
        ("github:", None),
        ("https://gitlab.com/asha", None),
        ("/github:asha", None),
    ],
)
def test_what_names_a_login(text: str, login: str | None) -> None:
    assert parse_login(text) == login


@pytest.mark.parametrize("page", [{"message": "x"}, [1], [{"name": "a"}]])
def test_an_answer_of_another_shape_is_refused(page: Any) -> None:
    with pytest.raises(ContractViolation):
        parse_repositories(page)


def test_the_last_page_names_no_next() -> None:
    assert find_next_page('<https://x/1>; rel="prev", <https://x/3>; rel="next"') == "https://x/3"
    assert find_next_page('<https://x/1>; rel="first"') is None
