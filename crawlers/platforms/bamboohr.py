"""BambooHR careers sites. Pure: answers in, postings out.

Not documented by the vendor: the addresses that its careers pages ask, TOKEN.bamboohr.com/careers/list and, for one
job, /careers/ID/detail. One answer lists the whole site; the description and the date are on the jobs' own pages.
"""

from urllib.parse import SplitResult, quote

from crawlers.company_sites import find_subdomain, read_parts, require_object
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

DOMAIN = "bamboohr.com"
LOCATION_TYPES: dict[str, WorkModel] = {"0": "on_site", "1": "remote", "2": "hybrid"}
ATS_PARTS = ("city", "state", "province", "country")
OWN_PARTS = ("city", "state", "country", "addressCountry")


def first_ask(visit: Visit) -> Ask:
    """The list of the whole site."""
    return Ask(f"{_find_site(visit)}/list")


def ask_detail(job: Job, visit: Visit) -> Ask | None:
    """The job's own page."""
    return Ask(f"{_find_site(visit)}/{quote(require_id(job, 'id'), safe='')}/detail")


def merge_detail(job: Job, page: Page) -> Job:
    """The job with what its page says as `detail`; the form to apply is left out. Raises ContractViolation."""
    result = require_object(decode_json(page), "result")
    return {**job, "detail": require_object(result, "jobOpening")}


def find_token(address: SplitResult) -> str | None:
    """TOKEN.bamboohr.com."""
    return find_subdomain(address, DOMAIN)


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a site's list. Raises ContractViolation when it has none."""
    payload = decode_json(page)
    postings, dropped = parse_each(require_jobs(payload, "result"), visit, parse_posting)
    meta = payload.get("meta") if isinstance(payload, dict) else None
    return ParsedPage(postings, dropped, read_count(meta, "totalCount"))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job, with its page where that was asked for. Raises ContractViolation without id or title."""
    detail = job.get("detail")
    whereabouts = _find_whereabouts(job)
    external_id = require_id(job, "id")
    description = sanitise_html(read_text(detail, "description"))
    posted_at = read_moment(detail, "datePosted")
    url = f"{_find_site(visit)}/{quote(external_id, safe='')}"
    status = read_text(detail, "jobOpeningStatus").lower() or "open"
    return build_posting(
        visit,
        job,
        external_id=external_id,
        url=require_url({"url": url}, "url"),
        title=require_text(job, "jobOpeningName"),
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=read_line(job, "employmentStatusLabel") or read_line(job, "employmentType"),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(detail),
        department=read_line(job, "departmentLabel"),
        is_withdrawn=status != "open",
    )


def _find_site(visit: Visit) -> str:
    return f"https://{visit.board.token.lower()}.{DOMAIN}/careers"


def _find_whereabouts(job: Job) -> Whereabouts:
    """The fullest of the addresses on the page and in the list; the location type says the work model."""
    places = [
        read_parts(fields.get(name), parts)
        for fields in (job.get("detail"), job)
        if isinstance(fields, dict)
        for name, parts in (("location", OWN_PARTS), ("atsLocation", ATS_PARTS))
    ]
    fullest = max(filter(None, places), key=lambda place: place.count(", "), default="")
    stated = parse_whereabouts([fullest])
    kind = read_text(job, "locationType") or str(read_count(job, "locationType"))
    flagged: WorkModel | None = "remote" if job.get("isRemote") is True else None
    return Whereabouts(stated.places, LOCATION_TYPES.get(kind) or flagged or stated.work_model)


def _find_pay(detail: object) -> str | None:
    """The company's words, or a range of amounts such as "50,000"."""
    pay = detail.get("compensation") if isinstance(detail, dict) else None
    if not isinstance(pay, dict):
        return read_line(detail, "compensation")
    span = pay.get("range")
    least, most = (read_text(span, name).replace(",", "") for name in ("min", "max"))
    return write_pay(least, most, currency=read_line(pay, "currency"), period=None)


PLATFORM = Platform(
    name="bamboohr",
    feed_kind="full_board",
    hosts=(f"*.{DOMAIN}",),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    detail=Detail(ask_detail, merge_detail),
)
