"""Landing files: what one crawl of one platform brought, kept as it came until it is loaded, and after.

<landing>/<run_id>/<platform>-<attempt>/ holds postings.jsonl, dropped.jsonl and manifest.json. The folder gets its name
when all three are complete, so a folder that can be seen is whole. No database here.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from internflow.errors import ConfigError, ContractViolation, UserInputError
from internflow.listings.posting import BoardResult, DroppedPosting, Posting

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
ATTEMPT = re.compile(r"[a-z][a-z0-9_]*-\d+")
MANIFEST = "manifest.json"
FILES = ("postings.jsonl", "dropped.jsonl")


@dataclass(frozen=True)
class Landing:
    """One attempt of a run at a platform: how each board went, and where the postings lie."""

    run_id: str
    platform: str
    attempt: int
    results: tuple[BoardResult, ...]
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
        self._files = {name: (self._aside / name).open("wb") for name in FILES}
        self._digests = {name: hashlib.sha256() for name in FILES}
        self._counts = dict.fromkeys(FILES, 0)

    def add_posting(self, posting: Posting) -> None:
        self._write("postings.jsonl", asdict(posting))

    def add_dropped(self, dropped: DroppedPosting) -> None:
        self._write("dropped.jsonl", asdict(dropped))

    def finish(self, results: Sequence[BoardResult]) -> Path:
        """Write the manifest and give the folder its name. An attempt that landed before stays as it is."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        manifest = {
            "run_id": self._run_id,
            "platform": self._platform,
            "attempt": self._attempt,
            "files": {
                name: {"count": self._counts[name], "sha256": self._digests[name].hexdigest()}
                for name in FILES
            },
            "boards": [asdict(result) for result in results],
        }
        written = json.dumps(manifest, indent=2, ensure_ascii=False, default=_write_moment)
        (self._aside / MANIFEST).write_text(written + "\n", encoding="utf-8")
        try:
            self._aside.rename(self._target)
        except OSError:
            shutil.rmtree(self._aside)
            if not self._target.is_dir():
                raise
        return self._target

    def _write(self, name: str, content: dict[str, Any]) -> None:
        line = json.dumps(content, ensure_ascii=False, default=_write_moment).encode() + b"\n"
        self._files[name].write(line)
        self._digests[name].update(line)
        self._counts[name] += 1


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


def read_final_crawls(landings: Sequence[Landing]) -> list[BoardCrawl]:
    """The last word on each board of the landings, which are of one platform.

    Raises ContractViolation when a file is not what its manifest says.
    """
    postings: dict[tuple[int, str], list[Posting]] = {}
    dropped: dict[tuple[int, str], list[DroppedPosting]] = {}
    for landing in landings:
        for row in _read_lines(landing, "postings.jsonl"):
            postings.setdefault((landing.attempt, row["board"]), []).append(_read_posting(row))
        for row in _read_lines(landing, "dropped.jsonl"):
            dropped.setdefault((landing.attempt, row["board"]), []).append(DroppedPosting(**row))
    return [
        BoardCrawl(
            result,
            tuple(postings.get((landing.attempt, result.board), ())),
            tuple(dropped.get((landing.attempt, result.board), ())),
        )
        for result, landing in find_final_results(landings).values()
    ]


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
            folder=path.parent,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ContractViolation(
            f"The landing manifest {path}", error, "delete its folder and crawl again."
        ) from None


def _read_lines(landing: Landing, name: str) -> Iterator[dict[str, Any]]:
    path = landing.folder / name
    promised = json.loads((landing.folder / MANIFEST).read_text(encoding="utf-8"))["files"][name]
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != promised["sha256"]:
        raise ContractViolation(
            f"The sha256 of {path}", digest, "it was changed: delete its folder and crawl again."
        )
    for line in content.splitlines():
        yield json.loads(line)


def _read_posting(row: dict[str, Any]) -> Posting:
    row["places"] = tuple(row["places"])
    row["posted_at"] = row["posted_at"] and datetime.fromisoformat(row["posted_at"])
    row["apply_by"] = row["apply_by"] and date.fromisoformat(row["apply_by"])
    return Posting(**row)


def _read_result(row: dict[str, Any]) -> BoardResult:
    known = {field.name for field in fields(BoardResult)}
    moments = {name: datetime.fromisoformat(row[name]) for name in ("started_at", "finished_at")}
    return BoardResult(**{name: row[name] for name in known & row.keys()} | moments)


def _write_moment(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")
