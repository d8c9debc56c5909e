"""Indexing in a process of its own that dies, as by `kill -9`, before a chosen line of code runs."""

import json
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any
from unittest.mock import patch

from internflow.repos import chunks
from internflow.repos.mirrors import open_mirror
from internflow.retrieval import awaited, embeddings, indexing
from internflow.retrieval.encoder import Vectors
from internflow.settings import ROOT, Settings
from internflow.warehouse import merge
from internflow.warehouse.connections import connect
from tests.word_encoder import WordEncoder

NOW = datetime(2026, 2, 1, tzinfo=UTC)
BATCH = 4  # small, so that a run has many of them
BATCH_BLOBS = 7
MOST_AWAITED = 6
WATCHED_FOLDER = str(ROOT / "internflow" / "retrieval")
WATCHED_FILES = {str(chunks.__file__), str(merge.__file__), str(shutil.__file__)}
context = get_context("forkserver")  # a child starts with everything imported
context.set_forkserver_preload(["tests.killable_indexing"])


@dataclass(frozen=True)
class KillPoint:
    """The moment before a line runs for the `occurrence`-th time."""

    file: str
    line: int
    occurrence: int


class LoggingEncoder(WordEncoder):
    """Writes each text that it encodes to a file, a line of JSON each, before anybody sees its vector."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._log.open("a") as log:
            log.writelines(f"{json.dumps(text)}\n" for text in texts)
        return super().encode(texts)


def read_encoded(log: Path) -> list[str]:
    """Every text that was encoded, in order."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def start_indexing(
    settings: Settings,
    repo_id: str,
    log: Path,
    *,
    killed_at: KillPoint | None = None,
    counts_to: Path | None = None,
    together: Barrier | None = None,
) -> BaseProcess:
    """Start a run; `counts_to` gets how often each line ran, `together` holds runs until all of them are ready."""
    process = context.Process(
        target=_index, args=(settings, repo_id, log, killed_at, counts_to, together)
    )
    # The child would run the main module again: Streamlit's own tests leave a page of ours there.
    with patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
        process.start()
    return process


def read_counts(path: Path) -> dict[tuple[str, int], int]:
    """How often each line ran, by file and line."""
    return {(file, line): count for file, line, count in json.loads(path.read_text())}


def _index(
    settings: Settings,
    repo_id: str,
    log: Path,
    killed_at: KillPoint | None,
    counts_to: Path | None,
    together: Barrier | None,
) -> None:
    embeddings.BATCH = awaited.BATCH = BATCH
    chunks.BATCH_BLOBS = BATCH_BLOBS
    indexing.MOST_AWAITED = MOST_AWAITED
    mirror, encoder = open_mirror(settings.mirrors_dir, repo_id), LoggingEncoder(log)
    with connect(settings, "pipeline") as connection:
        if together:
            together.wait()
        counts: Counter[tuple[str, int]] = Counter()
        if killed_at or counts_to:
            _watch(counts, killed_at)
        indexing.index_repository(settings, connection, mirror, encoder, now=NOW)
        sys.settrace(None)
    if counts_to:
        counts_to.write_text(json.dumps([(*place, count) for place, count in counts.items()]))


def _watch(counts: Counter[tuple[str, int]], killed_at: KillPoint | None) -> None:
    deadly = killed_at and (killed_at.file, killed_at.line)

    def look(frame: FrameType, event: str, _argument: Any) -> Any:
        file = frame.f_code.co_filename
        if file not in WATCHED_FILES and not file.startswith(WATCHED_FOLDER):
            return None
        if event == "line":
            place = (file, frame.f_lineno)
            counts[place] += 1
            if killed_at and place == deadly and counts[place] == killed_at.occurrence:
                os.kill(os.getpid(), signal.SIGKILL)
        return look

    sys.settrace(look)
