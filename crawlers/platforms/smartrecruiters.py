"""SmartRecruiters company boards. Pure: answers in, postings out.

Documented at developers.smartrecruiters.com (Posting API); sample address
api.smartrecruiters.com/v1/companies/TOKEN/postings?limit=100&offset=0&status=PUBLIC.
A page has at most 100 postings; their descriptions and pay are on pages of their own.
"""

import re
from urllib.parse import SplitResult, quote, unquote

from crawlers.company_sites import (
    drop_fields,
    join_sections,
    read_parts,
    read_query_number,
    require_object,
)
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_count,
    read_line,
    read_moment,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
    write_pay,
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel
from internflow.listings.text import sanitise_html

API = "api.smartrecruiters.com"
PAGES = ("jobs.smartrecruiters.com", "careers.smartrecruiters.com")
PAGE_SIZE = 100
PERIODS = {"YEARLY": "year", "MONTHLY": "month", "WEEKLY": "week", "DAILY": "day", "HOURLY": "hour"}
SECTIONS = ("jobDescription", "qualifications", "additionalInformation", "companyDescription")
PERSONAL = ("creator", "recruiter", "hiringManager")
_gaps = re.compile(r",[\s,]*")


def first_ask(visit: Visit) -> Ask:
    """The first hundred postings."""
    return _ask(visit, 0)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """What follows the postings of this page, as long as the total is not reached."""
    payload = decode_json(page)
    shown = len(require_jobs(payload, "content"))
    offset = read_query_number(page.ask.url, "offset") + shown
    if not shown or offset >= (read_count(payload, "totalFound") or 0):
        return ()
    return (_ask(visit, offset),)


def ask_detail(job: Job, visit: Visit) -> Ask | None:
    """The posting's own page."""
    return Ask(f"{_find_board(visit)}/{quote(require_id(job, 'id'), safe='')}")


def merge_detail(job: Job, page: Page) -> Job:
    """The job with its page as `detail`, without the people of the company. Raises ContractViolation."""
    detail = decode_json(page)
    require_object(detail, "jobAd")
    return {**job, "detail": drop_fields(detail, PERSONAL)}


def find_token(address: SplitResult) -> str | None:
    """jobs.smartrecruiters.com/TOKEN and careers.smartrecruiters.com/TOKEN, with or without a posting."""
    steps = [unquote(step) for step in address.path.split("/") if step]
    if address.hostname == API:
        return steps[2] if len(steps) > 2 and steps[1] == "companies" else None
    steps = [step for step in steps if step not in {"oneclick-ui", "company"}]
    return steps[0] if address.hostname in PAGES and steps else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of a board. Raises ContractViolation when it has no list of postings."""
    payload = decode_json(page)
    postings, dropped = parse_each(require_jobs(payload, "content"), visit, parse_posting)
    return ParsedPage(postings, dropped, read_count(payload, "totalFound"))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one posting, with its page where that was asked for. Raises ContractViolation without id or title."""
    detail = job.get("detail")
    whereabouts = _find_whereabouts(job)
    external_id = require_id(job, "id")
    description = sanitise_html(_write_description(detail))
    posted_at = read_moment(job, "releasedDate")
    visibility = read_text(job, "visibility") or "PUBLIC"
    return build_posting(
        visit,
        job,
        external_id=external_id,
        url=_build_url(job, external_id, visit),
        title=require_text(job, "name"),
        company=read_line(job.get("company"), "name") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=_find_employment_type(job),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(detail),
        payload=_keep(job, detail),
        requisition_id=read_line(job, "refNumber"),
        department=read_line(job.get("department"), "label"),
        is_withdrawn=isinstance(detail, dict) and detail.get("active") is False,
        is_hidden=visibility.upper() != "PUBLIC",
    )


def _find_board(visit: Visit) -> str:
    return f"https://{API}/v1/companies/{quote(visit.board.token, safe='')}/postings"


def _ask(visit: Visit, offset: int) -> Ask:
    return Ask(f"{_find_board(visit)}?limit={PAGE_SIZE}&offset={offset}&status=PUBLIC")


def _build_url(job: Job, external_id: str, visit: Visit) -> str:
    company = read_line(job.get("company"), "identifier") or visit.board.token
    url = f"https://{PAGES[0]}/{quote(company, safe='')}/{quote(external_id, safe='')}"
    return require_url({"url": url}, "url")


def _keep(job: Job, detail: object) -> dict[str, object]:
    kept = drop_fields(job, PERSONAL)
    return kept | ({"detail": drop_fields(detail, PERSONAL)} if isinstance(detail, dict) else {})


def _find_whereabouts(job: Job) -> Whereabouts:
    """The full location; a flag that is false says nothing, for it is so by default."""
    location = job.get("location")
    parts = read_parts(location, ("city", "region"))
    country = (read_line(location, "country") or "").upper()
    whole = read_line(location, "fullLocation") or ", ".join(filter(None, (parts, country)))
    stated = parse_whereabouts([_gaps.sub(", ", whole).strip(", ")])
    flags = location if isinstance(location, dict) else {}
    flagged: WorkModel | None = (
        "hybrid"
        if flags.get("hybrid") is True
        else "remote"
        if flags.get("remote") is True
        else None
    )
    return Whereabouts(stated.places, flagged or stated.work_model)


def _find_employment_type(job: Job) -> str | None:
    """The type; an internship may be told by the level of experience alone."""
    kind = job.get("typeOfEmployment")
    stated = [read_line(kind, "label") or read_line(kind, "id")]
    level = job.get("experienceLevel")
    if read_text(level, "id") == "internship":
        stated.append(read_line(level, "label") or "Internship")
    return ", ".join(dict.fromkeys(text for text in stated if text)) or None


def _write_description(detail: object) -> str:
    """The sections of the job ad, what the company says of itself last."""
    ad = detail.get("jobAd") if isinstance(detail, dict) else None
    sections = ad.get("sections") if isinstance(ad, dict) else None
    if not isinstance(sections, dict):
        return ""
    parts = [sections.get(name) for name in SECTIONS]
    return join_sections((read_line(part, "title"), read_text(part, "text")) for part in parts)


def _find_pay(detail: object) -> str | None:
    pay = detail.get("compensation") if isinstance(detail, dict) else None
    if not isinstance(pay, dict):
        return None
    period = read_line(pay, "period")
    return write_pay(
        pay.get("min"),
        pay.get("max"),
        currency=read_line(pay, "currency"),
        period=PERIODS.get(period.upper(), period) if period else None,
    )


PLATFORM = Platform(
    name="smartrecruiters",
    feed_kind="full_board",
    hosts=(API,),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    detail=Detail(ask_detail, merge_detail),
)
