"""The Python analyzers: their steps over many versions, in a confined process that is started again after a crash."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from internflow.reviews.analyzers import worker
from internflow.reviews.analyzers.folder import Told, relative_path
from internflow.reviews.analyzers.process import run_confined
from internflow.reviews.analyzers.protocol import BlobKey
from internflow.reviews.analyzers.registry import ANALYZERS
from internflow.reviews.findings import Problem

# The package is found where this file stands, and nowhere else: -I ignores folder and environment.
ROOT = str(Path(__file__).resolve().parents[3])
PROGRAM = (
    f"import sys; sys.path.insert(0, {ROOT!r});"
    " from internflow.reviews.analyzers.worker import main; main(float(sys.argv[1]))"
)

logger = structlog.get_logger("internflow.reviews")

STEP_SECONDS = 10.0  # of computing
MOST_CRASHES = 40  # in one batch: a batch of files that are made to hang must end, too


@dataclass(frozen=True)
class Step:
    """One analyzer on one version."""

    analyzer: str
    key: BlobKey


def run_readers(folder: Path, keys: Iterable[BlobKey]) -> dict[Step, Told]:
    """Take every step; one that crashes or hangs costs that step alone."""
    steps = [Step(a.name, key) for key in keys for a in ANALYZERS if a.wants(key.read_as)]
    told: dict[Step, Told] = {}
    crashes = 0
    while left := [step for step in steps if step not in told]:
        if crashes > MOST_CRASHES:
            told |= dict.fromkeys(left, Told(trouble="not tried: too many others failed"))
            break
        crashes += not _run(folder, left, told)
    return told


def _run(folder: Path, steps: Sequence[Step], told: dict[Step, Told]) -> bool:
    """Take steps until the process ends; the one that it ended in is told as failed. Whether it got through."""
    lines = (json.dumps([n, s.analyzer, relative_path(s.key)]) for n, s in enumerate(steps))
    (folder / worker.STEPS).write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-I", "-c", PROGRAM, str(STEP_SECONDS)]
    ended = run_confined("worker", command, folder, 60 + int(len(steps) * STEP_SECONDS) // 10)
    begun: int | None = None
    for answer in _read_answers(ended.output):
        step = steps[answer["step"]]
        if "problems" in answer or "trouble" in answer:
            told[step], begun = _tell(answer), None
        else:
            begun = answer["step"]
    if ended.trouble is None:
        return True
    logger.warning("analyzer_failed", files=len(steps), reason=ended.trouble)
    failed = steps if begun is None else [steps[begun]]  # it never began: nothing can be said
    for step in failed:
        reason = ended.trouble.replace("worker", step.analyzer, 1)
        told.setdefault(step, Told(trouble=reason))
    return False


def _read_answers(output: Path) -> Iterable[dict[str, Any]]:
    for line in output.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return  # cut off in the middle


def _tell(answer: dict[str, Any]) -> Told:
    if "trouble" in answer:
        return Told(trouble=answer["trouble"])
    if len(answer["problems"]) > worker.MOST_PROBLEMS:
        return Told(left_out=f"more than {worker.MOST_PROBLEMS} problems")
    return Told(tuple(Problem(**{**p, "related": ()}) for p in answer["problems"]))
