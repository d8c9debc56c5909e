"""Scores every open internship for a student into ai.matches. An unchanged second run writes and encodes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from internflow.logs import log_unit
from internflow.matching.profile import Profile, read_profile
from internflow.matching.scoring import SCORER, Listing, Match, score_listing
from internflow.retrieval.embeddings import embed_texts
from internflow.retrieval.encoder import Encoder
from internflow.students.accounts import Student
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import Target, merge_rows

MATCHED_KINDS = ("internship", "apprenticeship")
LONGEST_TEXT = 2000  # characters; the packaged encoder reads 256 tokens of them

MATCHES = Target(
    "ai.matches",
    ("student_id", "posting_id"),
    update=("score", "similarity", "skills_covered", "skills_missing", "reasons", "scorer"),
)


@dataclass(frozen=True)
class MatchCounts:
    """Listings scored, and rows written or deleted."""

    scored: int
    changed: int


def match_student(connection: Connection, student: Student, encoder: Encoder) -> MatchCounts:
    """Score the open internships and apprenticeships for a student; rows of other listings go.

    Without evidence there is nothing to compare, and no match. New vectors are committed as they come.
    """
    with log_unit("student_matched", student_id=student.student_id) as counts:
        profile = read_profile(connection, student)
        matches = _score_listings(connection, profile, encoder) if profile else []
        with connection.transaction():
            changed = _store(connection, student.student_id, matches, encoder.model_id)
        counts["scored"], counts["changed"] = len(matches), changed
    return MatchCounts(len(matches), changed)


def _score_listings(connection: Connection, profile: Profile, encoder: Encoder) -> list[Match]:
    rows = connection.execute(
        "select posting_id, title, kind, places, work_model, skills, description_text"
        " from marts.listings where is_open and kind = any(%s) order by posting_id",
        (list(MATCHED_KINDS),),
    ).fetchall()
    if not rows:
        return []
    texts = [_build_text(r["title"], r["skills"], r["description_text"]) for r in rows]
    vectors = embed_texts(connection, [profile.text, *texts], encoder).astype(np.float64)
    # Summed row by row: a product of matrices rounds differently with their shape.
    similarities = (vectors[1:] * vectors[0]).sum(axis=1)
    return [
        score_listing(
            Listing(
                r["posting_id"], r["kind"], tuple(r["places"]), r["work_model"], tuple(r["skills"])
            ),
            profile.skills,
            float(similarity),
        )
        for r, similarity in zip(rows, similarities, strict=True)
    ]  # fmt: skip


def _build_text(title: str, skills: Sequence[str], description: str) -> str:
    """What the encoder reads of a listing, in the form of a profile's text."""
    named = f"Skills: {', '.join(skills)}.\n" if skills else ""
    return f"{title}\n{named}{description}"[:LONGEST_TEXT]


def _store(connection: Connection, student_id: str, matches: Sequence[Match], model_id: str) -> int:
    deleted = connection.execute(
        "delete from ai.matches where student_id = %s and posting_id <> all(%s)",
        (student_id, [m.posting_id for m in matches]),
    ).rowcount
    rows = [
        (
            student_id, m.posting_id, m.score, m.similarity, list(m.skills_covered),
            list(m.skills_missing), list(m.reasons), f"{SCORER} {model_id}",
        )
        for m in matches
    ]  # fmt: skip
    return deleted + merge_rows(connection, MATCHES, rows).changed
