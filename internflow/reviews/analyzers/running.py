"""All analyzers over many versions of files: each version's problems from all of them, or why there are none."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pygit2

from internflow.repos.mirrors import Mirror
from internflow.reviews.analyzers import ruff
from internflow.reviews.analyzers.folder import Told, write_versions
from internflow.reviews.analyzers.protocol import Analysis, BlobKey
from internflow.reviews.analyzers.readers import run_readers
from internflow.reviews.analyzers.registry import ANALYZERS
from internflow.reviews.catalog import RULES
from internflow.reviews.findings import Problem
from internflow.reviews.repository import rules as tree_rules
from internflow.reviews.sources import LeftOut, read_source

# A password of which both speak: the rule that knows what kind it is stays.
PASSWORDS = frozenset({"S105", "S106", "S107"})


def _identify() -> str:
    """Every tool with its version, and the rules: reviews by another identity are done again."""
    rules = sorted((r.code, r.category, r.severity, r.is_everywhere) for r in RULES.values())
    tools = (f"{ruff.NAME}-{ruff.VERSION}", *(f"{a.name}-{a.version}" for a in ANALYZERS))
    return "/".join(
        (
            *tools,
            f"tree-{tree_rules.VERSION}",
            f"rules-{sha256(repr(rules).encode()).hexdigest()[:8]}",
        )
    )


ANALYZER = _identify()


def analyze_texts(texts: Iterable[tuple[BlobKey, str]]) -> dict[BlobKey, Analysis]:
    """Analyze each version. A failure is of one analyzer on one version: everything else is told."""
    with tempfile.TemporaryDirectory(prefix="internflow-review-") as name:
        folder = Path(name).resolve()  # ruff names files by their real path
        keys = write_versions(folder, texts)
        python = [key for key in keys if ruff.wants(key.read_as)]
        told: dict[BlobKey, list[Told]] = {key: [] for key in keys}
        if python:
            for key, said in ruff.run_ruff(folder, python).items():
                told[key].append(said)
        for step, said in run_readers(folder, keys).items():
            told[step.key].append(said)
    return {key: _join(said) for key, said in told.items()}


def analyze_blobs(mirror: Mirror, keys: Iterable[BlobKey]) -> dict[BlobKey, Analysis]:
    """Analyze versions of files out of a mirror; one that cannot be read has an analysis that says so."""
    unreadable: dict[BlobKey, Analysis] = {}

    def read_all() -> Iterator[tuple[BlobKey, str]]:
        for key in sorted(set(keys)):
            try:
                text = read_source(mirror, key.sha, key.read_as)
            except (KeyError, pygit2.GitError):
                unreadable[key] = Analysis(failure=f"the mirror lacks blob {key.sha}")
                continue
            if isinstance(text, LeftOut):
                unreadable[key] = Analysis(left_out=text.reason)
            else:
                yield key, text

    analyses = analyze_texts(read_all())
    return analyses | unreadable


def _join(told: Sequence[Told]) -> Analysis:
    """What the analyzers say of one version, together. When none got through, the version failed."""
    left_out = next((t.left_out for t in told if t.left_out), None)
    if left_out:
        return Analysis(left_out=left_out)
    troubles = tuple(t.trouble for t in told if t.trouble)
    if troubles and len(troubles) == len(told):
        return Analysis(failure=troubles[0])
    problems = [p for t in told for p in t.problems]
    return Analysis(tuple(sorted(_drop_doubles(problems), key=_place)), gaps=troubles)


def _drop_doubles(problems: Sequence[Problem]) -> list[Problem]:
    known = {p.start_line for p in problems if p.rule.startswith("secret-")}
    return [p for p in problems if not (_is_password(p.rule) and p.start_line in known)]


def _is_password(rule: str) -> bool:
    return rule in PASSWORDS or rule.endswith("-hardcoded-secret")


def _place(problem: Problem) -> tuple[int, int, str]:
    return problem.start_line, problem.end_line, problem.rule
