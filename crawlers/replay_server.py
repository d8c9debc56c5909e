"""Answers for the job platforms on 127.0.0.1 with recorded boards, over real HTTP. For the demo and for tests.

`python -m crawlers.replay_server --port 0 [--samples DIR]` serves DIR/<platform>/<token>.(json|xml|html) to the request
with which a crawl begins that board; every other one of its requests finds nothing.
"""

import hashlib
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import structlog
import typer

from crawlers.hosts import is_one_of
from crawlers.platform import Ask, Visit
from crawlers.platforms import PLATFORMS
from internflow.listings.boards import read_boards
from internflow.listings.posting import Board
from internflow.logs import configure_logs
from internflow.settings import read_settings

logger = structlog.get_logger("internflow.crawlers")

SAMPLES = Path(__file__).parent / "samples"
ALLOW_ALL = "User-agent: *\nAllow: /\n"
CONTENT_TYPES = {".json": "application/json", ".xml": "application/xml", ".html": "text/html"}

Key = tuple[str, tuple[tuple[str, str], ...], str]


class Canned(NamedTuple):
    """An answer that is given as it is; `headers` for redirects and the like."""

    status: int
    content_type: str
    body: str | bytes
    headers: Mapping[str, str] = MappingProxyType({})


class ReplayServer(ThreadingHTTPServer):
    """Serves the boards under `root`.

    `faults` holds, by token, answers that are given first, each once; `robots` is every host's robots.txt.
    """

    daemon_threads = True

    def __init__(
        self,
        root: Path,
        *,
        port: int = 0,
        faults: Mapping[str, Sequence[Canned]] = MappingProxyType({}),
        robots: str = ALLOW_ALL,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self._robots = Canned(200, "text/plain", robots)
        self._faults = {token: list(answers) for token, answers in faults.items()}
        self._lock = threading.Lock()
        self._boards = {
            _build_key(board): path
            for name in PLATFORMS
            for board, path in _find_samples(root, name)
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def find_answer(self, key: Key) -> Canned:
        """The answer to a request for `/<host>/<path>`."""
        path = key[0]
        if path.endswith("/robots.txt"):
            return self._robots
        if key in self._boards:
            file = self._boards[key]
            content_type = CONTENT_TYPES[file.suffix]
            return self._take_fault(file.stem) or Canned(200, content_type, file.read_bytes())
        for platform in PLATFORMS.values():
            if is_one_of(path.split("/")[1], platform.hosts):
                return Canned(404, *platform.unknown_board)
        return Canned(404, "text/plain", "no platform has this host")

    def _take_fault(self, token: str) -> Canned | None:
        with self._lock:
            answers = self._faults.get(token)
            return answers.pop(0) if answers else None


class _Handler(BaseHTTPRequestHandler):
    server: ReplayServer

    def do_GET(self) -> None:
        self._answer("")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())

    def _answer(self, asked: str) -> None:
        parts = urlsplit(self.path)
        answer = self.server.find_answer((parts.path, _sort_query(parts.query), asked))
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        mark = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if answer.status == 200 and self.headers["If-None-Match"] == mark:
            answer, body = Canned(304, answer.content_type, b""), b""
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", mark)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the standard library's name
        logger.debug("replayed", request=format % args)


@contextmanager
def serve_samples(
    root: Path = SAMPLES,
    *,
    faults: Mapping[str, Sequence[Canned]] = MappingProxyType({}),
    robots: str = ALLOW_ALL,
) -> Iterator[str]:
    """A replay server on a free port for the block; yields its URL."""
    with ReplayServer(root, faults=faults, robots=robots) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            thread.join()


def _find_samples(root: Path, platform: str) -> Iterator[tuple[Board, Path]]:
    """The boards that have a sample; a list beside them knows the addresses that no token tells."""
    listed = (root / "boards" / f"{platform}.csv").is_file()
    boards = read_boards(platform, root / "boards") if listed else ()
    known = {board.token: board for board in boards}
    for path in sorted((root / platform).glob("*")):
        if path.suffix in CONTENT_TYPES:
            yield known.get(path.stem, Board(platform, path.stem, path.stem)), path


def _build_key(board: Board) -> Key:
    ask: Ask = PLATFORMS[board.platform].first_ask(Visit(board, datetime.now(UTC)))
    address = urlsplit(ask.url)
    return f"/{address.netloc}{address.path}", _sort_query(address.query), ask.body or ""


def _sort_query(query: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(parse_qsl(query, keep_blank_values=True)))


def main(
    port: Annotated[int, typer.Option(help="port on 127.0.0.1; 0 takes a free one")] = 0,
    samples: Annotated[Path, typer.Option(help="folder of <platform>/<token>.*")] = SAMPLES,
) -> None:
    """Serve recorded boards until SIGTERM or Ctrl-C."""
    configure_logs(read_settings(), service="replay")
    with ReplayServer(samples, port=port) as server:
        # shutdown() waits for serve_forever(), so a signal handler may not call it from the same thread.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        sys.stdout.write(f"listening on {server.url}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    typer.run(main)
