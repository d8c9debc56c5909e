"""Oracle Recruiting Cloud career sites. Pure: an answer in, postings out.

Documented at docs.oracle.com (HCM REST, recruitingCEJobRequisitions); sample address
ejov.fa.ca2.oraclecloud.com/hcmRestApi/resources/latest/recruitingCEJobRequisitions. The token is the host's own part
and the site, ejov.fa.ca2.CX. Limit and offset are set twice, for sites heed the one or the other; `hasMore` is false
on every page of some, so the total and the rows count.
"""

from typing import Any
from urllib.parse import SplitResult, quote

from crawlers.company_sites import read_parts, read_query_number
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
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from crawlers.sections import write_sections
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting, WorkModel

APEX = "oraclecloud"
RESOURCES = "hcmRestApi/resources/latest"
PAGE_SIZE = 200
REGIONS = ["us", "ca", "em", "ap", "uk", "eu", "la", "sa", "me", "au", "jp", "in"]
HOSTS = (
    f"*.fa.{APEX}.com",
    *(f"*.fa.ocs.{APEX}{number}.com" for number in ("", *range(1, 100))),
    *(f"*.fa.{region}{number}.{APEX}.com" for region in REGIONS for number in range(1, 10)),
)
WORK_MODELS: dict[str, WorkModel] = {
    "ora_remote": "remote",
    "remote": "remote",
    "ora_hybrid": "hybrid",
    "hybrid": "hybrid",
    "ora_on_site": "on_site",
    "on-site": "on_site",
    "onsite": "on_site",
    "on site": "on_site",
}
SECTIONS = {
    "ExternalDescriptionStr": "",
    "ExternalResponsibilitiesStr": "Responsibilities",
    "ExternalQualificationsStr": "Qualifications",
    "CorporateDescriptionStr": "About the company",
    "OrganizationDescriptionStr": "About the organization",
}
# What a job's own answer adds to its row; the rest is form and layout.
DETAILS = (*SECTIONS, "ShortDescriptionStr", "Title", "PrimaryLocation", "PrimaryLocationCountry",
           "secondaryLocations", "otherWorkLocations", "WorkplaceType", "WorkplaceTypeCode", "JobType",
           "JobSchedule", "ContractType", "StudyLevel", "Department", "Organization", "Category",
           "ExternalPostedStartDate", "ExternalPostedEndDate")  # fmt: skip


