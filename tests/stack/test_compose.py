"""The production stack as it is deployed: built, started, used, stopped, started again."""

import re
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.stack.conftest import REPLAY_URL, Stack
from tests.stack.page_visit import visit_page

pytestmark = [pytest.mark.engine, pytest.mark.timeout(2400)]

ONE_SHOTS = {"migrate", "certificate"}
STUDENT = "00000000-0000-5000-8000-000000000001"
MAKE_REPOSITORY = """
set -e
rm -rf /data/sample; mkdir /data/sample; cd /data/sample; git init -q
printf 'import os\\n\\n\\ndef add(a, b):\\n    return a + b\\n' > sums.py; git add .
git -c user.name=Asha -c user.email=asha@x.org commit -qm 'Add sums'
"""


def assert_nothing_crashed(stack: Stack) -> None:
    states = stack.read_states()
    assert {name: c["RestartCount"] for name, c in states.items()} == dict.fromkeys(states, 0)
    ended = {name: c["State"]["ExitCode"] for name, c in states.items() if name in ONE_SHOTS}
    assert ended == dict.fromkeys(ONE_SHOTS, 0)
    health = {n: c["State"]["Health"]["Status"] for n, c in states.items() if n not in ONE_SHOTS}
    assert health == dict.fromkeys(states.keys() - ONE_SHOTS, "healthy")


def get(stack: Stack, path: str) -> httpx.Response:
    """GET through nginx over TLS, with the certificate checked."""
    return httpx.get(
        f"https://127.0.0.1:{stack.https_port}{path}", verify=stack.trust(), timeout=30
    )


def test_every_service_starts_and_is_healthy(stack: Stack) -> None:
    assert_nothing_crashed(stack)


