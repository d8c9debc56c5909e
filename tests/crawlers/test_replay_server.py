"""The replay server, in process and as a command."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.platform import Visit
from crawlers.platforms import PLATFORMS
from crawlers.replay_server import Canned, serve_samples
from internflow.listings.posting import Board
from internflow.settings import ROOT


def get(url: str, path: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.headers["Content-Type"], response.read().decode()


def board_path(platform: str, token: str) -> str:
    visit = Visit(Board(platform, token, token), datetime(2026, 11, 23, tzinfo=UTC))
    return "/" + PLATFORMS[platform].first_ask(visit).url.partition("://")[2]


def test_boards_stand_where_their_platform_has_them() -> None:
    with serve_samples() as url:
        status, content_type, body = get(url, board_path("greenhouse", "nilavurobotics"))
        assert (status, content_type, len(json.loads(body)["jobs"])) == (200, "application/json", 6)
        for platform in ("greenhouse", "ashby"):
            unknown = get(url, board_path(platform, "nobody"))
            assert unknown == (404, *PLATFORMS[platform].unknown_board)
        assert get(url, "/evil.example/x")[0] == 404
        assert get(url, "/../../etc/passwd")[0] == 404
        assert "Allow: /" in get(url, "/api.ashbyhq.com/robots.txt")[2]


def test_faults_come_first_and_once() -> None:
    faults = {"tidewright": [Canned(503, "text/plain", "a"), Canned(429, "text/plain", "b")]}
    with serve_samples(faults=faults) as url:
        path = board_path("ashby", "tidewright")
        assert [get(url, path)[0] for _ in range(3)] == [503, 429, 200]


def test_the_command_says_where_it_listens_and_ends_on_sigterm(tmp_path: Path) -> None:
    (tmp_path / "ashby").mkdir()
    (tmp_path / "ashby" / "acme.json").write_text('{"jobs": []}')
    command = [
        sys.executable,
        "-m",
        "crawlers.replay_server",
        "--port",
        "0",
        "--samples",
        str(tmp_path),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        found = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", server.stdout.readline())
        assert found is not None
        assert get(found[1], board_path("ashby", "acme"))[2] == '{"jobs": []}'
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
