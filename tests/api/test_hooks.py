import hashlib
import hmac
import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from internflow.api import hooks
from internflow.api.app import create_app
from internflow.repos.vetting import Source, find_repo_id
from internflow.settings import Settings
from internflow.students.accounts import register_repository, register_student
from internflow.warehouse.connections import connect, open_pool

SECRET = "it's a secret"
URL = "https://github.com/asha/shop"
PUSH = json.dumps({"ref": "refs/heads/main", "repository": {"clone_url": f"{URL}.git"}}).encode()


@pytest.fixture
def hooked(settings: Settings) -> Iterator[TestClient]:
    with connect(settings, "app") as connection:
        student = register_student(connection, "Asha", "asha@example.org", ())
        source = Source(str(find_repo_id(URL)), URL, "https", "shop")
        register_repository(connection, student.student_id, source)
    known = settings.model_copy(update={"webhook_secret": SecretStr(SECRET)})
    with TestClient(create_app(known)) as client:
        yield client
    open_pool(known, "app").close()


def sign(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def deliver(
    client: TestClient, body: bytes = PUSH, *, delivery: str = "d-1", event: str = "push", **more: str
) -> tuple[int, str]:  # fmt: skip
    headers = {
        "X-Hub-Signature-256": sign(body), "X-GitHub-Delivery": delivery, "X-GitHub-Event": event,
    } | {name.replace("_", "-"): value for name, value in more.items()}  # fmt: skip
    answer = client.post("/hooks/github", content=body, headers=headers)
    said = answer.json()
    return answer.status_code, said.get("result") or said["error"]


def read_queue(settings: Settings) -> list[tuple[str, str]]:
    with connect(settings, "pipeline") as connection:
        rows = connection.execute(
            "select delivery_id, repo_id from ops.repository_requests order by 1"
        ).fetchall()
    return [(r["delivery_id"], r["repo_id"]) for r in rows]


def test_a_signed_push_is_queued_once_however_often_it_comes(
    hooked: TestClient, settings: Settings
) -> None:
    assert deliver(hooked) == (200, "queued")
    assert deliver(hooked) == (200, "known delivery")
    assert deliver(hooked, delivery="d-2") == (200, "queued")
    assert read_queue(settings) == [("d-1", find_repo_id(URL)), ("d-2", find_repo_id(URL))]


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", sign(PUSH, "another"), sign(PUSH)[7:], sign(PUSH + b" "), "sha256=é"],
)
def test_a_push_without_the_right_signature_is_refused(
    hooked: TestClient, settings: Settings, signature: str
) -> None:
    headers = {b"X-Hub-Signature-256": signature.encode("latin-1"), b"X-GitHub-Delivery": b"d-1"}
    answer = hooked.post("/hooks/github", content=PUSH, headers=headers)
    assert answer.status_code == 401
    assert SECRET not in answer.text
    assert read_queue(settings) == []


def test_what_is_no_push_of_a_registered_repository_is_answered_and_not_queued(
    hooked: TestClient, settings: Settings
) -> None:
    other = json.dumps({"repository": {"clone_url": "https://github.com/ravi/x.git"}}).encode()
    inside = json.dumps({"repository": {"clone_url": "file:///etc"}}).encode()
    assert deliver(hooked, event="ping") == (200, "not a push")
    assert deliver(hooked, other) == (200, "not registered")
    assert deliver(hooked, inside) == (200, "not registered")
    assert deliver(hooked, b"[1]")[0] == 400
    assert deliver(hooked, b"payload=%7B%7D")[0] == 400
    assert deliver(hooked, delivery="")[0] == 400
    assert deliver(hooked, delivery="x" * 101)[0] == 400
    assert read_queue(settings) == []


def test_a_body_that_is_too_large_is_refused_before_it_is_read(
    hooked: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "MOST_BYTES", len(PUSH))
    assert deliver(hooked) == (200, "queued")
    assert deliver(hooked, PUSH + b" ")[0] == 413
    assert deliver(hooked, Content_Length="many")[0] == 413
    without_length = (PUSH for _part in range(3))
    assert hooked.post("/hooks/github", content=without_length).status_code == 413


def test_without_a_secret_every_delivery_is_refused(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        assert deliver(client) == (503, "Webhooks are off here: set INTERNFLOW_WEBHOOK_SECRET.")
