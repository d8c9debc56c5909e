"""Crawls over real HTTP: a replay server with boards of the test's making, and the crawl in its subprocess."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawlers.replay_server import ALLOW_ALL, Canned, serve_samples
from internflow.listings.boards import choose_boards
from internflow.listings.crawling import CrawlRun, crawl_boards
from internflow.listings.plans import PlannedBoard
from internflow.listings.posting import BoardResult
from internflow.settings import Settings, read_settings

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def greenhouse_job() -> dict[str, Any]:
    """A small job in Greenhouse's shape."""
    return {
        "id": 41,
        "title": "Data &amp; ML Intern ",
        "absolute_url": "https://job-boards.greenhouse.io/acme/jobs/41",
        "location": {"name": "Pune, India or Remote - India"},
        "content": "&lt;p&gt;Python &amp;amp; SQL&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;",
        "first_published": "2026-11-20T10:00:00+05:30",
        "updated_at": "2026-11-22T10:00:00+05:30",
        "application_deadline": "2026-12-31T23:59:00-08:00",
        "company_name": " Acme Labs ",
        "requisition_id": "R-41",
        "departments": [{"id": 1, "name": "Data"}],
        "metadata": [
            {"name": "Team", "value": None},
            {"name": "Employment Type", "value": ["Intern", "Paid"]},
        ],
    }


@pytest.fixture
def write_boards(tmp_path: Path) -> Callable[..., Path]:
    """Write board lists of one platform, and the samples of those that have jobs; returns the folder of samples."""

    def write(platform: str, boards: Mapping[str, object]) -> Path:
        root = tmp_path / "samples"
        for folder in (root / platform, root / "boards"):
            folder.mkdir(parents=True, exist_ok=True)
        lines = ["token,company,countries,url", *(f"{t},{t.title()},," for t in boards)]
        (root / "boards" / f"{platform}.csv").write_text("\n".join(lines) + "\n")
        for token, payload in boards.items():
            if payload is not None:
                (root / platform / f"{token}.json").write_text(json.dumps(payload))
        return root

    return write


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Serve samples for the rest of the test and send every crawl there."""
    with ExitStack() as stack:

        def start(
            root: Path,
            faults: Mapping[str, Sequence[Canned]] | None = None,
            robots: str = ALLOW_ALL,
        ) -> str:
            url = stack.enter_context(serve_samples(root, faults=faults or {}, robots=robots))
            monkeypatch.setenv("INTERNFLOW_REPLAY_URL", url)
            read_settings.cache_clear()
            return url

        yield start


@pytest.fixture
def crawl(tmp_path: Path) -> Callable[..., dict[str, BoardResult]]:
    """Crawl the boards under a samples folder; returns the results by token."""

    def run(
        root: Path, platform: str = "greenhouse", tokens: Sequence[str] = ()
    ) -> dict[str, BoardResult]:
        settings = Settings(data_dir=tmp_path / "data")
        boards = map(PlannedBoard, choose_boards(platform, tokens, root / "boards"))
        results = crawl_boards(settings, CrawlRun("run", NOW), boards)
        return {result.board: result for result in results}

    return run
