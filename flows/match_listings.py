"""Flow: score the open internships for every student."""

from datetime import datetime

import structlog
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from internflow.errors import InternflowError
from internflow.matching.matching import MatchCounts, match_student
from internflow.retrieval.encoder import SentenceEncoder, open_encoder
from internflow.settings import read_settings
from internflow.students.accounts import Student, read_students
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")


@flow(name="match-listings", flow_run_name="match-listings {now:%Y-%m-%d}")
def match_listings(now: datetime) -> list[str]:
    """Match each student; return the ids of those that are up to date. Fails when none of several is.

    `now` only names the run: a listing is open or closed by what the warehouse says.
    """
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        students = read_students(connection)
    encoder = open_encoder(settings)
    matched = [student.student_id for student in students if _match_one(student, encoder)]
    if students and not matched:
        raise InternflowError(
            f"None of {len(students)} students could be matched: the log says why."
        )
    return matched


@task(task_run_name="match {student.student_id}", cache_policy=NO_CACHE)
def match_one_student(student: Student, encoder: SentenceEncoder) -> MatchCounts:
    """Score the open listings for one student."""
    with connect(read_settings(), "pipeline") as connection:
        return match_student(connection, student, encoder)


def _match_one(student: Student, encoder: SentenceEncoder) -> bool:
    """The border of one student: a failure keeps the old matches and stops no other."""
    try:
        match_one_student(student, encoder)
    except Exception:
        logger.exception("student_failed", student_id=student.student_id, step="match")
        return False
    return True
