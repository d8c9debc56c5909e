"""A platform's other end that misbehaves on purpose, over real HTTP: one behaviour for each board."""

import gzip
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Behaviour = Callable[["Exchange", int], None]


class Exchange(BaseHTTPRequestHandler):
    """One request; a behaviour answers it as it likes."""

    server: "MisbehavingServer"

    def do_GET(self) -> None:
        self.server.answer(self)

    def do_POST(self) -> None:
        self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.answer(self)

    def reply(self, status: int, body: bytes | object, **headers: str) -> None:
        """An answer: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def read_number(self, name: str) -> int:
        return int(parse_qs(urlsplit(self.path).query)[name][0])

    def reset(self) -> None:
        """Promise more than is sent, then drop the connection."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b'{"jobs": [')
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RDWR)

    def stall(self) -> None:
        """Say nothing until the test is over."""
        self.server.is_over.wait(60)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Nothing: the tests look at what the crawl says."""


class MisbehavingServer(ThreadingHTTPServer):
    """Behaviours by a part of the path that names the board; `asked` counts the requests of each."""

    daemon_threads = True

    def __init__(self, behaviours: Mapping[str, Behaviour]) -> None:
        super().__init__(("127.0.0.1", 0), Exchange)
        self.behaviours = behaviours
        self.asked: Counter[str] = Counter()
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, exchange: Exchange) -> None:
        if exchange.path.endswith("/robots.txt"):
            exchange.reply(200, b"User-agent: *\nAllow: /\n")
            return
        parts = exchange.path.replace("?", "/").split("/")
        name = next((part for part in parts if part in self.behaviours), None)
        if name is None:
            exchange.reply(404, b"unknown")
            return
        self.asked[name] += 1
        self.behaviours[name](exchange, self.asked[name])


@contextmanager
def serve_behaviours(behaviours: Mapping[str, Behaviour]) -> Iterator[MisbehavingServer]:
    """The server on a free port for the block."""
    with MisbehavingServer(behaviours) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.is_over.set()
            server.shutdown()
            thread.join()


def build_bomb(size: int) -> bytes:
    """A small gzip file that unpacks to `size` bytes."""
    return gzip.compress(b" " * size, 9)
