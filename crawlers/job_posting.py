"""schema.org's JobPosting: one object, as a page carries it, read into fields. Pure.

Documented at schema.org/JobPosting. Every property may be a text, an object or a list of either, and may lack: what
cannot be read is None or empty, and nothing here raises.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import dateparser

from crawlers.parsing import read_day, read_line, read_moment, read_text, write_pay
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import WorkModel
from internflow.listings.text import clean_line, sanitise_html, text_to_html

LONGEST_DATE = 40
DEEPEST = 6  # objects within objects that may be looked into
PERIODS = {
    "hour": ("hour", "hourly", "hr", "hur", "per hour"),
    "day": ("day", "daily", "per day"),
    "week": ("week", "weekly", "wee", "per week"),
    "month": ("month", "monthly", "mon", "per month"),
    "year": ("year", "yearly", "annual", "annually", "annum", "ann", "yr", "per year", "per annum"),
}
PERIOD_OF = {word: period for period, words in PERIODS.items() for word in words}
DATE_ORDER = {"PARSERS": ["absolute-time"], "STRICT_PARSING": True, "TIMEZONE": "UTC"}

_year_first = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_tag = re.compile(r"<[a-zA-Z/!]|&lt;")
_amount = re.compile(r"\d[\d,]{0,15}(?:\.\d{1,4})?")
_nowhere = re.compile(r"(?:n/?a|null|none|undefined|-+)", re.IGNORECASE)


@dataclass(frozen=True)
class JobPostingFields:
    """What a JobPosting says; `places` are as written, `apply_by` is the day as it is where it was written."""

    title: str | None
    company: str | None
    url: str | None
    identifier: str | None
    department: str | None
    description_html: str
    posted_at: datetime | None
    apply_by: date | None
    is_over: bool
    employment_type: str | None
    places: tuple[str, ...]
    work_model: WorkModel | None
    pay_text: str | None


def read_job_posting(posting: object, now: datetime) -> JobPostingFields:
    """Read a JobPosting; it is over when its `validThrough` lies before `now`."""
    fields: Mapping[str, Any] = posting if isinstance(posting, Mapping) else {}
    places = _find_places(fields)
    work_model: WorkModel | None = "remote" if _is_telecommute(fields) else None
    whereabouts = parse_whereabouts(places)
    return JobPostingFields(
        title=read_name(fields.get("title")) or read_name(fields.get("name")),
        company=read_name(fields.get("hiringOrganization")),
        url=_find_url(fields),
        identifier=_find_identifier(fields.get("identifier")),
        department=read_name(fields.get("employmentUnit")),
        description_html=write_html(_join_texts(fields.get("description"))),
        posted_at=read_date(fields, "datePosted"),
        apply_by=_find_day(fields, "validThrough"),
        is_over=_is_over(fields, now),
        employment_type=", ".join(dict.fromkeys(_list_names(fields.get("employmentType")))) or None,
        places=whereabouts.places,
        work_model=work_model or whereabouts.work_model,
        pay_text=_find_pay(fields),
    )


def name_period(text: str | None) -> str | None:
    """hour, day, week, month or year for the many ways to write them; another word stays as it is."""
    word = clean_line(text or "").lower()
    return PERIOD_OF.get(word, word) or None


def write_html(text: str) -> str:
    """Safe HTML of a description that may be HTML, escaped HTML or plain text."""
    return sanitise_html(text if _tag.search(text) else text_to_html(text))


def read_name(value: object) -> str | None:
    """The name of what is written as a text, as an object with a name, or as a list of these."""
    return next(_list_names(value), None)


def read_date(fields: object, name: str) -> datetime | None:
    """A moment in UTC; a day alone is its midnight. Days and months that may be each other's are not guessed."""
    if moment := read_moment(fields, name):
        return moment
    text = read_text(fields, name).strip()[:LONGEST_DATE]
    if found := _year_first.match(text):
        year, month, day = (int(part) for part in found.groups())
        try:
            return datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            return None
    if not any(letter.isalpha() for letter in text) or not any(c.isdigit() for c in text):
        return None
    return _parse_written_date(text)


