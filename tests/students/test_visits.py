from datetime import UTC, datetime, timedelta

import pytest

from internflow.settings import Settings
from internflow.students.accounts import register_student
from internflow.students.visits import NEXT_VISIT, note_visit
from internflow.warehouse.connections import as_student, connect

MONDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def student_id(settings: Settings) -> str:
    with connect(settings, "app") as connection:
        return register_student(connection, "Asha", "asha@example.org", []).student_id


def visit(
    settings: Settings, student_id: str, now: datetime, newest_at: datetime | None
) -> datetime | None:
    with connect(settings, "app") as connection, as_student(connection, student_id):
        return note_visit(connection, student_id, now, newest_at)


def test_new_is_what_came_after_all_that_the_visit_before_could_show(
    settings: Settings, student_id: str
) -> None:
    crawled = MONDAY - timedelta(hours=14)
    assert visit(settings, student_id, MONDAY, crawled) is None
    assert visit(settings, student_id, MONDAY + DAY, crawled + DAY) == crawled
    assert visit(settings, student_id, MONDAY + 2 * DAY, crawled + 2 * DAY) == crawled + DAY


def test_coming_back_soon_is_the_same_visit(settings: Settings, student_id: str) -> None:
    visit(settings, student_id, MONDAY, MONDAY - DAY)
    later = MONDAY + DAY
    for minutes in (0, 20, 40, 60):
        moment = later + timedelta(minutes=minutes)
        assert visit(settings, student_id, moment, later) == MONDAY - DAY
    assert visit(settings, student_id, later + timedelta(hours=1) + NEXT_VISIT * 2, later) == later


def test_visits_while_nothing_was_crawled_leave_nothing_to_compare(
    settings: Settings, student_id: str
) -> None:
    assert visit(settings, student_id, MONDAY, None) is None
    assert visit(settings, student_id, MONDAY + DAY, MONDAY) is None
