"""A GitHub on the loopback that keeps check runs, comments and pull requests, and refuses what GitHub refuses."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Json = dict[str, Any]
Refusal = tuple[int, dict[str, str], Json]


class FakeGitHub(ThreadingHTTPServer):
    """`refusals` answer the next writes in place of the host; with `is_losing` a write is done and its answer lost."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.checks: dict[int, Json] = {}
        self.comments: dict[int, Json] = {}
        self.pulls: list[Json] = []
        self.permissions = {"push": True}
        self.refusals: list[Refusal] = []
        self.is_losing = False
        self.writes: list[str] = []
        self.authorizations: set[str | None] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, method: str, path: str, body: Json) -> tuple[int, Any]:
        """The status and the answer to one question about the repository asha/shop."""
        path, _, query = path.partition("?")
        below = path.removeprefix("/repos/asha/shop")
        if below == path:
            return 404, {"message": "Not Found"}
        if method == "GET":
            return self._read(below, query)
        self.writes.append(f"{method} {re.sub('[0-9a-f]{40}', 'SHA', below)}")
        if (problem := find_problem(body)) is not None:
            return 422, {"message": "Invalid request.", "errors": [{"message": problem}]}
        if method == "POST":
            return self._make(below, body)
        return self._change(below, body)

    def _read(self, path: str, query: str) -> tuple[int, Any]:
        if path == "":
            return 200, {"permissions": self.permissions}
        if path == "/pulls":
            return 200, self.pulls if "page=1" in query else []
        if match := re.fullmatch("/commits/([0-9a-f]{40})/check-runs", path):
            return 200, {
                "check_runs": [show(c) for c in self.checks.values() if c["head_sha"] == match[1]]
            }
        if path.endswith("/comments"):
            return 200, [c for c in self.comments.values() if c["path"] == path]
        return 404, {"message": "Not Found"}

    def _make(self, path: str, body: Json) -> tuple[int, Json]:
        number = len(self.checks) + len(self.comments) + 1
        if path == "/check-runs":
            self.checks[number] = {**body, "id": number, "annotations": []}
            return 201, self._extend(self.checks[number], body)
        self.comments[number] = {**body, "id": number, "path": path}
        return 201, self.comments[number]

    def _change(self, path: str, body: Json) -> tuple[int, Json]:
        kept = self.checks if path.startswith("/check-runs/") else self.comments
        number = int(path.rpartition("/")[2])
        if number not in kept:
            return 404, {"message": "Not Found"}
        kept[number] |= body
        return 200, self._extend(kept[number], body)

    def _extend(self, check: Json, body: Json) -> Json:
        """Annotations are appended to those that are there."""
        if "output" in body:
            check["annotations"] += body["output"]["annotations"]
        return show(check)


def show(made: Json) -> Json:
    """A check run or a comment as it is answered."""
    if "annotations" not in made:
        return made
    return {**made, "output": {"annotations_count": len(made["annotations"])}}


def find_problem(body: Json) -> str | None:
    """Why GitHub would refuse to store this."""
    output = body.get("output", {"summary": "", "title": "t", "annotations": []})
    if len(output["annotations"]) > 50:
        return "No more than 50 annotations"
    if len(output["summary"]) > 65_535 or len(body.get("body", "b")) > 65_536:
        return "is too long"
    for annotation in output["annotations"]:
        is_placed = 0 < annotation["start_line"] <= annotation["end_line"]
        is_known = annotation["annotation_level"] in {"notice", "warning", "failure"}
        if not (is_placed and is_known and annotation["message"] and annotation["path"]):
            return "annotation is malformed"
    return None if output["title"] and body.get("body", "b") else "cannot be blank"


@contextmanager
def serving_github() -> Iterator[FakeGitHub]:
    """The host, until the end of the block."""
    server = FakeGitHub()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: FakeGitHub

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_PATCH(self) -> None:
        self.do_POST()

    def log_message(self, *args: object) -> None:
        """Keep the test's output clean."""

    def _answer(self, body: Json) -> None:
        self.server.authorizations.add(self.headers["Authorization"])
        fields: dict[str, str] = {}
        if body and self.server.refusals:
            status, fields, answer = self.server.refusals.pop(0)
        else:
            status, answer = self.server.answer(self.command, self.path, body)
            if body and self.server.is_losing:
                self.server.is_losing, status, answer = False, 502, {}
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in (fields | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
