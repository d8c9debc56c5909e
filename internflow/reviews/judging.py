"""One commit, once its files are analyzed: its outcome and the findings that it brought in, each quote checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from internflow.repos.history import decode_text, open_diff
from internflow.repos.mirrors import Mirror
from internflow.reviews.analyzers.protocol import Analysis, BlobKey
from internflow.reviews.analyzers.running import ANALYZER
from internflow.reviews.catalog import RULES, applies, choose_severities
from internflow.reviews.findings import Finding, Problem, brought_in, is_touched, name_problems
from internflow.reviews.lines import quote_lines
from internflow.reviews.reading import find_reading
from internflow.reviews.repository.heavy import weighs
from internflow.reviews.repository.reviewer import TreeReview
from internflow.reviews.repository.rules import LARGE
from internflow.reviews.repository.snapshot import Library
from internflow.reviews.scope import FileVersion, Outcome, Scope, decide_outcome
from internflow.reviews.sources import LeftOut, find_blob, read_source

Named = tuple[str, str, Problem]  # path, fingerprint, problem


@dataclass(frozen=True)
class CommitReview:
    """`dropped_count`: findings whose quote did not stand where it should."""

    commit_sha: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    dropped_count: int = 0


def judge_commit(
    mirror: Mirror,
    commit_sha: str,
    scope: Scope,
    analyses: Mapping[BlobKey, Analysis],
    tree: TreeReview,
) -> CommitReview:
    """The review of one commit. `analyses` has every key of the scope, `tree` is what the whole tree showed."""
    touched = _TouchedLines(mirror, commit_sha)
    named = [n for f in scope.everything for n in _find_new(f, analyses, touched)]
    named += [n for path, problems in tree.problems.items() for n in _name_of_tree(path, problems)]
    severities = choose_severities(problem.rule for _path, _print, problem in named)
    found = [_build_finding(commit_sha, n, s) for n, s in zip(named, severities, strict=True)]
    standing = tuple(f for f in found if quote_stands(mirror, f))
    outcome = decide_outcome(scope, analyses, len(standing), (tree.reason,) if tree.reason else ())
    if outcome.status != "reviewed":
        return CommitReview(commit_sha, outcome)
    return CommitReview(commit_sha, outcome, standing, len(found) - len(standing))


def quote_stands(mirror: Mirror, finding: Finding) -> bool:
    """Whether each quote is the text of its lines in its file at its commit (line ends apart).

    A large file has no line to quote: there it is whether the file has the size that is told.
    """
    if finding.rule == LARGE:
        return weighs(Library(mirror), finding.commit_sha, finding.path, finding.subject or "")
    places = [(finding.path, finding.start_line, finding.end_line, finding.quote)]
    places += [(r.path, r.start_line, r.end_line, r.quote) for r in finding.related]
    return all(_is_text_at(mirror, finding.commit_sha, *place) for place in places)


def _is_text_at(
    mirror: Mirror, commit_sha: str, path: str, start_line: int, end_line: int, quote: str
) -> bool:
    blob_sha = find_blob(mirror, commit_sha, path)
    if blob_sha is None:
        return False
    text = read_source(mirror, blob_sha, find_reading(path) or "text")
    return not isinstance(text, LeftOut) and quote_lines(text, start_line, end_line) == quote


class _TouchedLines:
    """The lines that a commit added, by path; read when first asked for, since few commits need them."""

    def __init__(self, mirror: Mirror, commit_sha: str) -> None:
        self._mirror, self._commit_sha = mirror, commit_sha
        self._lines: dict[str, set[int]] | None = None

    def of(self, path: str) -> set[int]:
        """1-based line numbers of the version after the commit."""
        if self._lines is None:
            self._lines = {
                decode_text(patch.delta.new_file.raw_path): {
                    line
                    for hunk in patch.hunks
                    for line in range(hunk.new_start, hunk.new_start + hunk.new_lines)
                }
                for patch in open_diff(self._mirror, self._commit_sha)
                if patch is not None
            }
        return self._lines.get(path, set())


def _find_new(
    file: FileVersion, analyses: Mapping[BlobKey, Analysis], touched: _TouchedLines
) -> list[Named]:
    after = [p for p in analyses[file.after].problems if applies(p.rule, file.path)]
    if not after:
        return []
    earlier = Analysis() if file.before is None else analyses[file.before]
    before = [p for p in earlier.problems if applies(p.rule, file.path)]
    new = brought_in(before, after, touched.of(file.path) if before else ())
    if (
        not earlier.is_whole
    ):  # it hid its problems: only those on lines of this commit are the commit's
        new = [p for p in new if is_touched(p, touched.of(file.path))]
    return [(file.path, name, problem) for name, problem in name_problems(file.path, new, before)]


def _name_of_tree(path: str, problems: Sequence[Problem]) -> list[Named]:
    """The problems with their names; these are only the commit's already."""
    told = [p for p in problems if applies(p.rule, path)]
    return [(path, name, problem) for name, problem in name_problems(path, told)]


def _build_finding(commit_sha: str, named: Named, severity: str) -> Finding:
    path, fingerprint, problem = named
    return Finding(
        fingerprint=fingerprint,
        commit_sha=commit_sha,
        path=path,
        start_line=problem.start_line,
        end_line=problem.end_line,
        quote=problem.quote,
        rule=problem.rule,
        category=RULES[problem.rule].category,
        severity=severity,
        message=problem.message,
        rule_url=problem.rule_url or RULES[problem.rule].url,
        analyzer=ANALYZER,
        related=problem.related,
        subject=problem.subject,
    )
