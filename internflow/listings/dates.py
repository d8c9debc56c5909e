"""Dates as job boards write them: a moment, or only an age. Pure: the clock is passed in."""

import re
from datetime import UTC, datetime, timedelta

from internflow.listings.posting import DateKind

_age = re.compile(
    r"\b(\d{1,3}|an?|one|few)\s*(\+?)\s*(minute|min|hour|hr|day|week|wk|month)s?\b", re.IGNORECASE
)
_today = re.compile(r"\b(?:today|just (?:now|posted)|now)\b", re.IGNORECASE)
_yesterday = re.compile(r"\byesterday\b", re.IGNORECASE)

DAYS_OF = {"minute": 0, "min": 0, "hour": 0, "hr": 0, "day": 1, "week": 7, "wk": 7, "month": 30}


def parse_age(text: str, now: datetime) -> tuple[datetime | None, DateKind]:
    """The day (its midnight in UTC) that an age such as "Posted 3 Days Ago" points at, seen from `now`.

    "30+ days ago" tells no day, and so does text without an age.
    """
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if found := _age.search(text):
        number, is_open_ended, unit = found.groups()
        if is_open_ended or number.lower() == "few":
            return None, "none"
        count = int(number) if number.isdigit() else 1
        return today - timedelta(days=count * DAYS_OF[unit.lower()]), "relative"
    if _yesterday.search(text):
        return today - timedelta(days=1), "relative"
    return (today, "relative") if _today.search(text) else (None, "none")


def from_epoch(value: object) -> datetime | None:
    """A moment from seconds or milliseconds since 1970; None for anything else, zero included."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
