"""Writes a student's evidence, bullets and resume. A second run over the same history writes nothing."""

from dataclasses import dataclass
from pathlib import Path

from psycopg.types.json import Jsonb

from internflow.logs import log_unit
from internflow.resumes.bullets import build_bullets
from internflow.resumes.document import Document, Project, build_document, hash_document
from internflow.resumes.evidence import COLUMNS, Evidence
from internflow.resumes.gathering import gather_facts
from internflow.students.accounts import Student
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import Target, merge_rows

EVIDENCE = Target("ai.evidence", ("student_id", "evidence_id"), update=COLUMNS)
BULLETS = Target(
    "ai.bullets",
    ("student_id", "bullet_id"),
    update=("repo_id", "position", "rule", "content", "evidence_ids"),
)
RESUMES = Target("ai.resumes", ("student_id",), update=("document", "document_hash"))


@dataclass(frozen=True)
class WriteCounts:
    """How many pieces of evidence and bullets there are now, and how many rows were written or deleted."""

    evidence: int
    bullets: int
    changed: int


def write_resume(connection: Connection, student: Student, mirrors_dir: Path) -> WriteCounts:
    """Bring a student's rows up to the loaded history, all or none; without own commits there is no resume.

    Raises UserInputError for a lost mirror, UncitedStatement for a bullet that says more than it cites.
    """
    with (
        log_unit("resume_written", student_id=student.student_id) as counts,
        connection.transaction(),
    ):
        projects = [
            Project(f.repo_id, f.name, f.url, build_bullets(f.repo_id, f.evidence), f.evidence)
            for f in gather_facts(connection, mirrors_dir, student)
        ]
        evidence = [e for p in projects for e in p.evidence]
        bullets = [b for p in projects for b in p.bullets]
        documents = [build_document(student.name, student.email, projects)] if bullets else []
        changed = (
            _store_evidence(connection, student.student_id, evidence)
            + _store_bullets(connection, student.student_id, projects)
            + _store_resumes(connection, student.student_id, documents)
        )
        counts["evidence"], counts["bullets"] = len(evidence), len(bullets)
        counts["changed"] = changed
    return WriteCounts(len(evidence), len(bullets), changed)


def _store_evidence(connection: Connection, student_id: str, evidence: list[Evidence]) -> int:
    rows = [(student_id, e.evidence_id, *(_to_column(e, c) for c in COLUMNS)) for e in evidence]
    deleted = connection.execute(
        "delete from ai.evidence where student_id = %s and evidence_id <> all(%s)",
        (student_id, [e.evidence_id for e in evidence]),
    ).rowcount
    return deleted + merge_rows(connection, EVIDENCE, rows).changed


def _store_bullets(connection: Connection, student_id: str, projects: list[Project]) -> int:
    rows = [
        (student_id, b.bullet_id, b.repo_id, position, b.rule, b.content, list(b.evidence_ids))
        for p in projects
        for position, b in enumerate(p.bullets)
    ]
    deleted = connection.execute(
        "delete from ai.bullets where student_id = %s and bullet_id <> all(%s)",
        (student_id, [row[1] for row in rows]),
    ).rowcount
    return deleted + merge_rows(connection, BULLETS, rows).changed


def _store_resumes(connection: Connection, student_id: str, documents: list[Document]) -> int:
    rows = [(student_id, Jsonb(d), hash_document(d)) for d in documents]
    if rows:
        return merge_rows(connection, RESUMES, rows).changed
    return connection.execute(
        "delete from ai.resumes where student_id = %s", (student_id,)
    ).rowcount


def _to_column(evidence: Evidence, column: str) -> object:
    value = getattr(evidence, column)
    return Jsonb(value) if column == "measure_params" and value is not None else value
