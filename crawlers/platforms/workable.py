"""Workable accounts. Pure: an answer in, postings out.

The address that feeds Workable's own careers widget: apply.workable.com/api/v1/widget/accounts/TOKEN?details=true.
One answer is the whole account, with one row for each place of a job: rows of one shortcode are one posting.
One host serves all accounts and answers haste with a pause of hours, so requests are two seconds apart.
"""

from typing import Any
from urllib.parse import SplitResult, quote, unquote

from crawlers.company_sites import find_subdomain, join_sections, read_parts
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel
from internflow.listings.text import sanitise_html

HOST = "apply.workable.com"
NO_TOKEN = frozenset({"api", "j", "jobs"})
ADDRESSES = ("url", "shortlink", "application_url")
WORK_MODELS: dict[str, WorkModel] = {
    "remote": "remote",
    "hybrid": "hybrid",
    "on_site": "on_site",
    "onsite": "on_site",
}


def first_ask(visit: Visit) -> Ask:
    """The whole account, with descriptions."""
    token = quote(visit.board.token, safe="")
    return Ask(f"https://{HOST}/api/v1/widget/accounts/{token}?details=true")


def find_token(address: SplitResult) -> str | None:
    """apply.workable.com/TOKEN, or the older TOKEN.workable.com; a short link to a job names no account."""
    if address.hostname != HOST:
        return find_subdomain(address, "workable.com")
    steps = [unquote(step) for step in address.path.split("/") if step]
    if steps[:4] == ["api", "v1", "widget", "accounts"]:
        steps = steps[4:]
    return steps[0] if steps and steps[0] not in NO_TOKEN else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read an account's answer. Raises ContractViolation when it has no list of jobs."""
    return ParsedPage(
        *parse_each(_merge_places(require_jobs(decode_json(page))), visit, parse_posting)
    )


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job with all its places. Raises ContractViolation when id, title or address is missing."""
    whereabouts = _find_whereabouts(job)
    description = sanitise_html(
        join_sections(
            [
                (None, read_text(job, "full_description") or read_text(job, "description")),
                ("Requirements", read_text(job, "requirements")),
                ("Benefits", read_text(job, "benefits")),
            ]
        )
    )
    posted_at = read_moment(job, "published_on") or read_moment(job, "created_at")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "shortcode"),
        url=require_url(job, next((name for name in ADDRESSES if read_line(job, name)), "url")),
        title=require_text(job, "title"),
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=read_line(job, "employment_type"),
        description_html=description,
        posted_at=posted_at,
        requisition_id=read_line(job, "code"),
        department=read_line(job, "department"),
    )


def _merge_places(rows: list[object]) -> list[object]:
    """One row for each shortcode, with the locations of all its rows."""
    merged: dict[str, dict[str, Any]] = {}
    others: list[object] = []
    for row in rows:
        shortcode = row.get("shortcode") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(shortcode, str):
            others.append(row)
        elif shortcode in merged:
            merged[shortcode]["locations"] += _list_locations(row)
        else:
            merged[shortcode] = {**row, "locations": _list_locations(row)}
    return [*merged.values(), *others]


def _list_locations(row: Job) -> list[Any]:
    """The locations of a row; an older row has only the fields of one."""
    own = {"country": row.get("country"), "region": row.get("state"), "city": row.get("city")}
    return list(read_list(row, "locations")) or [own]


def _find_whereabouts(job: Job) -> Whereabouts:
    """All places but those that the company hides."""
    shown = [
        location
        for location in _list_locations(job)
        if isinstance(location, dict) and location.get("hidden") is not True
    ]
    stated = parse_whereabouts(
        [read_parts(place, ("city", "region", "country")) for place in shown]
    )
    workplace = read_text(job, "workplace_type") or read_text(job, "workplace")
    flagged: WorkModel | None = "remote" if job.get("telecommuting") is True else None
    return Whereabouts(
        stated.places, WORK_MODELS.get(workplace.lower()) or flagged or stated.work_model
    )


PLATFORM = Platform(
    name="workable",
    feed_kind="full_board",
    hosts=(HOST,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    pace_seconds=2.0,
)
