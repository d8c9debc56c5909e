"""Recruitee careers sites. Pure: an answer in, postings out.

Documented at docs.recruitee.com/reference/offers (Careers Site API); sample address TOKEN.recruitee.com/api/offers/.
One answer is the whole site; the offers' own addresses may be on the company's domain. Moments are written
"2026-08-05 10:10:39 UTC".
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import SplitResult

from crawlers.company_sites import drop_fields, find_subdomain, join_sections
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_day,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
    write_pay,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel
from internflow.listings.text import sanitise_html

DOMAIN = "recruitee.com"
PERSONAL = ("mailbox_email",)
NO_PLACE = frozenset({"", "remote job"})
CLOSED = frozenset({"closed", "archived"})
FLAGS: tuple[tuple[str, WorkModel], ...] = (
    ("hybrid", "hybrid"),
    ("remote", "remote"),
    ("on_site", "on_site"),
)


def first_ask(visit: Visit) -> Ask:
    """The whole site."""
    return Ask(f"https://{visit.board.token.lower()}.{DOMAIN}/api/offers/")


def find_token(address: SplitResult) -> str | None:
    """TOKEN.recruitee.com; a company's own domain does not tell."""
    return find_subdomain(address, DOMAIN)


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a site's answer. Raises ContractViolation when it has no list of offers."""
    return ParsedPage(*parse_each(require_jobs(decode_json(page), "offers"), visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one offer. Raises ContractViolation when id, title or address is missing."""
    whereabouts = _find_whereabouts(job)
    description = sanitise_html(
        join_sections(
            [
                (None, _read_own(job, "description")),
                ("Requirements", _read_own(job, "requirements")),
            ]
        )
    )
    posted_at = _read_moment(job, "published_at") or _read_moment(job, "created_at")
    status = read_text(job, "status").lower() or "published"
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "careers_url"),
        title=require_text({"title": _read_own(job, "title")}, "title"),
        company=read_line(job, "company_name") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=read_line(job, "employment_type_code"),
        description_html=description,
        posted_at=posted_at,
        apply_by=_read_day(job, "close_at"),
        pay_text=_find_pay(job.get("salary")),
        payload=drop_fields(job, PERSONAL),
        department=read_line(job, "department"),
        is_withdrawn=status in CLOSED,
        is_hidden=status != "published" and status not in CLOSED,
    )


def _read_own(job: Job, name: str) -> str:
    """A text of the offer; where it is empty, its English or first translation."""
    return next((text for fields in _list_versions(job) if (text := read_text(fields, name))), "")


def _list_versions(job: Job) -> Iterator[Any]:
    yield job
    translations = job.get("translations")
    if isinstance(translations, dict):
        yield translations.get("en")
        yield from translations.values()


def _find_whereabouts(job: Job) -> Whereabouts:
    """All locations in words, the offer's own first; the flags say the work model."""
    own = read_text(job, "location")
    places = [_name_place(place) for place in read_list(job, "locations")]
    found = parse_whereabouts(
        [_name_place(job) if own.strip().lower() in NO_PLACE else own, *places]
    )
    flagged = next((model for name, model in FLAGS if job.get(name) is True), None)
    return Whereabouts(found.places, flagged or found.work_model)


def _name_place(place: object) -> str:
    """City, state and country; a place without them by its name. Recruitee calls the city of a remote job Remote."""
    city, state, country = (
        read_line(place, "city"),
        read_line(place, "state_name") or read_line(place, "state"),
        read_line(place, "country") or read_line(place, "country_code"),
    )
    parts = (city if (city or "").lower() != "remote" else None, state, country)
    return ", ".join(part for part in parts if part) or read_text(place, "name")


def _read_moment(job: Job, name: str) -> datetime | None:
    return read_moment({name: read_text(job, name).removesuffix(" UTC")}, name)


def _read_day(job: Job, name: str) -> date | None:
    return read_day({name: read_text(job, name).removesuffix(" UTC")}, name)


def _find_pay(salary: object) -> str | None:
    if not isinstance(salary, dict):
        return None
    currency = read_line(salary, "currency")
    return write_pay(
        salary.get("min"),
        salary.get("max"),
        currency=currency.upper() if currency else None,
        period=read_line(salary, "period"),
    )


PLATFORM = Platform(
    name="recruitee",
    feed_kind="full_board",
    hosts=(f"*.{DOMAIN}",),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
)
