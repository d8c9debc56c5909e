"""Gathers a student's evidence from the warehouse and the mirrors. Writes nothing."""

from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path

from internflow.repos.chunks import CHUNKER
from internflow.repos.mirrors import Mirror, open_mirror
from internflow.resumes.blame import blame_file, read_lines
from internflow.resumes.evidence import Evidence
from internflow.resumes.imports import is_manifest
from internflow.resumes.measures import measure_repository
from internflow.resumes.ownership import ask_own_work, build_own_params, read_own_commits
from internflow.resumes.quotes import (
    TOOL_LANGUAGES,
    OwnFile,
    Symbol,
    quote_description,
    quote_languages,
    quote_skills,
    quote_symbols,
)
from internflow.resumes.readme import NAMES as README_NAMES
from internflow.students.accounts import Student, read_repositories_of
from internflow.warehouse.connections import Connection

MOST_FILES = 40  # blamed in one repository: those the student changed most often
MOST_BYTES = 256 * 1024

OWN_FILES = ask_own_work(
    "select path, language from raw.head_files join changes using (path)"
    " where repo_id = %(repo_id)s and size_bytes <= %(most_bytes)s"
    " group by path, language order by count(distinct commit_sha) desc, path"
)


@dataclass(frozen=True)
class RepositoryFacts:
    """A repository and what is proved of the student's work in it; evidence in order of weight."""

    repo_id: str
    name: str
    url: str | None
    evidence: tuple[Evidence, ...]


def gather_facts(
    connection: Connection, mirrors_dir: Path, student: Student
) -> list[RepositoryFacts]:
    """Facts of each registered repository that holds own commits. Raises UserInputError for a lost mirror."""
    gathered = []
    for repo_id in read_repositories_of(connection, student.student_id):
        row = connection.execute(
            "select name, source, source_kind, head_sha from raw.repositories where repo_id = %s",
            (repo_id,),
        ).fetchone()
        if row is None:  # registered since the last mirroring
            continue
        evidence = _gather_evidence(connection, mirrors_dir, student, repo_id, row["head_sha"])
        if evidence:
            url = row["source"] if row["source_kind"] == "https" else None
            gathered.append(RepositoryFacts(repo_id, row["name"], url, tuple(evidence)))
    return gathered


def _gather_evidence(
    connection: Connection, mirrors_dir: Path, student: Student, repo_id: str, head_sha: str
) -> list[Evidence]:
    measures = measure_repository(connection, student, repo_id, head_sha)
    if not measures:
        return []
    # The warehouse's HEAD, not the mirror's: a fetch may have run since.
    mirror = replace(open_mirror(mirrors_dir, repo_id), head_sha=head_sha)
    files = _read_own_files(connection, mirror, student)
    gathered = [
        *measures,
        *quote_languages(repo_id, files),
        *quote_skills(repo_id, files),
        *quote_symbols(repo_id, files, _read_symbols(connection, repo_id)),
        *_quote_readme(connection, mirror),
    ]
    return list({e.evidence_id: e for e in gathered}.values())


def _read_own_files(connection: Connection, mirror: Mirror, student: Student) -> list[OwnFile]:
    own_commits = read_own_commits(connection, mirror.repo_id, student.emails)
    params = build_own_params(mirror.repo_id, student.emails) | {"most_bytes": MOST_BYTES}
    rows = connection.execute(OWN_FILES, params).fetchall()
    wanted = [r for r in rows if _can_hold_skills(r["path"], r["language"])]
    return [
        _read_own_file(mirror, r["path"], r["language"], own_commits) for r in wanted[:MOST_FILES]
    ]


def _read_own_file(
    mirror: Mirror, path: str, language: str | None, own_commits: Set[str]
) -> OwnFile:
    lines = read_lines(mirror.path, mirror.head_sha, path)
    origins = blame_file(mirror.path, mirror.head_sha, path)
    own = {line: o for line, o in origins.items() if o.commit_sha in own_commits}
    return OwnFile(path, language, tuple(lines), own)


def _can_hold_skills(path: str, language: str | None) -> bool:
    return (
        is_manifest(path)
        or language == "dockerfile"
        or (language is not None and language not in TOOL_LANGUAGES)
    )


def _read_symbols(connection: Connection, repo_id: str) -> list[Symbol]:
    """Symbols at HEAD, long ones whole again: chunks cut them."""
    rows = connection.execute(
        "select f.path, c.kind, c.symbol, min(c.start_line) as start_line, max(c.end_line) as end_line"
        " from raw.head_files f join raw.chunks c on c.blob_sha = f.blob_sha and c.chunker = %s"
        " where f.repo_id = %s and c.symbol is not null"
        " group by f.path, c.kind, c.symbol order by f.path, start_line",
        (CHUNKER, repo_id),
    ).fetchall()
    return [Symbol(r["path"], r["kind"], r["symbol"], r["start_line"], r["end_line"]) for r in rows]


def _quote_readme(connection: Connection, mirror: Mirror) -> list[Evidence]:
    row = connection.execute(
        "select path from raw.head_files where repo_id = %s and lower(path) = any(%s) and size_bytes <= %s"
        " order by array_position(%s::text[], lower(path)), path limit 1",
        (mirror.repo_id, list(README_NAMES), MOST_BYTES, list(README_NAMES)),
    ).fetchone()
    if row is None:
        return []
    lines = read_lines(mirror.path, mirror.head_sha, row["path"])
    return quote_description(mirror.repo_id, mirror.head_sha, row["path"], lines)
