"""Flow: gather evidence and write the resume of every student."""

from datetime import datetime

import structlog
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from internflow.errors import InternflowError
from internflow.resumes.writing import WriteCounts, write_resume
from internflow.settings import read_settings
from internflow.students.accounts import Student, read_students
from internflow.warehouse.connections import connect

logger = structlog.get_logger("internflow.flows")


@flow(name="write-resumes", flow_run_name="write-resumes {now:%Y-%m-%d}")
def write_resumes(now: datetime) -> list[str]:
    """Write each student's resume; return the ids of those that are up to date. Fails when none of several is.

    `now` only names the run: a resume holds no clock.
    """
    with connect(read_settings(), "pipeline") as connection:
        students = read_students(connection)
    written = [student.student_id for student in students if _write_one(student)]
    if students and not written:
        raise InternflowError(
            f"None of {len(students)} resumes could be written: the log says why."
        )
    return written


@task(task_run_name="write resume of {student.student_id}", cache_policy=NO_CACHE)
def write_one_resume(student: Student) -> WriteCounts:
    """Write one student's evidence, bullets and resume."""
    settings = read_settings()
    with connect(settings, "pipeline") as connection:
        return write_resume(connection, student, settings.mirrors_dir)


def _write_one(student: Student) -> bool:
    """The border of one student: a failure keeps the old resume and stops no other."""
    try:
        write_one_resume(student)
    except Exception:
        logger.exception("student_failed", student_id=student.student_id, step="write")
        return False
    return True
