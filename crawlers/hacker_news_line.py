"""The first line of a comment in a "Who is hiring?" thread: free text, in parts. Pure.

By custom the company comes first; the other parts come in any order and are told apart by what they say.
"""

import re
from dataclasses import dataclass

from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts, resolve_places
from internflow.listings.text import clean_line, html_to_text, sanitise_html

LONGEST_LINE = 500
LONGEST_TITLE = 200
MOST_PARTS = 20

_paragraph_end = re.compile(r"<(?:/?p|br|pre|ul|ol)\b|\n", re.IGNORECASE)
_bar = re.compile(r"\s{0,3}\|\s{0,3}")
_dash = re.compile(r"\s[\u2013\u2014\u2022\u00b7-]\s")
_address = re.compile(r"\(?\s{0,3}(?:https?://|www\.)[^\s)|]+\s{0,3}\)?")
_bare_host = re.compile(
    r"[\w-]+(?:\.[\w-]+){0,3}\.(?:com|io|ai|co|org|net|dev|app|tech|jobs)/?\S{0,100}"
)
_pay = re.compile(
    r"[$\u20ac\u00a3\u20b9]\s{0,2}\d|\b\d{2,3}\s{0,2}[kK]\b|\b(?:USD|EUR|GBP|INR|CHF|CAD)\b|\bequity\b|\bsalary\b"
    r"|\bunpaid\b",
    re.IGNORECASE,
)
_kind = re.compile(
    r"\b(?:full[- ]?time|part[- ]?time|contract(?:or)?|freelance|interns?(?:hips?)?|temporary|permanent|co-?op)\b",
    re.IGNORECASE,
)
_only_kind = re.compile(r"[\s,/&+()]|\b(?:and|or|only|position|roles?|jobs?)\b", re.IGNORECASE)
_role = re.compile(
    r"\b(?:engineer(?:s|ing)?|developers?|dev|programmers?|swe|sre|sdet|devops|scientists?|researchers?|architects?"
    r"|designers?|analysts?|managers?|leads?|head|director|founding|founders?|cto|ceo|coo|vp|interns?|internships?"
    r"|administrators?|admin|technicians?|specialists?|consultants?|writers?|marketers?|recruiters?|roles?|positions?"
    r"|full[- ]?stack|front[- ]?end|back[- ]?end|software|hardware|firmware|product|data|machine learning|ml|ai|qa"
    r"|sales|support|operations|success|advocate|trainees?|apprentices?|staff|principal|senior|junior)\b",
    re.IGNORECASE,
)
_visa = re.compile(r"\bvisas?\b", re.IGNORECASE)
_hiring = re.compile(r"\b(?:hiring|looking for|join (?:us|our)|we need|seeking)\b", re.IGNORECASE)


@dataclass(frozen=True)
class FirstLine:
    """What the first line says; `places` are its parts that name a place or a work model, as written."""

    company: str | None
    title: str
    places: tuple[str, ...]
    employment_type: str | None
    pay_text: str | None


def read_first_line(markup: str) -> FirstLine:
    """Read a comment's first line. Raises ContractViolation when it names no job."""
    line = _take_first_line(markup)
    parts = _split(line)
    if len(parts) < 2:
        if not (_hiring.search(line) and _role.search(line)):
            raise ContractViolation(
                "The first line of the comment",
                line,
                'a job is written as "Company | Role | Place".',
            )
        return FirstLine(None, line[:LONGEST_TITLE], (), None, None)
    company, others = parts[0], parts[1:]
    pay = next((part for part in others if _is_pay(part)), None)
    kind = next((part for part in others if _is_kind(part)), None)
    open_parts = [part for part in others if not (_is_pay(part) or _is_kind(part))]
    title = _choose_title(open_parts) or (kind if kind and _role.search(kind) else None)
    places = tuple(part for part in open_parts if part != title and _is_place(part))
    stated = _kind.findall(kind or title or "")
    return FirstLine(
        company=company[:LONGEST_TITLE],
        title=(title or line)[:LONGEST_TITLE],
        places=places,
        employment_type=", ".join(dict.fromkeys(stated)) or None,
        pay_text=pay,
    )


def _take_first_line(markup: str) -> str:
    start = markup.lstrip().removeprefix("<p>")
    end = _paragraph_end.search(start)
    first = start[: end.start()] if end else start
    words = html_to_text(sanitise_html(first[: LONGEST_LINE * 8]))
    return clean_line(words)[:LONGEST_LINE]


def _split(line: str) -> list[str]:
    """The parts between bars, or between dashes where there is no bar; addresses are none."""
    separator = _bar if "|" in line else _dash
    parts = [clean_line(_address.sub(" ", part)) for part in separator.split(line)[:MOST_PARTS]]
    named = parts[:1] + [part for part in parts[1:] if not _bare_host.fullmatch(part)]
    return [part for part in named if re.search(r"\w", part)]


def _choose_title(parts: list[str]) -> str | None:
    """The part that names a role, at best without a work model; else one that is nothing else."""
    roles = [part for part in parts if _role.search(part) and not _visa.search(part)]
    plain = [part for part in roles if not parse_whereabouts([part]).work_model]
    others = [part for part in parts if not _is_place(part) and not _visa.search(part)]
    return next(iter((*plain, *roles, *others)), None)


def _is_pay(part: str) -> bool:
    return bool(_pay.search(part)) and not _role.search(part)


def _is_kind(part: str) -> bool:
    """Whether a part says nothing but the kind of employment."""
    return bool(_kind.search(part)) and not re.search(
        r"\w", _only_kind.sub("", _kind.sub("", part))
    )


def _is_place(part: str) -> bool:
    if parse_whereabouts([part]).work_model:
        return True
    return len(part) <= 80 and any(place.country for place in resolve_places([part]))
