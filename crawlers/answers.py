"""Answers as they came: the bodies of a crawl in one file, one after the other, and a manifest that says whose.

<landing>/<run_id>/answers/<platform>-<attempt>/ holds bodies.bin and manifest.json; it gets its name when both are
complete. Postings are read from it afterwards, and again whenever a parser was mended.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from crawlers.platform import Ask, Page
from internflow.errors import ContractViolation
from internflow.listings.landing import find_run_dir
from internflow.listings.plans import Known
from internflow.listings.posting import Board

BODIES, MANIFEST = "bodies.bin", "manifest.json"

Ended = Literal["answered", "unchanged", "not_found", "failed"]


@dataclass(frozen=True)
class StoredPage:
    """Where the body of one answer lies; `external_id` is set for the page of a single job."""

    ask: Ask
    content_type: str
    offset: int
    length: int
    external_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class BoardAnswers:
    """How the asking of a board ended, and the answers it gave until then.

    An `answered` board with an error was cut short by it.
    """

    board: Board
    ended: Ended
    pages: tuple[StoredPage, ...] = ()
    known: Known | None = None
    http_status: int | None = None
    error: str | None = None
    is_retryable: bool = False
    answer_hash: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class AnswerWriter:
    """Takes bodies as they come, aside; `finish` makes them answers of the run."""

    def __init__(self, landing_dir: Path, run_id: str, platform: str, attempt: int) -> None:
        folder = find_run_dir(landing_dir, run_id) / "answers"
        folder.mkdir(parents=True, exist_ok=True)
        self._target = folder / f"{platform}-{attempt}"
        self._aside = Path(tempfile.mkdtemp(prefix=".", suffix=".new", dir=folder))
        self._bodies = (self._aside / BODIES).open("wb")
        self._offset = 0

    def add(self, page: Page, external_id: str | None = None) -> StoredPage:
        """Append a body; returns where it lies."""
        stored = StoredPage(page.ask, page.content_type, self._offset, len(page.body), external_id)
        self._bodies.write(page.body)
        self._offset += len(page.body)
        return stored

    def finish(self, boards: Sequence[BoardAnswers]) -> Path:
        """Write the manifest and give the folder its name. Answers that were there before stay."""
        self._bodies.flush()
        os.fsync(self._bodies.fileno())
        self._bodies.close()
        written = json.dumps([asdict(board) for board in boards], ensure_ascii=False)
        (self._aside / MANIFEST).write_text(written + "\n", encoding="utf-8")
        try:
            self._aside.rename(self._target)
        except OSError:
            shutil.rmtree(self._aside)
            if not self._target.is_dir():
                raise
        return self._target


def find_answers(landing_dir: Path, run_id: str) -> list[tuple[str, int, Path]]:
    """Platform, attempt and folder of all answers of a run, in that order."""
    folders = (find_run_dir(landing_dir, run_id) / "answers").glob("[a-z]*-*")
    parted = [(folder.name.rpartition("-"), folder) for folder in folders]
    return sorted((name[0], int(name[2]), folder) for name, folder in parted if name[2].isdigit())


def read_manifest(folder: Path) -> list[BoardAnswers]:
    """How the asking of each board ended. Raises ContractViolation for a damaged manifest."""
    try:
        rows = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return [_read_board(row) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise ContractViolation(
            f"The answers' manifest {folder / MANIFEST}",
            error,
            "delete its folder and crawl again.",
        ) from None


def read_pages(folder: Path, answers: BoardAnswers) -> list[tuple[Page, str | None]]:
    """The pages of a board with, for the page of a single job, that job's id."""
    with (folder / BODIES).open("rb") as bodies:
        return [(_read_page(bodies, stored), stored.external_id) for stored in answers.pages]


def _read_page(bodies: Any, stored: StoredPage) -> Page:
    bodies.seek(stored.offset)
    return Page(stored.ask, bodies.read(stored.length), stored.content_type)


def _read_board(row: dict[str, Any]) -> BoardAnswers:
    row["board"] = Board(**row["board"] | {"countries": tuple(row["board"]["countries"])})
    row["known"] = Known(**row["known"]) if row["known"] else None
    row["pages"] = tuple(_read_stored(page) for page in row["pages"])
    return BoardAnswers(**row)


def _read_stored(page: dict[str, Any]) -> StoredPage:
    ask = page["ask"]
    page["ask"] = Ask(ask["url"], ask["body"], tuple(tuple(header) for header in ask["headers"]))
    return StoredPage(**page)