def first_ask(visit: Visit) -> Ask:
    """The newest jobs."""
    return _ask_page(visit, 0)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The page after this one, as long as the total is not reached."""
    found = _read_found(decode_json(page))
    rows = read_list(found, "requisitionList")
    offset = read_query_number(page.ask.url, "offset") + len(rows)
    total = read_count(found, "TotalJobsCount")
    is_last = offset >= total if total is not None else len(rows) < PAGE_SIZE
    return () if is_last or not rows else (_ask_page(visit, offset),)


def find_token(address: SplitResult) -> str | None:
    """HOST-PART.oraclecloud.com/hcmUI/CandidateExperience/en/sites/SITE; a numbered domain keeps its name."""
    host, steps = address.hostname or "", address.path.split("/")
    label = host.removesuffix(".com").rsplit(".", 1)[-1]
    if not host.endswith(".com") or not label.startswith(APEX) or "sites" not in steps[:-1]:
        return None
    part = host.removesuffix(".com").removesuffix(f".{APEX}")
    return f"{part}.{steps[steps.index('sites') + 1]}"


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of jobs. Raises ContractViolation when it has no list of them."""
    found = _read_found(decode_json(page))
    postings, dropped = parse_each(require_jobs(found, "requisitionList"), visit, parse_posting)
    return ParsedPage(postings, dropped, read_count(found, "TotalJobsCount"))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job; what its own answer says comes first. Raises ContractViolation when id or title is missing."""
    detail = job.get("detail")
    facts: dict[str, Any] = {**job, **(detail if isinstance(detail, dict) else {})}
    whereabouts = parse_whereabouts(_list_places(facts))
    description = write_sections((h, read_text(facts, n)) for n, h in SECTIONS.items())
    description = description or write_sections([("", read_text(facts, "ShortDescriptionStr"))])
    external_id = require_id(job, "Id")
    posted_at = read_moment(facts, "ExternalPostedStartDate") or read_moment(facts, "PostedDate")
    host, site = _split_token(visit)
    return build_posting(
        visit,
        job,
        external_id=external_id,
        url=f"https://{host}/hcmUI/CandidateExperience/en/sites/{site}/job/{quote(external_id, safe='')}",
        title=require_text(facts, "Title"),
        places=whereabouts.places,
        work_model=_find_work_model(facts) or whereabouts.work_model,
        employment_type=_find_employment_type(facts),
        description_html=description,
        posted_at=posted_at,
        apply_by=read_day(facts, "ExternalPostedEndDate") or read_day(facts, "PostingEndDate"),
        requisition_id=read_line(job, "RequisitionNumber"),
        department=read_line(facts, "Department") or read_line(facts, "Organization"),
    )


def _list_places(facts: dict[str, Any]) -> list[str]:
    """The primary and the secondary locations; where they are missing, the towns of the work locations."""
    others = [read_line(place, "Name") or "" for place in read_list(facts, "secondaryLocations")]
    stated = [read_text(facts, "PrimaryLocation"), *others]
    if any(stated):
        return stated
    return [
        read_parts(w, ("TownOrCity", "Region2", "Country"))
        for w in (*read_list(facts, "workLocation"), *read_list(facts, "otherWorkLocations"))
    ]


def _find_work_model(facts: dict[str, Any]) -> WorkModel | None:
    stated = (read_line(facts, name) or "" for name in ("WorkplaceType", "WorkplaceTypeCode"))
    return next((WORK_MODELS[s.lower()] for s in stated if s.lower() in WORK_MODELS), None)


def _find_employment_type(facts: dict[str, Any]) -> str | None:
    stated = [read_line(facts, name) for name in ("JobType", "ContractType", "JobSchedule")]
    return ", ".join(dict.fromkeys(text for text in stated if text)) or None


def _read_found(payload: object) -> object:
    """The search's answer is the first and only item. Raises ContractViolation."""
    items = require_jobs(payload, "items")
    if not items or not isinstance(items[0], dict):
        raise ContractViolation("The field items of the answer", items, "a search has an item.")
    return items[0]


def _split_token(visit: Visit) -> tuple[str, str]:
    """The host and the site. Raises ContractViolation for a token without both."""
    part, _, site = visit.board.token.rpartition(".")
    if not part:
        raise ContractViolation(
            "The board token", visit.board.token, "write it as host part and site: ejov.fa.ca2.CX."
        )
    has_apex = part.rsplit(".", 1)[-1].startswith(APEX)
    return f"{part}.com" if has_apex else f"{part}.{APEX}.com", quote(site, safe="")


def _ask_page(visit: Visit, offset: int) -> Ask:
    host, site = _split_token(visit)
    finder = (
        f"findReqs;siteNumber={site},limit={PAGE_SIZE},offset={offset},sortBy=POSTING_DATES_DESC"
    )
    expand = "requisitionList.workLocation,requisitionList.secondaryLocations"
    return Ask(
        f"https://{host}/{RESOURCES}/recruitingCEJobRequisitions?onlyData=true&expand={expand}"
        f"&finder={finder}&limit={PAGE_SIZE}&offset={offset}"
    )


def _ask_detail(job: Job, visit: Visit) -> Ask | None:
    host, site = _split_token(visit)
    found = quote(require_id(job, "Id"), safe="")
    return Ask(
        f"https://{host}/{RESOURCES}/recruitingCEJobRequisitionDetails?expand=all&onlyData=true"
        f"&finder=ById;Id=%22{found}%22,siteNumber={site}"
    )


def _merge_detail(job: Job, page: Page) -> Job:
    """The answer is a search with one item, or the item itself."""
    payload = decode_json(page)
    items = read_list(payload, "items")
    found = items[0] if items else payload
    fields = found if isinstance(found, dict) else {}
    return {**job, "detail": {name: fields[name] for name in DETAILS if fields.get(name)}}


PLATFORM = Platform(
    name="oracle",
    feed_kind="full_board",
    hosts=HOSTS,
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    detail=Detail(_ask_detail, _merge_detail),
    unknown_board=("application/json", '{"title":"Not Found","status":"404"}'),
)
