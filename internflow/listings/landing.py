"""Landing files: what one crawl of one platform showed, kept until it is loaded, and after.

<landing>/<run_id>/<platform>-<attempt>/ holds postings.jsonl, dropped.jsonl and manifest.json, a board's lines
in one piece. It gets its name when all three are complete, so a folder that can be seen is whole. No database here.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson

from internflow.errors import ConfigError, ContractViolation, UserInputError
from internflow.listings.posting import BoardResult, DroppedPosting, Posting

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
ATTEMPT = re.compile(r"[a-z][a-z0-9_]*-\d+")
MANIFEST, POSTINGS, DROPPED = "manifest.json", "postings.jsonl", "dropped.jsonl"


@dataclass(frozen=True)
class BoardLines:
    """A board as it is written: its result, and its postings as lines of JSON."""

    result: BoardResult
    postings: bytes
    dropped: bytes


@dataclass(frozen=True)
class Piece:
    """Where the lines of a board lie in a file."""

    offset: int
    length: int
    sha256: str


@dataclass(frozen=True)
class Landing:
    """One attempt of a run at a platform: how each board went, and where the postings lie."""

    run_id: str
    platform: str
    attempt: int
    results: tuple[BoardResult, ...]
    pieces: Mapping[str, Mapping[str, Piece]]
    folder: Path


@dataclass(frozen=True)
class BoardCrawl:
    """The last word of a run on a board, with what it showed and what of it could not be read."""

    result: BoardResult
    postings: tuple[Posting, ...]
    dropped: tuple[DroppedPosting, ...]


class LandingWriter:
    """Takes what a crawl brings, aside; `finish` makes it a landing."""

    def __init__(self, landing_dir: Path, run_id: str, platform: str, attempt: int) -> None:
        run_dir = find_run_dir(landing_dir, run_id)
        run_dir.mkdir(parents=True, exist_ok=True)
        self._run_id, self._platform, self._attempt = run_id, platform, attempt
        self._target = run_dir / f"{platform}-{attempt}"
        self._aside = Path(tempfile.mkdtemp(prefix=".", suffix=".new", dir=run_dir))
        self._files = {name: (self._aside / name).open("wb") for name in (POSTINGS, DROPPED)}
        self._boards: list[dict[str, Any]] = []

    def add_board(self, lines: BoardLines) -> None:
        """Append a board; its lines stay in one piece."""
        written = {POSTINGS: lines.postings, DROPPED: lines.dropped}
        pieces = {name: asdict(self._append(name, content)) for name, content in written.items()}
        self._boards.append(asdict(lines.result) | {"pieces": pieces})

    def finish(self) -> Path:
        """Write the manifest and give the folder its name. An attempt that landed before stays as it is."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        manifest = {
            "run_id": self._run_id,
            "platform": self._platform,
            "attempt": self._attempt,
            "boards": self._boards,
        }
        written = orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (self._aside / MANIFEST).write_bytes(written)
        try:
            self._aside.rename(self._target)
        except OSError:
            shutil.rmtree(self._aside)
            if not self._target.is_dir():
                raise
        return self._target

    def _append(self, name: str, content: bytes) -> Piece:
        file = self._files[name]
        piece = Piece(file.tell(), len(content), hashlib.sha256(content).hexdigest())
        file.write(content)
        return piece


def write_lines(
    result: BoardResult,
    postings: Sequence[Posting] = (),
    dropped: Sequence[DroppedPosting] = (),
) -> BoardLines:
    """A board as lines of JSON."""
    return BoardLines(result, *(b"".join(map(_write_line, rows)) for rows in (postings, dropped)))


def find_run_dir(landing_dir: Path, run_id: str) -> Path:
    """Where the landings of a run lie. Raises UserInputError for an id that could leave the folder."""
    if not RUN_ID.fullmatch(run_id):
        raise UserInputError(
            f"The run id {run_id[:40]!r} is no name: use letters, digits, dots, hyphens and underscores."
        )
    return landing_dir / run_id


def find_landings(landing_dir: Path, run_id: str, platform: str | None = None) -> list[Landing]:
    """The landings of a run, by platform and attempt. Raises ContractViolation for a damaged manifest."""
    manifests = find_run_dir(landing_dir, run_id).glob(f"{platform or '*'}-*/{MANIFEST}")
    landings = [_read_manifest(path) for path in manifests if ATTEMPT.fullmatch(path.parent.name)]
    return sorted(landings, key=lambda landing: (landing.platform, landing.attempt))


def find_final_results(
    landings: Sequence[Landing],
) -> dict[tuple[str, str], tuple[BoardResult, Landing]]:
    """The last word on each board, by platform and token; landings in their order."""
    return {
        (result.platform, result.board): (result, landing)
        for landing in landings
        for result in landing.results
    }


def read_final_crawls(landings: Sequence[Landing]) -> Iterator[BoardCrawl]:
    """The last word on each board of the landings, one board in memory at a time.

    Raises ContractViolation when a file is not what its manifest says.
    """
    for result, landing in find_final_results(landings).values():
        lines = {name: _read_piece(landing, result.board, name) for name in (POSTINGS, DROPPED)}
        yield BoardCrawl(
            result,
            tuple(_read_posting(orjson.loads(line)) for line in lines[POSTINGS]),
            tuple(DroppedPosting(**orjson.loads(line)) for line in lines[DROPPED]),
        )


def require_landings(landings: Sequence[Landing], landing_dir: Path, run_id: str) -> None:
    """Raises ConfigError when a run has left nothing."""
    if not landings:
        raise ConfigError(f"Run {run_id} left nothing in {landing_dir}: crawl before loading.")


def _read_manifest(path: Path) -> Landing:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        return Landing(
            run_id=manifest["run_id"],
            platform=manifest["platform"],
            attempt=manifest["attempt"],
            results=tuple(_read_result(row) for row in manifest["boards"]),
            pieces={
                row["board"]: {name: Piece(**piece) for name, piece in row["pieces"].items()}
                for row in manifest["boards"]
            },
            folder=path.parent,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ContractViolation(
            f"The landing manifest {path}", error, "delete its folder and crawl again."
        ) from None


def _read_piece(landing: Landing, board: str, name: str) -> list[bytes]:
    path, piece = landing.folder / name, landing.pieces[board][name]
    with path.open("rb") as file:
        file.seek(piece.offset)
        content = file.read(piece.length)
    digest = hashlib.sha256(content).hexdigest()
    if digest != piece.sha256:
        raise ContractViolation(
            f"The sha256 of board {board} in {path}",
            digest,
            "it was changed: delete its folder and crawl again.",
        )
    return content.splitlines()


def _read_posting(row: dict[str, Any]) -> Posting:
    for name in ("places", "terms"):
        row[name] = tuple(row[name])
    row["posted_at"] = row["posted_at"] and datetime.fromisoformat(row["posted_at"])
    row["apply_by"] = row["apply_by"] and date.fromisoformat(row["apply_by"])
    return Posting(**row)


def _read_result(row: dict[str, Any]) -> BoardResult:
    known = {field.name for field in fields(BoardResult)}
    moments = {name: datetime.fromisoformat(row[name]) for name in ("started_at", "finished_at")}
    return BoardResult(**{name: row[name] for name in known & row.keys()} | moments)


def _write_line(row: Posting | DroppedPosting) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS)