def test_listings_page_comes_over_tls_with_security_headers(stack: Stack) -> None:
    page = get(stack, "/listings")
    assert page.status_code == 200
    assert "<title>Streamlit</title>" in page.text
    assert page.headers["server"] == "nginx"
    assert page.headers["strict-transport-security"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "SAMEORIGIN"


def test_daily_run_fills_the_pages_and_the_api_and_shows_no_student(stack: Stack) -> None:
    def work(*command: str) -> str:
        explain = ("logs", "--tail", "60", "worker")
        return stack.run("exec", "-T", "worker", *command, explain=explain)

    port = REPLAY_URL.rpartition(":")[2]
    stack.run("exec", "-d", "worker", "python", "-m", "crawlers.replay_server", "--port", port)
    work("sh", "-c", MAKE_REPOSITORY)
    work("internflow", "register", "/data/sample", "--name", "Asha Verma", "--email", "asha@x.org")
    boards = 'boards_dir="/app/crawlers/samples/boards"'
    work("prefect", "deployment", "run", "--watch", "run-daily/run-daily", "--param", boards)

    assert stack.query("internflow", "select count(*) from ai.resumes") == "1"
    answer = get(stack, "/api/listings").json()
    assert answer["total_count"] > 0
    visit = visit_page(stack.https_port, "listings", trust=stack.trust())
    assert "exception" not in visit.elements
    assert any(listing["title"] in visit.text for listing in answer["listings"])
    for page in ("listings", "reviews", "resume"):
        shown = visit_page(stack.https_port, page, trust=stack.trust())
        assert "exception" not in shown.elements
        assert "Asha" not in shown.text


def test_websocket_from_another_site_is_refused(stack: Stack) -> None:
    with pytest.raises(InvalidStatus):
        visit_page(stack.https_port, "listings", trust=stack.trust(), origin="https://evil.example")


def test_api_is_ready_and_answers_under_its_path(stack: Stack) -> None:
    assert get(stack, "/api/ready").status_code == 200
    assert get(stack, "/api/health").status_code == 200


def test_plain_http_is_sent_to_tls(stack: Stack) -> None:
    answer = httpx.get(f"http://127.0.0.1:{stack.http_port}/listings?q=a")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"https://127.0.0.1:{stack.https_port}/listings?q=a"


def test_prefect_is_for_this_machine_alone_and_asks_for_a_password(stack: Stack) -> None:
    bindings = {
        name: {b["HostIp"] for port in c["NetworkSettings"]["Ports"].values() for b in port or []}
        for name, c in stack.read_states().items()
    }
    assert bindings.pop("nginx")
    assert bindings.pop("prefect-server") == {"127.0.0.1"}
    assert set().union(*bindings.values()) == set()
    local = f"http://127.0.0.1:{stack.prefect_port}"
    assert httpx.post(f"{local}/api/flows/filter", json={}).status_code == 401
    assert "<html" in httpx.get(local, follow_redirects=True).text
    assert "Prefect" not in get(stack, "/prefect/").text


def test_worker_knows_every_deployment(stack: Stack) -> None:
    listed = stack.run("exec", "-T", "worker", "prefect", "deployment", "ls")
    written = (stack.folder / "deployments" / "prefect.yaml").read_text()
    for name in re.findall(r"- name: (\S+)", written):
        assert name in listed


def test_down_and_up_loses_nothing(stack: Stack) -> None:
    stack.query(
        "internflow",
        "insert into app.students (student_id, name, email, emails)"
        f" values ('{STUDENT}', 'A', 'a@x', '{{a@x}}') on conflict do nothing",
    )
    stack.run("exec", "-T", "worker", "sh", "-c", "echo kept > /data/probe")
    deployments = stack.query("prefect", "select count(*) from deployment")
    certificate = stack.run("exec", "-T", "nginx", "cat", "/certificates/fullchain.pem")
    stack.run("down")
    stack.up()
    assert (
        stack.query("internflow", f"select name from app.students where student_id = '{STUDENT}'")
        == "A"
    )
    assert stack.run("exec", "-T", "worker", "cat", "/data/probe") == "kept\n"
    assert stack.query("prefect", "select count(*) from deployment") == deployments
    assert stack.run("exec", "-T", "nginx", "cat", "/certificates/fullchain.pem") == certificate
    assert_nothing_crashed(stack)


@pytest.fixture
def late_postgres(stack: Stack) -> Iterator[Stack]:
    """The stack with a Postgres that sleeps for 30 s before each start."""
    late = {
        "entrypoint": ["bash", "-c", 'sleep 30; exec "$$@"', "late"],
        "command": stack.read_start_command("postgres"),
    }
    stack.overlays.append(stack.overlay("late", {"postgres": late}))
    yield stack
    stack.overlays.pop()


def test_postgres_that_is_away_for_30_seconds_ends_no_other_service(late_postgres: Stack) -> None:
    before = late_postgres.read_states()
    late_postgres.run("up", "-d", "--wait", "--no-deps", "postgres")
    late_postgres.up()
    assert_nothing_crashed(late_postgres)
    assert get(late_postgres, "/api/ready").status_code == 200
    after = late_postgres.read_states()
    same = {name for name, state in after.items() if state["Id"] == before[name]["Id"]}
    assert same == after.keys() - {"postgres"}


def test_postgres_that_is_30_seconds_late_at_a_cold_start_crashes_nothing(
    late_postgres: Stack,
) -> None:
    late_postgres.run("down")
    late_postgres.up()
    assert_nothing_crashed(late_postgres)
    assert get(late_postgres, "/api/ready").status_code == 200


def test_passwords_can_be_rotated(stack: Stack) -> None:
    old = (stack.folder / "deployments" / "env" / "prefect.env").read_text()
    stack.generate("--rotate")
    assert (stack.folder / "deployments" / "env" / "prefect.env").read_text() != old
    stack.up()
    assert_nothing_crashed(stack)
    assert get(stack, "/api/ready").status_code == 200
    stack.run("exec", "-T", "worker", "prefect", "deployment", "ls")
