"""How well reviews find defects that are put into real code, what became of their findings, how quiet they are.

Needs bare repositories in the folder INTERNFLOW_BENCH_REPOSITORIES: as sources of other languages than Python, and for
the histories (`REAL`). What is missing is left out, and said.
"""

import os
import platform
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.reviews.cases import choose_cases
from benchmarks.reviews.judged import judge_cases
from benchmarks.reviews.report import NAMES, describe_fate, describe_scores, write_tables
from benchmarks.reviews.scoring import Scores, read_claims, score
from benchmarks.reviews.sources import FOLDER, find_repositories, name_repository, read_files
from benchmarks.reviews.truth import NEWEST, Quiet, follow_findings, list_commits, measure_quiet

SEED = 7
QUIET = "pallets+click"  # the newest commits of it say how quiet reviews are
FOLLOWED = ("pallets+click", "simonw+sqlite-utils")  # of these, old findings are followed
OLDEST = 700  # commits that are followed, from the first on


def measure_reviews(page: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Recall, precision, repaired findings and quiet; the tables go to the page."""
    lines = [_describe_machine(), ""]
    cases = choose_cases(read_files(SEED), SEED)
    scores = score(judge_cases(cases, folder), read_claims())
    yield from _tell_scores(scores)
    controls = Counter(case.control_name for case in cases)
    lines += [
        f"{scores.control_count} defects of {len({c.kind for c in cases})} kinds and as many controls"
        f" ({', '.join(f'{count} {name}' for name, count in sorted(controls.items()))}); on"
        f" {scores.alarmed_controls} controls something was said.",
        "",
        *describe_scores(scores),
        "",
    ]
    by_name = {name_repository(path): path for path in find_repositories()}
    fates = {}
    for name in FOLLOWED:
        if name in by_name:
            mirror, commits = list_commits(by_name[name])
            fates[name] = follow_findings(mirror, commits[-OLDEST:])
            found, repaired = fates[name].found.total(), fates[name].repaired.total()
            yield (
                f"{name}: findings of its oldest {OLDEST} commits, repaired",
                f"{found}, {repaired}",
            )
    lines += describe_fate(fates)
    if QUIET in by_name:
        mirror, commits = list_commits(by_name[QUIET])
        quiet = measure_quiet(mirror, commits[:NEWEST])
        yield from _tell_quiet(quiet)
        lines += ["", *(f"{name}: {value}." for name, value in _tell_quiet(quiet))]
    missing = [name for name in (*FOLLOWED, QUIET) if name not in by_name]
    if missing:
        yield "left out, not in the folder of repositories", ", ".join(sorted(set(missing)))
    write_tables(page, lines)


def _describe_machine() -> str:
    sources = [name_repository(path) for path in find_repositories()]
    return (
        f"### Reviews, {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores\n\n"
        f"Defects put into real code: Python's library and installed packages, and {', '.join(sources) or 'no other'}."
    )


def _tell_scores(scores: Scores) -> Iterator[tuple[str, str]]:
    for family, name in NAMES.items():
        total = scores.total(family)
        if not scores.total(family, is_claimed=False).cases:
            yield f"{name}: left out, no source", f"set {FOLDER} to a folder of bare repositories"
            continue
        yield (
            f"{name}: recall and precision of {total.cases}",
            f"{total.recall:.2f}, {total.precision:.2f}",
        )
    total = scores.total()
    yield f"all: recall (bar: 0.80) of {total.cases} cases", f"{total.recall:.3f}"
    yield "all: precision (bar: 0.90)", f"{total.precision:.3f}"


def _tell_quiet(quiet: Quiet) -> Iterator[tuple[str, str]]:
    share = quiet.loud / quiet.commits if quiet.commits else 0.0
    yield (
        f"high and medium findings a commit, newest {quiet.commits} of {QUIET} (bar: 0.3)",
        f"{share:.2f}",
    )
    told = f"{quiet.documentation_findings} on {quiet.documentation_commits} commits"
    yield "findings on commits of documentation alone (bar: 0)", told
