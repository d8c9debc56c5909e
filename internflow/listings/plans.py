"""The plan of a crawl: which boards to ask in which run, and what is known of each from its last complete crawl.

Written for the crawl's process, which has no database and no other way to learn it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from internflow.listings.posting import Board


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a board's last complete crawl found and by which marks it knows the answer again."""

    status: Literal["ok", "ok_empty"]
    answer_hash: str
    parser_version: str
    etag: str | None = None
    last_modified: str | None = None
    reported_count: int | None = None
    fetched_count: int = 0
    dropped_count: int = 0


@dataclass(frozen=True)
class PlannedBoard:
    board: Board
    known: Known | None = None


@dataclass(frozen=True)
class CrawlPlan:
    """Boards of one run; `attempts` numbers the landing of each platform."""

    run_id: str
    now: datetime
    landing_dir: Path
    attempts: Mapping[str, int]
    boards: tuple[PlannedBoard, ...]

    def of_platform(self, platform: str) -> tuple[PlannedBoard, ...]:
        return tuple(planned for planned in self.boards if planned.board.platform == platform)


def write_plan(plan: CrawlPlan, path: Path) -> None:
    """Write a plan as JSON."""
    content = asdict(plan) | {
        "now": plan.now.isoformat(),
        "landing_dir": str(plan.landing_dir.resolve()),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_plan(path: Path) -> CrawlPlan:
    """Read what `write_plan` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return CrawlPlan(
        run_id=content["run_id"],
        now=datetime.fromisoformat(content["now"]),
        landing_dir=Path(content["landing_dir"]),
        attempts=content["attempts"],
        boards=tuple(_read_planned(row) for row in content["boards"]),
    )


def _read_planned(row: dict[str, Any]) -> PlannedBoard:
    board = row["board"] | {"countries": tuple(row["board"]["countries"])}
    return PlannedBoard(Board(**board), Known(**row["known"]) if row["known"] else None)
