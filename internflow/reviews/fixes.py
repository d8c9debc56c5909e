"""Which commit took a finding away: the one whose parent's version of the file has it and whose own has not.

It is searched by bisecting over the commits that changed the file; where no such commit shows itself, nobody is named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from internflow.repos.mirrors import Mirror
from internflow.reviews.analyzers.protocol import Analysis, BlobKey
from internflow.reviews.analyzers.running import analyze_blobs
from internflow.reviews.findings import name_problems
from internflow.reviews.ledger import Rename
from internflow.reviews.reading import find_reading
from internflow.reviews.repository.rules import RULES as TREE_RULES
from internflow.reviews.states import Advance, Standing
from internflow.warehouse.connections import Connection

MOST_VERSIONS = 12  # analyzed for one finding: enough for 2,000 changes of its file
OF_TREE = frozenset(rule.code for rule in TREE_RULES)  # no single file tells of these

Version = BlobKey | None  # None: there is no file


@dataclass(frozen=True)
class Change:
    """What one commit made of a file."""

    commit_sha: str
    path: str
    old_path: str | None
    change_kind: str
    blob_sha: str | None
    old_blob_sha: str | None

    @property
    def after(self) -> Version:
        return _name_version(self.blob_sha, self.path)

    @property
    def before(self) -> Version:
        return _name_version(self.old_blob_sha, self.old_path or self.path)


class Search:
    """The bisecting for one finding, a step at a time. `changes` of its file, oldest first, after it was there.

    `start` is the version that is known to have it; the last change is taken to leave a version without it.
    """

    def __init__(self, finding: Standing, start: Version, changes: Sequence[Change]) -> None:
        self._finding, self._changes = finding, list(changes)
        self._known: dict[Version, bool | None] = {None: False}
        if start is not None:
            self._known[start] = True
        self._low, self._high = -1, len(changes) - 1
        self._asked = 0

    def want(self) -> set[BlobKey]:
        """The versions to be analyzed next; none when the search is over."""
        self._narrow()
        wanted = self._find_unknown()
        if self._asked + len(wanted) > MOST_VERSIONS:
            return set()
        self._asked += len(wanted)
        return wanted

    def learn(self, analyses: Mapping[BlobKey, Analysis]) -> None:
        """Take what the analyses say of the versions that are asked for."""
        for version in self._find_unknown() & analyses.keys():
            self._known[version] = stands_in(self._finding, analyses[version])

    @property
    def answer(self) -> str | None:
        """The commit that took the finding away, once that is shown."""
        if self._high < 0 or self._find_unknown():
            return None
        change = self._changes[self._high]
        is_shown = self._known[change.before] is True and self._known[change.after] is False
        return change.commit_sha if is_shown else None

    def _narrow(self) -> None:
        """Move the bounds by what is known; a version that cannot be told of is passed over."""
        while self._high - self._low > 1:
            middle = (self._low + self._high) // 2
            version = self._changes[middle].after
            if version not in self._known:
                return
            if self._known[version] is None:
                del self._changes[middle]
                self._high -= 1
            elif self._known[version]:
                self._low = middle
            else:
                self._high = middle

    def _find_unknown(self) -> set[BlobKey]:
        if self._high < 0:
            return set()
        if self._high - self._low > 1:
            asked = [self._changes[(self._low + self._high) // 2].after]
        else:
            change = self._changes[self._high]
            asked = [change.before, change.after]
        return {v for v in asked if v is not None and v not in self._known}


def find_fixes(
    connection: Connection,
    mirror: Mirror,
    gone: Sequence[Standing],
    renames: Iterable[Rename],
    advance: Advance,
    age: Mapping[str, int],
) -> dict[str, str]:
    """Fingerprint -> the commit that took the finding away, for those of `gone` for which one is found."""
    fixes: dict[str, str] = {}
    searched = []
    for finding in gone:
        if finding.head_line is not None and len(advance.unseen) == 1:
            fixes[finding.fingerprint] = next(iter(advance.unseen))
        elif finding.rule not in OF_TREE:
            searched.append(finding)
    if not searched:
        return fixes
    history = _History(_read_changes(connection, mirror.repo_id, searched, renames), age)
    searches = {f.fingerprint: history.open_search(f, advance) for f in searched}
    while wanted := {version for search in searches.values() for version in search.want()}:
        analyses = analyze_blobs(mirror, wanted)
        for search in searches.values():
            search.learn(analyses)
    found = {fingerprint: search.answer for fingerprint, search in searches.items()}
    return fixes | {fingerprint: sha for fingerprint, sha in found.items() if sha is not None}


def stands_in(finding: Standing, version: Analysis) -> bool | None:
    """Whether a version of its file has the finding; None when that cannot be told."""
    if finding.fingerprint in dict(name_problems(finding.path, version.problems)):
        return True
    return False if version.is_whole else None


class _History:
    """The changes of some files, to be followed from a finding on."""

    def __init__(self, changes: Iterable[Change], age: Mapping[str, int]) -> None:
        self._age = age
        known = sorted(
            (c for c in changes if c.commit_sha in age), key=lambda c: -age[c.commit_sha]
        )
        self._changes: dict[str, list[Change]] = defaultdict(list)
        for change in known:
            self._changes[change.path].append(change)
            if change.change_kind == "renamed" and change.old_path is not None:
                self._changes[change.old_path].append(change)

    def open_search(self, finding: Standing, advance: Advance) -> Search:
        """The search over the changes since the finding came in, or since a HEAD where it was seen."""
        start, later = None, []
        for change in self._follow(finding):
            is_seen = finding.head_line is not None and change.commit_sha not in advance.unseen
            if change.commit_sha == finding.since_sha:
                start = change.after
            elif not is_seen:
                later.append(change)
        return Search(finding, start, later)

    def _follow(self, finding: Standing) -> Iterator[Change]:
        """The changes of its file from the commit of the finding on, through renames."""
        path, since = finding.path, self._age.get(finding.since_sha, -1)
        last = None
        while last != path:
            last = path
            for change in self._changes[path]:
                position = self._age[change.commit_sha]
                if position > since:
                    continue
                yield change
                since = position - 1
                if change.old_path == path and change.change_kind == "renamed":
                    path = change.path
                    break


def _read_changes(
    connection: Connection, repo_id: str, findings: Iterable[Standing], renames: Iterable[Rename]
) -> list[Change]:
    """The changes of the files that have the findings, under each name that they had."""
    paths, names = set(), {f.path for f in findings}
    successors = defaultdict(set)
    for rename in renames:
        successors[rename.old_path].add(rename.path)
    while names:
        paths |= names
        names = {path for name in names for path in successors[name]} - paths
    rows = connection.execute(
        "select commit_sha, path, old_path, change_kind, blob_sha, old_blob_sha"
        " from raw.file_changes where repo_id = %s and path = any(%s)",
        (repo_id, sorted(paths)),
    ).fetchall()
    return [Change(**row) for row in rows]


def _name_version(blob_sha: str | None, path: str) -> Version:
    return BlobKey(blob_sha, find_reading(path) or "text") if blob_sha else None
