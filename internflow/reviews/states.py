"""Which state each finding of the ledger is in, once it is known whether it stands at HEAD."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

import pygit2
from pygit2.enums import SortMode

from internflow.repos.mirrors import Mirror, open_repository
from internflow.reviews.ledger import Entry
from internflow.warehouse.connections import Connection

NEW, OPEN, REGRESSED, FIXED = "new", "open", "regressed", "fixed"
STANDING = (NEW, REGRESSED, OPEN)  # by how much they ask for a look


@dataclass(frozen=True)
class Standing:
    """What the ledger has of one finding beside its text; `head_line` is null until it was seen at a HEAD."""

    fingerprint: str
    commit_sha: str
    path: str
    rule: str
    state: str
    head_line: int | None
    returned_sha: str | None
    fixed_by_sha: str | None

    @property
    def since_sha(self) -> str:
        """The newest commit that brought it in."""
        return self.returned_sha or self.commit_sha


@dataclass(frozen=True)
class Advance:
    """From which HEAD to which the ledger moves. Each set holds the commits that HEAD has and the one named lacks.

    `brought` are those since `base_sha`: what they brought in is new. `unseen` are those since `settled_sha`, the
    HEAD that the stored states are of.
    """

    head_sha: str
    base_sha: str | None
    settled_sha: str | None
    brought: Set[str]
    unseen: Set[str]


def read_standings(connection: Connection, repo_id: str) -> list[Standing]:
    """How every finding of a repository stood when the ledger was settled last."""
    rows = connection.execute(
        "select fingerprint, commit_sha, path, rule, state, head_line, returned_sha, fixed_by_sha"
        " from ai.findings where repo_id = %s",
        (repo_id,),
    ).fetchall()
    return [Standing(**row) for row in rows]


def read_advance(connection: Connection, mirror: Mirror) -> Advance:
    """The way from where the ledger stands to the mirror's head.

    Without a HEAD before, or when it is in no branch's history any more and was removed, the base is HEAD's parent.
    """
    row = connection.execute(
        "select head_sha, base_sha from ops.ledger_heads where repo_id = %s", (mirror.repo_id,)
    ).fetchone()
    settled_sha = row["head_sha"] if row else None
    base_sha = row["base_sha"] if row and settled_sha == mirror.head_sha else settled_sha
    repository = open_repository(mirror.path)
    if base_sha is None or base_sha not in repository:
        parents = repository[mirror.head_sha].peel(pygit2.Commit).parent_ids
        base_sha = next((str(p) for p in parents if p in repository), None)
    return Advance(
        mirror.head_sha,
        base_sha,
        settled_sha,
        _list_since(repository, mirror.head_sha, base_sha),
        _list_since(repository, mirror.head_sha, settled_sha),
    )


def _list_since(repository: pygit2.Repository, head_sha: str, since_sha: str | None) -> Set[str]:
    walker = repository.walk(head_sha, SortMode.NONE)
    if since_sha is not None and since_sha in repository:
        walker.hide(since_sha)
    return frozenset(str(commit.id) for commit in walker)


def name_state(before: Standing, settled: Entry, brought: Set[str], *, is_return: bool) -> str:
    """The state of a finding that stands at HEAD (`settled` is not fixed), stood unknown, or is gone.

    `is_return`: a commit brought it in again after it was gone. It is regressed from then on, until it is fixed.
    """
    if settled.state == FIXED:
        return FIXED
    if is_return or before.state in (FIXED, REGRESSED):
        return REGRESSED
    return NEW if before.commit_sha in brought else OPEN


def find_returns(mirror: Mirror, standings: Iterable[Standing], age: Mapping[str, int]) -> set[str]:
    """The fingerprints of what came back: the later commit that brought it in has the first one in its history.

    Two branches that bring in the same side by side bring nothing back.
    """
    repository = open_repository(mirror.path)
    asked: dict[tuple[str, str], bool] = {}
    found = set()
    for s in standings:
        if s.returned_sha is None or s.returned_sha not in age or s.commit_sha not in age:
            continue
        pair = (s.returned_sha, s.commit_sha)
        if pair not in asked:
            asked[pair] = repository.descendant_of(*pair)
        if asked[pair]:
            found.add(s.fingerprint)
    return found


def name_states(
    standings: Sequence[Standing], settled: Iterable[Entry], advance: Advance, returns: Set[str]
) -> list[Standing]:
    """Each finding with its state at HEAD; `fixed_by_sha` stays only while it is fixed."""
    before = {s.fingerprint: s for s in standings}
    named = []
    for entry in settled:
        old = before[entry.fingerprint]
        is_return = old.fingerprint in returns
        state = name_state(old, entry, advance.brought, is_return=is_return)
        fixed_by = old.fixed_by_sha if state == FIXED else None
        named.append(replace(old, state=state, head_line=entry.head_line, fixed_by_sha=fixed_by))
    return named


def store_standings(
    connection: Connection, mirror: Mirror, standings: Sequence[Standing], advance: Advance
) -> None:
    """Write what differs from what is stored, and which HEAD it is of."""
    connection.execute(
        "update ai.findings f set state = n.state, head_line = n.head_line,"
        " fixed_by_sha = n.fixed_by_sha"
        " from unnest(%s::text[], %s::text[], %s::int[], %s::text[])"
        " as n (fingerprint, state, head_line, fixed_by_sha)"
        " where f.repo_id = %s and f.fingerprint = n.fingerprint"
        " and (f.state, f.head_line, f.fixed_by_sha)"
        " is distinct from (n.state, n.head_line, n.fixed_by_sha)",
        (
            [s.fingerprint for s in standings],
            [s.state for s in standings],
            [s.head_line for s in standings],
            [s.fixed_by_sha for s in standings],
            mirror.repo_id,
        ),
    )
    connection.execute(
        "insert into ops.ledger_heads as stored values (%s, %s, %s)"
        " on conflict (repo_id) do update set head_sha = excluded.head_sha, base_sha = excluded.base_sha"
        " where (stored.head_sha, stored.base_sha) is distinct from (excluded.head_sha, excluded.base_sha)",
        (mirror.repo_id, advance.head_sha, advance.base_sha),
    )
