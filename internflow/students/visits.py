"""When a student came, so that the next visit can tell what is new since."""

from datetime import datetime, timedelta

from internflow.warehouse.connections import Connection

NEXT_VISIT = timedelta(minutes=30)  # whoever comes back sooner is still at the same visit


def note_visit(
    connection: Connection, student_id: str, now: datetime, newest_at: datetime | None
) -> datetime | None:
    """Note that the student is here; return since when a listing is new, None at the first visit
    or without an account.

    `newest_at` is the first sighting of the newest listing there is now. It is kept in place of the clock: a crawl
    that runs during a visit may show its listings, first seen at its start, only after the visit.
    """
    row = connection.execute(
        "insert into app.visits as stored (student_id, visited_at, newest_at)"
        " select student_id, %(now)s, %(newest_at)s from app.students"
        " where student_id = %(student_id)s"
        " on conflict (student_id) do update set visited_at = excluded.visited_at,"
        " newest_at = excluded.newest_at, previous_at = case when"
        " stored.visited_at < excluded.visited_at - %(next_visit)s::interval"
        " then stored.newest_at else stored.previous_at end"
        " returning previous_at",
        {
            "student_id": student_id,
            "now": now,
            "newest_at": newest_at,
            "next_visit": NEXT_VISIT,
        },
    ).fetchone()
    return row["previous_at"] if row else None
