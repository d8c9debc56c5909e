"""A server of a language model that answers, or does not, as a test says."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from internflow.settings import Settings

KEY = "very-private-key-0123456789"


def say(*contents: str) -> list[tuple[int, bytes]]:
    return [
        (200, json.dumps({"choices": [{"message": {"content": content}}]}).encode())
        for content in contents
    ]


class Exchange(BaseHTTPRequestHandler):
    server: "Model"

    def do_POST(self) -> None:
        model = self.server
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        model.asked.append(asked | {"path": self.path, "key": self.headers["Authorization"]})
        status, body = model.answers[len(model.asked) - 1]
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not model.is_silent:
            self.wfile.write(body)
            return
        while not model.is_over.wait(0.05):  # a byte at a time, for ever
            self.wfile.write(b" ")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Nothing: the tests look at what was asked."""


class Model(ThreadingHTTPServer):
    """Answers one request after the other as the test says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[dict[str, object]] = []
        self.is_silent = False
        self.is_over = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: the client hangs up on purpose."""

    def settings(self, **changes: object) -> Settings:
        url = f"http://127.0.0.1:{self.server_address[1]}/v1"
        values = {"llm_url": url, "llm_model": "tiny", "llm_key": KEY, "llm_timeout_seconds": 20}
        return Settings.model_validate(values | changes)


@contextmanager
def serving_model() -> Iterator[Model]:
    with Model() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.is_over.set()
        server.shutdown()
