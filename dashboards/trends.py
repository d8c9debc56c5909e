"""Findings by week and severity, out of when each came and went. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboards.finding_queries import Stay
from internflow.reviews.rule import SEVERITIES, Severity

MOST_WEEKS = 52
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WeekCount:
    """A week, by its Monday, and how many findings of a severity came, went, and were there at its end."""

    week: date
    severity: Severity
    came: int
    gone: int
    standing: int


def count_weeks(stays: Sequence[Stay]) -> list[WeekCount]:
    """Every week of the year up to the last one in which a finding came or went, each severity.

    What is fixed without a known time counts nowhere: it would stand for ever.
    """
    known = [s for s in stays if is_dated(s)]
    came = Counter((find_monday(s.came_at), s.severity) for s in known)
    gone = Counter((find_monday(s.gone_at), s.severity) for s in known if s.gone_at is not None)
    weeks = {week for week, _severity in came | gone}
    if not weeks:
        return []
    last = max(weeks)
    first = max(min(weeks), last - (MOST_WEEKS - 1) * WEEK)
    counted = []
    for severity in SEVERITIES:
        standing = _count_before(came, first, severity) - _count_before(gone, first, severity)
        week = first
        while week <= last:
            key = (week, severity)
            standing += came[key] - gone[key]
            counted.append(WeekCount(week, severity, came[key], gone[key], standing))
            week += WEEK
    return counted


def _count_before(counts: Counter[tuple[date, Severity]], first: date, severity: Severity) -> int:
    return sum(n for (week, own), n in counts.items() if week < first and own == severity)


def is_dated(stay: Stay) -> bool:
    """Whether it is known from when to when a finding was there."""
    return stay.state != "fixed" or stay.gone_at is not None


def find_monday(moment: datetime) -> date:
    """The first day of a moment's week."""
    day = moment.date()
    return day - timedelta(days=day.weekday())
