"""Workday careers sites. Pure: answers in, postings out.

Not documented by the vendor: the address that the sites' own pages ask, a POST of JSON to
TENANT.wdN.myworkdayjobs.com/wday/cxs/TENANT/SITE/jobs. A page has at most 20 postings; only the first tells the
total, and many sites end a search at 2000 postings. List rows have ages instead of dates, and "3 Locations" instead
of places: both are on the posting's own page. A token is TENANT.wdN.SITE.
"""

import json
import re
from urllib.parse import SplitResult, quote, unquote

from crawlers.company_sites import require_object
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_count,
    read_day,
    read_line,
    read_list,
    read_moment,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from internflow.errors import ContractViolation
from internflow.listings.dates import parse_age
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import clean_line, sanitise_html

DOMAIN = "myworkdayjobs.com"
PAGE_SIZE = 20
CEILING = 2000
# The data centres' numbers come in these runs; a host guard needs them by name.
INSTANCES = (*range(1, 30), *range(100, 120), *range(500, 520))
_token = re.compile(
    r"([a-z0-9][a-z0-9_-]*)\.(wd\d{1,3})\.([A-Za-z0-9][A-Za-z0-9._-]*)", re.IGNORECASE
)
_host = re.compile(r"([a-z0-9][a-z0-9_-]*)\.(wd\d{1,3})\.myworkdayjobs\.com")
_shared_host = re.compile(r"(wd\d{1,3})\.myworkdaysite\.com")
_language = re.compile(r"[a-z]{2}(?:-[A-Za-z]{2,4})?")
_many_places = re.compile(r"\d{1,3}\s+[^\W\d]+")


def first_ask(visit: Visit) -> Ask:
    """The first twenty postings. Raises ContractViolation for a token that is none."""
    return _ask(visit, 0)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """All further pages, after the first: it alone tells the total, and a search past its end begins anew."""
    payload = decode_json(page)
    if _read_offset(page.ask) or not require_jobs(payload, "jobPostings"):
        return ()
    total = read_count(payload, "total") or 0
    return tuple(_ask(visit, offset) for offset in range(PAGE_SIZE, total, PAGE_SIZE))


def ask_detail(job: Job, visit: Visit) -> Ask | None:
    """The posting's own page."""
    tenant, origin, site = _split_token(visit)
    path = quote(_require_path(job), safe="/%")
    return Ask(
        f"{origin}/wday/cxs/{tenant}/{site}{path}", headers=(("Accept", "application/json"),)
    )


def merge_detail(job: Job, page: Page) -> Job:
    """The job with what its page says as `detail`. Raises ContractViolation."""
    return {**job, "detail": require_object(decode_json(page), "jobPostingInfo")}


def find_token(address: SplitResult) -> str | None:
    """TENANT.wdN.myworkdayjobs.com/[en-US/]SITE, or wdN.myworkdaysite.com/[en-US/]recruiting/TENANT/SITE."""
    host = (address.hostname or "").lower()
    steps = [unquote(step) for step in address.path.split("/") if step]
    if steps[:2] == ["wday", "cxs"]:
        steps = steps[3:]
    elif steps and _language.fullmatch(steps[0]):
        steps = steps[1:]
    if (found := _host.fullmatch(host)) and steps:
        return f"{found.group(1)}.{found.group(2)}.{steps[0]}"
    if (found := _shared_host.fullmatch(host)) and steps[:1] == ["recruiting"] and len(steps) > 2:
        return f"{steps[1]}.{found.group(1)}.{steps[2]}"
    return None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of a site. Raises ContractViolation when it has no list of postings."""
    payload = decode_json(page)
    jobs = require_jobs(payload, "jobPostings")
    postings, dropped = parse_each(jobs, visit, parse_posting)
    total = read_count(payload, "total")
    shortfall = None
    if total == CEILING:
        shortfall = f"The site ends its list at {CEILING} postings and may have more."
    elif not _read_offset(page.ask) and not total and len(jobs) >= PAGE_SIZE:
        shortfall = "The site does not say how many postings it has: only the first page was read."
    return ParsedPage(postings, dropped, total, shortfall)


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one posting, with its page where that was asked for. Raises ContractViolation without title or path."""
    detail = job.get("detail")
    path = _require_path(job)
    _tenant, origin, site = _split_token(visit)
    whereabouts = _find_whereabouts(job)
    description = sanitise_html(read_text(detail, "jobDescription"))
    begun_at = read_moment(detail, "startDate")
    told_at, kind = parse_age(read_text(job, "postedOn"), visit.now)
    return build_posting(
        visit,
        job,
        external_id=_find_id(path),
        url=require_url({"url": f"{origin}/{site}{path}"}, "url"),
        title=require_text(job, "title"),
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=read_line(detail, "timeType") or read_line(job, "timeType"),
        description_html=description,
        posted_at=begun_at or told_at,
        date_kind="exact" if begun_at else kind,
        apply_by=read_day(detail, "endDate"),
        requisition_id=read_line(detail, "jobReqId") or _find_requisition(job, path),
        is_withdrawn=isinstance(detail, dict) and detail.get("posted") is False,
    )


