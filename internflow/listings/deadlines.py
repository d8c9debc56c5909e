"""Until when a posting takes applications. Pure: what is relative is seen from the day of the posting.

A day without a year is read only next to a posting date; one that could be two days ("03/04/2026") is none, and so is
what lies before the posting or more than a year behind it.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from internflow.listings.statements import find_words, lower_in_place

RULES_VERSION = "deadlines-1"
FURTHEST = timedelta(days=400)  # behind the posting, with a year
FURTHEST_INFERRED = timedelta(days=200)  # without one
WINDOW = 130

_WORDS = (
    "deadline",
    "appl",
    "clos",
    "last da",
    "end date",
    "bewerb",
    "bewirb",
    "date limite",
    "fecha l",
)
_phrase = re.compile(
    r"deadline(?: (?:for (?:applications|applying|submissions?)|to apply|date))?"
    r"|apply (?:by|before|no later than|on or before)\b"
    r"|applications? (?:(?:for th(?:is|e) \w+|window|period|portal|process) )?(?:is |are |will |must "
    r"|should )?(?:be )?"
    r"(?:(?:expected|anticipated|intended) to )?(?:be )?(?:closes?|closing|due|ends?|submitted|received"
    r"|accepted|(?:remain |stay )?open)\b"
    r"|application end date|(?:closing|last|end) (?:date|day)(?: (?:to apply|for applications|of applications?"
    r"|for applying|to submit))?"
    r"|clos(?:es?|ing) on\b|bewerbungs(?:schluss|frist|ende)(?: ist)?|bew[ei]rb\w* (?:dich "
    r"|sie sich )?(?:bitte )?bis(?: zum| sp\u00e4testens)?\b"
    r"|date limite(?: de (?:candidature|d\u00e9p\u00f4t))?|fecha l\u00edmite"
)
_time = r"(?:\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|a\.m\.|p\.m\.|uhr)?[^\d\n]{1,20}?)?"
_gap = rf"[^\d\n;!?]{{0,30}}?\n?[^\d\n;!?.]{{0,25}}?{_time}"
_month = (
    r"(?:jan|ene|feb|f\u00e9v|fev|mar|m\u00e4r|mrz|apr|avr|abr|may|mai|jun|jui|jul|aug|ao\u00fb|aou|ago|sep|oct"
    r"|okt|nov|dec|dez|d\u00e9c|dic)"
    r"[a-z\u00e9]{0,7}\.?"
)
_day = re.compile(
    rf"{_gap}(?P<day>\b(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[./-]\d{{1,2}}[./-](?:\d{{4}}|\d{{2}})"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?(?: (?:of|de))?[ -]{{1,2}}{_month}(?:,?(?: de)?[ -]{{1,2}}20\d\d)?"
    rf"|{_month} \d{{1,2}}(?:st|nd|rd|th)?(?:,? 20\d\d)?))(?!\w|[./-]\d)"
)
_numeric = re.compile(r"(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d{2})")


def find_apply_by(stated: date | None, description: str, posted_at: datetime | None) -> date | None:
    """The last day to apply: what the board states, else what the description says, else None."""
    if stated:
        return stated
    lowered = lower_in_place(description)
    for place in find_words(lowered, _WORDS):
        phrase = _phrase.match(lowered, place)
        found = _day.match(lowered, phrase.end(), phrase.end() + WINDOW) if phrase else None
        day = _read_day(found["day"], posted_at.date() if posted_at else None) if found else None
        if day:
            return day
    return None


@lru_cache(maxsize=2000)
def _read_day(written: str, posted_on: date | None) -> date | None:
    has_year = bool(re.search(r"\d{4}|[./-]\d{2}$", written))
    if not has_year and posted_on is None:
        return None
    order = "DMY"
    if numeric := _numeric.fullmatch(written):
        first, second = int(numeric[1]), int(numeric[3])
        if numeric[2] == "/" and first <= 12 and second <= 12 and first != second:
            return None
        order = "MDY" if second > 12 else "DMY"
    day = _parse(written, order, posted_on)
    if day is None or posted_on is None:
        return day if day and day.year >= 2000 else None
    furthest = FURTHEST if has_year else FURTHEST_INFERRED
    return day if posted_on <= day <= posted_on + furthest else None


def _parse(written: str, order: str, posted_on: date | None) -> date | None:
    import dateparser  # noqa: PLC0415  its tables take long to load, and few postings name a day

    settings: dict[str, object] = {
        "DATE_ORDER": order,
        "REQUIRE_PARTS": ["day", "month"],
        "PREFER_DATES_FROM": "future",
    }
    if posted_on:
        settings["RELATIVE_BASE"] = datetime(posted_on.year, posted_on.month, posted_on.day)  # noqa: DTZ001  only a day
    try:
        moment = dateparser.parse(
            re.sub(r"(?<=\d)(?:st|nd|rd|th)\b| (?:of|de)\b|\.$", "", written),
            languages=["en", "de", "fr", "es"],
            settings=settings,
        )
    except (ValueError, OverflowError):
        return None
    return moment.date() if moment else None
