"""What the product says of each case: pairs of commits in a repository made for it, reviewed as any other's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pygit2

from benchmarks.reviews.cases import Case
from internflow.repos.history import walk_commits
from internflow.repos.mirrors import Mirror
from internflow.reviews.findings import Finding
from internflow.reviews.repository.reviewer import TreeReviewer
from internflow.reviews.review import review_each

STARTED = 1_600_000_000


@dataclass(frozen=True)
class Judged:
    """The findings that are new with the defect, and with the control."""

    case: Case
    broken: tuple[Finding, ...]
    control: tuple[Finding, ...]


def judge_cases(cases: Sequence[Case], folder: Path) -> list[Judged]:
    """Each case as two commits, the defect and the control, both onto the file as it was.

    A case is left out where the product had something to say of these very lines before, since it says so again of
    whatever is edited there, and where one of the commits could not be reviewed.
    """
    repository = pygit2.init_repository(str(folder / "cases"), bare=True)
    shas = [tuple(_commit_case(repository, case)) for case in cases]
    head = str(repository.references["refs/heads/main"].target)
    mirror = Mirror("cases", folder / "cases", "main", head)
    commits = {commit.sha: commit for commit in walk_commits(mirror)}
    wanted = [commits[sha] for trio in shas for sha in trio]
    reviews = {
        r.commit_sha: r for batch in review_each(mirror, wanted, TreeReviewer()) for r in batch
    }
    judged = []
    for case, (before, broken, control) in zip(cases, shas, strict=True):
        trio = [reviews[sha] for sha in (before, broken, control)]
        is_told = any(_stands_on(f, case) for f in trio[0].findings)
        if not is_told and all(review.outcome.status == "reviewed" for review in trio):
            judged.append(Judged(case, trio[1].findings, trio[2].findings))
    return judged


def _stands_on(finding: Finding, case: Case) -> bool:
    """Whether a finding of the file before is about a line that the defect or the control edits."""
    old = set(case.before.split("\n"))
    kept = [set(change.text.split("\n")) for change in (case.broken, case.control)]
    gone = {line for new in kept for line in old - new}
    return any(line in gone for line in finding.quote.split("\n"))


def _commit_case(repository: pygit2.Repository, case: Case) -> Iterator[str]:
    """The file as it was (anew, with nothing before it), then the defect, and the control after the same file."""
    yield _commit(repository, case.path, case.before, is_first=True)
    yield _commit(repository, case.path, case.broken.text)
    _commit(repository, case.path, case.before)
    yield _commit(repository, case.path, case.control.text)


def _commit(repository: pygit2.Repository, path: str, text: str, *, is_first: bool = False) -> str:
    if is_first:
        _write(repository, "", "")
    return _write(repository, path, text)


def _write(repository: pygit2.Repository, path: str, text: str) -> str:
    tree = repository.TreeBuilder().write()
    if path:
        blob = repository.create_blob(text.encode())
        tree = _nest(repository, path.split("/"), blob)
    branch = "refs/heads/main"
    parents = [repository.references[branch].target] if branch in repository.references else []
    who = pygit2.Signature("Bench", "bench@localhost", STARTED, 0)
    return str(repository.create_commit(branch, who, who, "a case", tree, parents))


def _nest(repository: pygit2.Repository, parts: Sequence[str], blob: pygit2.Oid) -> pygit2.Oid:
    child, mode = blob, pygit2.enums.FileMode.BLOB
    for name in reversed(parts):
        builder = repository.TreeBuilder()
        builder.insert(name, child, mode)
        child, mode = builder.write(), pygit2.enums.FileMode.TREE
    return child
