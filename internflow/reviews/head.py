"""The ledger at HEAD: which of the findings are open there, at which line, and which are fixed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from internflow.repos.mirrors import Mirror
from internflow.reviews.analyzers.protocol import Analysis, BlobKey
from internflow.reviews.analyzers.running import analyze_blobs
from internflow.reviews.findings import name_problems
from internflow.reviews.fixes import OF_TREE, find_fixes
from internflow.reviews.ledger import Entry, Rename, read_entries, read_renames
from internflow.reviews.reading import find_reading
from internflow.reviews.repository.reviewer import TreeReviewer
from internflow.reviews.sources import find_blob
from internflow.reviews.standing import find_line
from internflow.reviews.states import (
    FIXED,
    find_returns,
    name_states,
    read_advance,
    read_standings,
    store_standings,
)
from internflow.warehouse.connections import Connection


def settle_ledger(
    connection: Connection, mirror: Mirror, age: Mapping[str, int], tree: TreeReviewer
) -> tuple[int, int]:
    """Bring the state of every finding to HEAD; return how many became fixed and how many stand.

    `age` is the position of each commit of the history, 0 for HEAD.
    """
    entries = read_entries(connection, mirror.repo_id)
    renames = read_renames(connection, mirror.repo_id)
    settled = settle_entries(mirror, entries, renames, age, tree)
    before = read_standings(connection, mirror.repo_id)
    advance = read_advance(connection, mirror)
    named = name_states(before, settled, advance, find_returns(mirror, before, age))
    stood = {s.fingerprint for s in before if s.state != FIXED}
    gone = [s for s in named if s.state == FIXED and s.fingerprint in stood]
    fixes = find_fixes(connection, mirror, gone, renames, advance, age)
    fixed = [replace(s, fixed_by_sha=fixes.get(s.fingerprint, s.fixed_by_sha)) for s in named]
    store_standings(connection, mirror, fixed, advance)
    return len(gone), sum(s.state != FIXED for s in named)


def settle_entries(
    mirror: Mirror,
    entries: Sequence[Entry],
    renames: Iterable[Rename],
    age: Mapping[str, int],
    tree: TreeReviewer,
) -> list[Entry]:
    """The entries as they stand at the mirror's head; commits that `age` does not have are not followed."""
    known = sorted((r for r in renames if r.commit_sha in age), key=lambda r: -age[r.commit_sha])
    places = {e.fingerprint: (e.path, follow_renames(e, known, age)) for e in entries}
    of_files = [e for e in entries if e.rule not in OF_TREE]
    paths = {path for e in of_files for path in places[e.fingerprint]}
    versions = _find_versions(mirror, paths)
    analyses = analyze_blobs(mirror, versions.values())

    def settle(entry: Entry) -> Entry:
        if entry.rule in OF_TREE:
            return _settle_in_tree(mirror, entry, places[entry.fingerprint][1], tree)
        there = [p for p in places[entry.fingerprint] if p in versions]
        return settle_entry(entry, [analyses[versions[p]] for p in there])

    return [settle(entry) for entry in entries]


def follow_renames(entry: Entry, renames: Iterable[Rename], age: Mapping[str, int]) -> str:
    """Where the file of a finding stands now, by the renames (oldest first) after its commit."""
    path, since = entry.path, age.get(entry.commit_sha, 0)
    for rename in renames:
        if age[rename.commit_sha] < since and rename.old_path == path:
            path = rename.path
    return path


def settle_entry(entry: Entry, at_head: Iterable[Analysis]) -> Entry:
    """The entry as it stands at HEAD, given the analyses of the files there in which it may be.

    A file whose problems cannot be told (it does not parse, say) settles nothing: then the state stays.
    """
    is_unsure = False
    for analysis in at_head:
        named = dict(name_problems(entry.path, analysis.problems))
        if entry.fingerprint in named:
            return replace(entry, state="open", head_line=named[entry.fingerprint].start_line)
        is_unsure = is_unsure or not analysis.is_whole
    return replace(entry, state=entry.state if is_unsure else "fixed", head_line=None)


def _settle_in_tree(mirror: Mirror, entry: Entry, path: str, tree: TreeReviewer) -> Entry:
    """What only the whole tree shows; where it cannot be told, the state stays."""
    stands = tree.still_stands(mirror, replace(entry, path=path))
    if stands is None:
        return entry
    if not stands:
        return replace(entry, state="fixed", head_line=None)
    line = find_line(mirror, path, entry.quote, entry.start_line)
    return replace(entry, state="open", head_line=line)


def _find_versions(mirror: Mirror, paths: Iterable[str]) -> dict[str, BlobKey]:
    """The version at HEAD of each file that is there."""
    found = {path: find_blob(mirror, mirror.head_sha, path) for path in paths}
    return {
        path: BlobKey(blob_sha, find_reading(path) or "text")
        for path, blob_sha in found.items()
        if blob_sha is not None
    }