def _split_token(visit: Visit) -> tuple[str, str, str]:
    """The tenant, the address of its host and the site."""
    found = _token.fullmatch(visit.board.token)
    if not found:
        raise ContractViolation(
            "The Workday token", visit.board.token, "write TENANT.wdN.SITE, as in acme.wd5.Careers."
        )
    tenant, instance, site = found.groups()
    return tenant, f"https://{tenant}.{instance}.{DOMAIN}".lower(), site


def _ask(visit: Visit, offset: int) -> Ask:
    tenant, origin, site = _split_token(visit)
    search = {"appliedFacets": {}, "limit": PAGE_SIZE, "offset": offset, "searchText": ""}
    return Ask(f"{origin}/wday/cxs/{tenant}/{site}/jobs", json.dumps(search))


def _read_offset(ask: Ask) -> int:
    return int(json.loads(ask.body or "{}").get("offset", 0))


def _require_path(job: Job) -> str:
    path = require_text(job, "externalPath")
    if not path.startswith("/") or "//" in path or "/.." in path or "?" in path or "#" in path:
        raise ContractViolation("The field externalPath", path, "it must be a path on the site.")
    return path


def _find_id(path: str) -> str:
    """What stands behind the title in the path, as JR1001-1 in /job/Pune/Data-Intern_JR1001-1.

    `bulletFields` holds what a site chose to show, a requisition or not; and one requisition may be posted twice,
    told apart by the path alone. The path is always there, and its end stays when title or place change.
    """
    segment = path.rstrip("/").rpartition("/")[2]
    return require_id({"externalPath": segment.rpartition("_")[2]}, "externalPath")


def _find_requisition(job: Job, path: str) -> str | None:
    """The bullet that the path ends with, but for the number of a second posting."""
    shown = [bullet for bullet in read_list(job, "bulletFields") if isinstance(bullet, str)]
    end = re.sub(r"-\d{1,2}$", "", path)
    return next(
        (b for b in map(clean_line, shown) if b and (path.endswith(b) or end.endswith(b))), None
    )


def _find_whereabouts(job: Job) -> Whereabouts:
    """The places of the posting's page, else the list's; a mere number of places is none."""
    detail = job.get("detail")
    named = [_name_place(detail, "location"), *_list_others(detail)]
    if not any(named):
        requisition = detail.get("jobRequisitionLocation") if isinstance(detail, dict) else None
        told = (read_line(job, "locationsText") or "").strip()
        named = ["" if _many_places.fullmatch(told) else told]
        if not any(named):
            named = [read_text(requisition, "descriptor") or _name_place(detail, "country")]
    stated = parse_whereabouts(named)
    remote = parse_whereabouts([read_text(detail, "remoteType") or read_text(job, "remoteType")])
    return Whereabouts(stated.places, remote.work_model or stated.work_model)


def _name_place(fields: object, name: str) -> str:
    """A place that is a text, or an object that describes itself."""
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, str) else read_text(value, "descriptor")


def _list_others(detail: object) -> list[str]:
    others = read_list(detail, "additionalLocations")
    return [_name_place({"place": place}, "place") for place in others]


PLATFORM = Platform(
    name="workday",
    feed_kind="full_board",
    hosts=tuple(f"*.wd{number}.{DOMAIN}" for number in INSTANCES),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    detail=Detail(ask_detail, merge_detail),
)
