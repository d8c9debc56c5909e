"""Rippling job boards. Pure: an answer in, postings out.

Documented at developer.rippling.com/documentation/job-board-api-v2; sample address
api.rippling.com/platform/api/ats/v1/board/TOKEN/jobs. One answer is the whole board, one row for each location of a
job, without descriptions. The newer API, ats.rippling.com/api/v2, answers in pages and is read as well.
"""

from typing import Any
from urllib.parse import SplitResult, quote

from crawlers.company_sites import read_query_number
from crawlers.job_posting import name_period
from crawlers.parsing import (
    build_posting,
    decode_json,
    parse_each,
    read_count,
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
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from crawlers.sections import write_sections
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting, WorkModel

API = "api.rippling.com"
PAGES = "ats.rippling.com"
PAGE_SIZE = 50
WORK_MODELS: dict[str, WorkModel] = {"REMOTE": "remote", "HYBRID": "hybrid", "ON_SITE": "on_site"}
# What a job's own page adds; the rest of it is the application form.
DETAILS = ("description", "employmentType", "createdOn", "payRangeDetails", "workLocations", "companyName",
           "unlistedFromSearch")  # fmt: skip


def first_ask(visit: Visit) -> Ask:
    """The whole board."""
    return Ask(_write_board_url(visit))


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next page where the answer is one of several; they are counted from 0."""
    payload = decode_json(page)
    count = read_count(payload, "totalPages")
    current = read_query_number(page.ask.url, "page")
    if count is None or current + 1 >= count or not read_list(payload, "items"):
        return ()
    token = quote(visit.board.token, safe="")
    return (
        Ask(f"https://{PAGES}/api/v2/board/{token}/jobs?page={current + 1}&pageSize={PAGE_SIZE}"),
    )


def find_token(address: SplitResult) -> str | None:
    """ats.rippling.com/TOKEN/jobs, with or without a language before it."""
    steps = [step for step in address.path.split("/") if step]
    if address.hostname not in (PAGES, API):
        return None
    if "board" in steps:
        return next(iter(steps[steps.index("board") + 1 :]), None)
    if steps and "-" in steps[0] and len(steps[0]) == len("en-GB") and len(steps) > 1:
        steps = steps[1:]
    return steps[0] if steps and address.hostname == PAGES else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a board's answer, rows of one job made one. Raises ContractViolation when it has no list of jobs."""
    payload = decode_json(page)
    rows = require_jobs({"items": payload} if isinstance(payload, list) else payload, "items")
    return ParsedPage(*parse_each(_merge_rows(rows), visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    found = job.get("detail")
    detail: dict[str, Any] = found if isinstance(found, dict) else {}
    whereabouts = parse_whereabouts([_name_location(place) for place in _list_locations(job)])
    texts = detail.get("description")
    description = write_sections(
        [("", read_text(texts, "company")), ("", read_text(texts, "role")), ("", read_text(detail, "description"))]
    )  # fmt: skip
    posted_at = read_moment(detail, "createdOn")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "uuid" if job.get("uuid") else "id"),
        url=require_url(job, "url"),
        title=require_text(job, "name"),
        places=whereabouts.places,
        work_model=_find_work_model(job) or whereabouts.work_model,
        employment_type=_name(detail.get("employmentType"), "id", "label"),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(detail),
        department=_name(job.get("department"), "label", "name"),
        is_hidden=detail.get("unlistedFromSearch") is True,
    )


def _merge_rows(rows: list[object]) -> list[object]:
    """Rows with the same id become one job that has the locations of all."""
    merged: dict[str, dict[str, Any]] = {}
    places: dict[str, dict[str, Any]] = {}
    others: list[object] = []
    for row in rows:
        found = _read_id(row)
        if found is None or not isinstance(row, dict):
            others.append(row)
            continue
        merged.setdefault(found, dict(row))
        for place in _list_locations(row):
            places.setdefault(found, {}).setdefault(_name_location(place), place)
    for found, job in merged.items():
        if len(told := places.get(found, {})) > 1:
            job["locations"] = list(told.values())
    return [*merged.values(), *others]


def _read_id(row: object) -> str | None:
    return read_line(row, "uuid") or read_line(row, "id")


def _list_locations(job: Job) -> list[Any]:
    """The locations of a merged or paged row, of an older row, and of a job's own page."""
    place = job.get("workLocation")
    stated = read_list(job, "locations") or ([place] if place else [])
    return stated or read_list(job.get("detail"), "workLocations")


def _name_location(place: object) -> str:
    name = _name(place, "label", "name") or ""
    country = read_line(place, "country") or ""
    is_told = not country or country.lower() in name.lower()
    return name if is_told else ", ".join(part for part in (name, country) if part)


def _find_work_model(job: Job) -> WorkModel | None:
    """The work model that all locations share, if they do."""
    stated = {WORK_MODELS.get(read_text(p, "workplaceType")) for p in _list_locations(job)}
    return stated.pop() if len(stated) == 1 else None


def _find_pay(detail: dict[str, Any]) -> str | None:
    for pay in read_list(detail, "payRangeDetails"):
        if isinstance(pay, dict):
            return write_pay(
                pay.get("rangeStart"),
                pay.get("rangeEnd"),
                currency=read_line(pay, "currency"),
                period=name_period(read_line(pay, "frequency")),
            )
    return None


def _name(value: object, *fields: str) -> str | None:
    """A text, or the first of an object's fields that is one."""
    found = next((line for line in (read_line(value, name) for name in fields) if line), None)
    return found or read_line({"value": value}, "value")


def _write_board_url(visit: Visit) -> str:
    return f"https://{API}/platform/api/ats/v1/board/{quote(visit.board.token, safe='')}/jobs"


def _ask_detail(job: Job, visit: Visit) -> Ask | None:
    found = _read_id(job)
    return Ask(f"{_write_board_url(visit)}/{quote(found, safe='')}") if found else None


def _merge_detail(job: Job, page: Page) -> Job:
    found = decode_json(page)
    fields = found if isinstance(found, dict) else {}
    return {**job, "detail": {name: fields[name] for name in DETAILS if name in fields}}


PLATFORM = Platform(
    name="rippling",
    feed_kind="full_board",
    hosts=(API, PAGES),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    detail=Detail(_ask_detail, _merge_detail),
)
