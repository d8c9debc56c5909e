"""Eightfold career sites. Pure: an answer in, postings out.

Not documented by its vendor; sample address TENANT.eightfold.ai/api/apply/v2/jobs?domain=DOMAIN&start=0. The token is
the tenant and the domain, albemarle.albemarle.com. Ten jobs come at once, whatever is asked for, without
descriptions. Tenants that have moved on answer at /api/pcsx/search alone: such a board has that address as its url.
"""

from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, urljoin

from crawlers.company_sites import find_subdomain, read_query_number
from crawlers.job_posting import write_html
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_count,
    read_line,
    read_list,
    read_text,
    require_id,
    require_jobs,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from internflow.errors import ContractViolation
from internflow.listings.dates import from_epoch
from internflow.listings.places import Whereabouts, parse_whereabouts
from internflow.listings.posting import Posting, WorkModel

DOMAIN = "eightfold.ai"
NEWER = "/api/pcsx/"
PAGE_SIZE = 10
# What a job's own answer adds to its row; the rest is layout, and people who recruit.
DETAILS = ("job_description", "jobDescription", "work_location_option", "workLocationOption", "locations",
           "department", "type")  # fmt: skip


def first_ask(visit: Visit) -> Ask:
    """The first ten jobs."""
    return _ask_page(visit, 0)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next ten, as long as the count is not reached."""
    found = _read_found(decode_json(page))
    rows = read_list(found, "positions")
    start = read_query_number(page.ask.url, "start") + len(rows)
    count = read_count(found, "count")
    is_last = start >= count if count is not None else len(rows) < PAGE_SIZE
    return () if is_last or not rows else (_ask_page(visit, start),)


def find_token(address: SplitResult) -> str | None:
    """TENANT.eightfold.ai/careers?domain=DOMAIN; without a domain it is TENANT.com."""
    tenant = find_subdomain(address, DOMAIN)
    if tenant is None:
        return None
    return f"{tenant}.{parse_qs(address.query).get('domain', [f'{tenant}.com'])[0]}"


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of jobs. Raises ContractViolation when it has no list of them."""
    found = _read_found(decode_json(page))
    postings, dropped = parse_each(require_jobs(found, "positions"), visit, parse_posting)
    return ParsedPage(postings, dropped, read_count(found, "count"))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job, of either API. Raises ContractViolation when id or title is missing."""
    found = job.get("detail")
    detail: dict[str, Any] = found if isinstance(found, dict) else {}
    whereabouts = _find_whereabouts(job, detail)
    description = write_html(
        read_text(detail, "job_description")
        or read_text(detail, "jobDescription")
        or read_text(job, "job_description")
    )
    external_id = require_id(job, "id")
    posted_at = from_epoch(job.get("t_create")) or from_epoch(job.get("postedTs"))
    return build_posting(
        visit,
        job,
        external_id=external_id,
        url=_find_address(job, external_id, visit),
        title=read_line(job, "name") or require_text(job, "posting_name"),
        places=whereabouts.places,
        work_model=_find_work_model(job) or _find_work_model(detail) or whereabouts.work_model,
        description_html=description,
        posted_at=posted_at,
        requisition_id=read_line(job, "display_job_id") or read_line(job, "displayJobId"),
        department=_find_department(job),
    )


def _find_address(job: Job, external_id: str, visit: Visit) -> str:
    """The address that the site gives, on whatever host the company has it, else the job's page on its own."""
    host = f"https://{_split_token(visit)[0]}"
    stated = read_line(job, "canonicalPositionUrl") or read_line(job, "positionUrl")
    path = stated or f"/careers/job/{quote(external_id, safe='')}"
    try:
        return require_url({"url": urljoin(host, path)}, "url")
    except ValueError:
        raise ContractViolation("The field positionUrl", path, "it is no web address.") from None


def _find_whereabouts(job: Job, detail: dict[str, Any]) -> Whereabouts:
    """The locations of row and detail; where they are missing, those that the site has standardised, or the one."""
    stated = [*read_list(job, "locations"), *read_list(detail, "locations")]
    names = [name for name in stated if isinstance(name, str)]
    names = names or [n for n in read_list(job, "standardizedLocations") if isinstance(n, str)]
    return parse_whereabouts(names or [read_text(job, "location")])


def _find_work_model(source: Job) -> WorkModel | None:
    stated = read_line(source, "work_location_option") or read_line(source, "workLocationOption")
    word = (stated or "").lower().replace("_", "").replace("-", "").replace(" ", "")
    if word.startswith("remote"):
        return "remote"
    if word.startswith("hybrid"):
        return "hybrid"
    return "on_site" if word.startswith("onsite") else None


def _find_department(job: Job) -> str | None:
    names = [name for name in read_list(job, "department") if isinstance(name, str)]
    return read_line(job, "department") or read_line({"name": ", ".join(names)}, "name")


def _read_found(payload: object) -> object:
    """The newer API puts everything under `data`."""
    data = payload.get("data") if isinstance(payload, dict) else None
    return data if isinstance(data, dict) and "positions" in data else payload


def _split_token(visit: Visit) -> tuple[str, str]:
    """The host and the domain. Raises ContractViolation for a token without both."""
    tenant, _, domain = visit.board.token.partition(".")
    if not domain:
        raise ContractViolation(
            "The board token", tenant, "write it as tenant and domain: albemarle.albemarle.com."
        )
    return f"{tenant}.{DOMAIN}", quote(domain, safe="")


def _is_newer(visit: Visit) -> bool:
    return NEWER in (visit.board.url or "")


def _ask_page(visit: Visit, start: int) -> Ask:
    host, domain = _split_token(visit)
    if _is_newer(visit):
        return Ask(f"https://{host}{NEWER}search?domain={domain}&query=&start={start}")
    query = f"domain={domain}&start={start}&num={PAGE_SIZE}&sort_by=timestamp"
    return Ask(f"https://{host}/api/apply/v2/jobs?{query}")


def _ask_detail(job: Job, visit: Visit) -> Ask | None:
    host, domain = _split_token(visit)
    found = quote(require_id(job, "id"), safe="")
    if _is_newer(visit):
        query = f"position_id={found}&domain={domain}&hl=en"
        return Ask(f"https://{host}{NEWER}position_details?{query}")
    return Ask(f"https://{host}/api/apply/v2/jobs/{found}?domain={domain}")


def _merge_detail(job: Job, page: Page) -> Job:
    payload = decode_json(page)
    data = payload.get("data") if isinstance(payload, dict) else None
    found = data if isinstance(data, dict) else payload
    fields = found if isinstance(found, dict) else {}
    return {**job, "detail": {name: fields[name] for name in DETAILS if fields.get(name)}}


PLATFORM = Platform(
    name="eightfold",
    feed_kind="full_board",
    hosts=(f"*.{DOMAIN}",),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    detail=Detail(_ask_detail, _merge_detail),
    pace_seconds=2.0,
    unknown_board=("application/json", '{"message":"Not Found"}'),
)
