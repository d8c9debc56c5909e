"""The profile that listings are compared with: made of a student's own evidence alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from internflow.resumes.evidence import DESCRIPTION_KIND, Evidence, read_evidence
from internflow.resumes.ownership import ask_own_work, build_own_params
from internflow.resumes.readme import parse_first_sentence
from internflow.students.accounts import Student
from internflow.warehouse.connections import Connection

SKILL_KINDS = frozenset({"language", "skill"})
MOST_SUBJECTS = 8  # of one repository
MOST_SYMBOLS = 12

SUBJECTS = ask_own_work(
    "select subject from raw.commits join own using (commit_sha) where repo_id = %(repo_id)s"
    " group by subject order by max(own.authored_at) desc, subject limit %(most)s"
)


@dataclass(frozen=True)
class Profile:
    """`text` is what the encoder reads, its weightiest words first: it reads only the beginning."""

    skills: tuple[str, ...]
    text: str


def read_profile(connection: Connection, student: Student) -> Profile | None:
    """The profile of what is stored for a student; None while there is no evidence."""
    evidence = read_evidence(connection, student.student_id)
    if not evidence:
        return None
    subjects: list[str] = []
    for repo_id in dict.fromkeys(e.repo_id for e in evidence):
        params = build_own_params(repo_id, student.emails) | {"most": MOST_SUBJECTS}
        rows = connection.execute(SUBJECTS, params).fetchall()
        subjects += [row["subject"] for row in rows]
    return build_profile(evidence, subjects)


def build_profile(evidence: Sequence[Evidence], subjects: Sequence[str]) -> Profile:
    """The skills in alphabetical order, and a text of skills, projects, symbols and commit subjects."""
    skills = sorted({e.name for e in evidence if e.kind in SKILL_KINDS})
    projects = [
        parse_first_sentence(e.quote or "") or "" for e in evidence if e.kind == DESCRIPTION_KIND
    ]
    symbols = [e.name.rpartition(":")[2] for e in evidence if e.kind == "symbol"]
    lines = [
        "Software engineering internship.",
        f"Skills: {', '.join(skills)}." if skills else "",
        *projects,
        f"Code: {', '.join(symbols[:MOST_SYMBOLS])}." if symbols else "",
        *subjects,
    ]
    return Profile(tuple(skills), "\n".join(line for line in lines if line))