def _parse_written_date(text: str) -> datetime | None:
    try:
        found = dateparser.parse(text, languages=["en"], settings=DATE_ORDER)
        return (
            (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
            if found
            else None
        )
    except (ValueError, OverflowError):
        return None


def _find_day(fields: object, name: str) -> date | None:
    if day := read_day(fields, name):
        return day
    moment = read_date(fields, name)
    return moment.date() if moment else None


def _is_over(fields: Mapping[str, Any], now: datetime) -> bool:
    """Whether the last moment is past; a day alone ends with its last second."""
    moment = read_date(fields, "validThrough")
    if moment is None:
        return False
    if moment.time() == time() and len(read_text(fields, "validThrough").strip()) <= len(
        "2026-01-31"
    ):
        moment = moment + timedelta(days=1) if moment.year < 9999 else moment
    return moment < now


def _find_url(fields: Mapping[str, Any]) -> str | None:
    for name in ("url", "mainEntityOfPage", "sameAs", "@id"):
        value = fields.get(name)
        text = read_line(value, "@id") if isinstance(value, Mapping) else read_line(fields, name)
        if text and not text.startswith(("#", "_:")):
            return text
    return None


def _find_identifier(value: object) -> str | None:
    for entry in _as_list(value):
        found = entry.get("value") or entry.get("@id") if isinstance(entry, Mapping) else entry
        if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 10**50:
            return str(found)
        if isinstance(found, str) and (line := clean_line(found)):
            return line
    return None


def _find_places(fields: Mapping[str, Any]) -> list[str]:
    """Where the job is; where it names no place, where applicants must be."""
    for name in ("jobLocation", "applicantLocationRequirements"):
        places = [_write_place(place) for place in _as_list(fields.get(name))]
        if found := [place for place in places if place]:
            return found
    return []


def _write_place(place: object) -> str:
    """One place from a Place, a PostalAddress, a country or a text."""
    if not isinstance(place, Mapping):
        return _keep_place(place)
    address = next(iter(_as_list(place.get("address"))), None)
    if isinstance(address, str):
        return _keep_place(address)
    postal = address if isinstance(address, Mapping) else place
    parts = [
        _keep_place(read_name(postal.get(f"address{part}")))
        for part in ("Locality", "Region", "Country")
    ]
    return ", ".join(dict.fromkeys(p for p in parts if p)) or _keep_place(read_name(place))


def _keep_place(value: object) -> str:
    line = clean_line(value) if isinstance(value, str) else ""
    return "" if _nowhere.fullmatch(line) else line


def _is_telecommute(fields: Mapping[str, Any]) -> bool:
    return any("TELECOMMUTE" in name.upper() for name in _list_names(fields.get("jobLocationType")))


def _find_pay(fields: Mapping[str, Any]) -> str | None:
    """`baseSalary` as a number, a text, a MonetaryAmount, a PriceSpecification, or a list of them."""
    for salary in _as_list(fields.get("baseSalary")):
        currency = read_line(fields, "salaryCurrency")
        written = (
            _write_salary(salary, currency)
            if isinstance(salary, Mapping)
            else _write_plain_salary(salary, currency)
        )
        if written:
            return written
    return None


def _write_plain_salary(salary: object, currency: str | None) -> str | None:
    amount = _to_number(salary)
    if amount is not None:
        return write_pay(amount, None, currency=currency, period=None)
    return (clean_line(salary) or None) if isinstance(salary, str) else None


def _write_salary(salary: Mapping[str, Any], currency: str | None) -> str | None:
    value = next(iter(_as_list(salary.get("value"))), None)
    inner = value if isinstance(value, Mapping) else {}
    exact = None if isinstance(value, Mapping) else value
    currency = next(
        (
            line
            for line in (
                read_line(source, name)
                for source in (salary, inner)
                for name in ("currency", "priceCurrency")
            )
            if line
        ),
        currency,
    )
    period = next(
        (
            line
            for line in (
                read_line(source, name)
                for source in (inner, salary)
                for name in ("unitText", "unitCode")
            )
            if line
        ),
        None,
    )
    least = _first_number((inner, salary), ("minValue", "minPrice"))
    most = _first_number((inner, salary), ("maxValue", "maxPrice"))
    if least is None and most is None:
        least = (
            _to_number(exact)
            if exact is not None
            else _first_number((inner, salary), ("value", "price"))
        )
    if least is None and most is None and isinstance(exact, str):
        return clean_line(exact) or None
    return write_pay(least, most, currency=currency, period=name_period(period))


def _first_number(sources: tuple[Mapping[str, Any], ...], names: tuple[str, ...]) -> float | None:
    numbers = (_to_number(source.get(name)) for source in sources for name in names)
    return next((number for number in numbers if number is not None), None)


def _to_number(value: object) -> float | None:
    """A number, or a text that is nothing but one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = value.strip() if isinstance(value, str) else ""
    if isinstance(value, str) and not _amount.fullmatch(text):
        return None
    try:
        return float(text.replace(",", "") if text else value)
    except OverflowError:
        return None


def _join_texts(value: object) -> str:
    return "\n\n".join(text for text in _as_list(value) if isinstance(text, str))


def _list_names(value: object, depth: int = 0) -> Iterator[str]:
    """Names in a value: of texts, of objects with a name, of lists of these."""
    if isinstance(value, str):
        if line := clean_line(value):
            yield line
    elif isinstance(value, Mapping) and depth < DEEPEST:
        yield from _list_names(value.get("name"), depth + 1)
    elif isinstance(value, list) and depth < DEEPEST:
        for entry in value:
            yield from _list_names(entry, depth + 1)


def _as_list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
