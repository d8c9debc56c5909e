"""Answers for the job platforms on 127.0.0.1 with recorded boards, over real HTTP. For the demo and for tests.

`python -m crawlers.replay_server --port 0 [--samples DIR]` serves DIR/<platform>/<token>.json at /<host>/<path>.
"""

import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

import structlog
import typer

from crawlers.platforms import PLATFORMS
from internflow.logs import configure_logs
from internflow.settings import read_settings

logger = structlog.get_logger("internflow.crawlers")

SAMPLES = Path(__file__).parent / "samples"
ALLOW_ALL = "User-agent: *\nAllow: /\n"


class Canned(NamedTuple):
    """An answer that is given as it is; `location` is for redirects."""

    status: int
    content_type: str
    body: str
    location: str | None = None


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
            _find_path(name, file.stem): file
            for name in PLATFORMS
            for file in sorted((root / name).glob("*.json"))
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def find_answer(self, path: str) -> Canned:
        """The answer for a path `/<host>/<path>`; the query plays no part."""
        if path.endswith("/robots.txt"):
            return self._robots
        fault = self._take_fault(path)
        if fault:
            return fault
        if path in self._boards:
            return Canned(200, "application/json", self._boards[path].read_text(encoding="utf-8"))
        for platform in PLATFORMS.values():
            if path.split("/")[1] in platform.HOSTS:
                return Canned(404, *platform.UNKNOWN_BOARD)
        return Canned(404, "text/plain", "no platform has this host")

    def _take_fault(self, path: str) -> Canned | None:
        with self._lock:
            for token, answers in self._faults.items():
                if answers and path in {_find_path(name, token) for name in PLATFORMS}:
                    return answers.pop(0)
        return None


class _Handler(BaseHTTPRequestHandler):
    server: ReplayServer

    def do_GET(self) -> None:
        answer = self.server.find_answer(urlsplit(self.path).path)
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        if answer.location:
            self.send_header("Location", answer.location)
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


def _find_path(platform: str, token: str) -> str:
    address = urlsplit(PLATFORMS[platform].board_url(token))
    return f"/{address.netloc}{address.path}"


def main(
    port: Annotated[int, typer.Option(help="port on 127.0.0.1; 0 takes a free one")] = 0,
    samples: Annotated[Path, typer.Option(help="folder of <platform>/<token>.json")] = SAMPLES,
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
