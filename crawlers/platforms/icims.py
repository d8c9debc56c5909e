"""iCIMS career portals. Pure: an answer in, postings out.

Not documented by its vendor; sample address TOKEN.icims.com/jobs/search?ss=1&in_iframe=1&pr=0, where the token is
the portal (careers-wipfli). A page shows a card for each job, with labelled fields that companies choose; a job's own
page has the description and a JobPosting. Pages are counted from 0.
"""

import re
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from parsel import Selector

from crawlers.company_sites import find_subdomain, read_query_number
from crawlers.job_posting import read_date, read_job_posting, write_html
from crawlers.parsing import (
    build_posting,
    parse_each,
    read_text,
    require_id,
    require_text,
    require_url,
)
from crawlers.platform import Ask, Detail, Job, Page, ParsedPage, Platform, Visit
from crawlers.structured_data import merge_job_page
from crawlers.web_pages import select_page
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import clean_line

DOMAIN = "icims.com"
DESCRIPTION = ".iCIMS_JobContent"
# Names of labelled fields, by what they tell; the first that a card has counts.
PLACE = ("job locations", "job location", "locations", "location")
REQUISITION = ("job id", "id", "requisition id", "req id", "requisition #")
POSTED = ("posted date", "date posted", "post date")
DEPARTMENT = ("department", "category", "job family")
EMPLOYMENT = ("position type", "type", "employment type", "job type")

_job_path = re.compile(r"/jobs/(\d{1,20})/")
_page_link = re.compile(r"[?&]pr=(\d{1,4})(?!\d)")
_page_of = re.compile(r"Page\s{1,5}(\d{1,4})\s{1,5}of\s{1,5}(\d{1,4})")


def first_ask(visit: Visit) -> Ask:
    """The first page."""
    return _ask_page(visit, 0)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next page, where the page says that there is one: by its links, or as "Page 1 of 3"."""
    selector = select_page(page)
    if not selector.css(".iCIMS_JobCardItem"):
        return ()
    current = read_query_number(page.ask.url, "pr")
    links = selector.xpath('//a[contains(@href, "pr=")]/@href').getall()
    text = " ".join(selector.css(".iCIMS_SubHeader, .iCIMS_Paging").xpath("string()").getall())
    told = [int(found.group(2)) - 1 for found in _page_of.finditer(clean_line(text))]
    last = max(
        [*told, *(int(number) for link in links for number in _page_link.findall(link))], default=0
    )
    return (_ask_page(visit, current + 1),) if current < last else ()


def find_token(address: SplitResult) -> str | None:
    """TOKEN.icims.com, most often careers-COMPANY."""
    portal = find_subdomain(address, DOMAIN)
    return portal if portal != "login" else None


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page of cards. Raises ContractViolation for another page than a portal's."""
    cards = select_page(page).css(".iCIMS_JobCardItem")
    if not cards and b"iCIMS_" not in page.body:
        raise ContractViolation(
            "The answer", page.body[:40], "an iCIMS portal shows job cards, if none."
        )
    jobs = [_read_card(card, page.ask.url) for card in cards]
    return ParsedPage(*parse_each(jobs, visit, parse_posting))


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job; its own page says more than its card. Raises ContractViolation when id, title or address lacks."""
    detail = job.get("detail")
    found = read_job_posting(detail.get("posting") if isinstance(detail, dict) else None, visit.now)
    stated = parse_whereabouts([_read_label(job, PLACE)])
    description = found.description_html or write_html(
        read_text(detail, "description") or read_text(job, "snippet")
    )
    posted_at = found.posted_at or read_date({"date": _read_label(job, POSTED)}, "date")
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=require_url(job, "url"),
        title=require_text(job, "title"),
        places=found.places or stated.places,
        work_model=found.work_model or stated.work_model,
        employment_type=found.employment_type or _read_label(job, EMPLOYMENT) or None,
        description_html=description,
        posted_at=posted_at,
        apply_by=found.apply_by,
        pay_text=found.pay_text,
        requisition_id=_read_label(job, REQUISITION) or None,
        department=_read_label(job, DEPARTMENT) or None,
        is_withdrawn=found.is_over,
    )


def _read_card(card: Selector, base: str) -> dict[str, Any]:
    """A card as plain fields: id, address without its query, title, snippet, and labels with their values."""
    link = card.xpath('.//a[contains(@href, "/jobs/")]/@href').get() or ""
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        url = parts._replace(query="", fragment="").geturl()
    except ValueError:
        url = ""
    found = _job_path.search(url)
    return {
        "id": found.group(1) if found else None,
        "url": url,
        "title": _read_words(card, ".//h2 | .//h3 | .//h4"),
        "snippet": card.css(".description").get() or "",
        "labels": {
            label.rstrip(":"): value for label, value in _list_labels(card) if label and value
        },
    }


def _list_labels(card: Selector) -> list[tuple[str, str]]:
    spans = [
        (_read_words(span, "."), _read_words(span, "following-sibling::*"))
        for span in card.css("span.field-label")
    ]
    tags = [
        (_read_words(tag, "."), _read_words(tag, "following-sibling::dd")) for tag in card.css("dt")
    ]
    return [*spans, *tags]


def _read_words(selector: Selector, path: str) -> str:
    return clean_line(" ".join(selector.xpath(path)[:1].xpath(".//text()").getall()))


def _read_label(job: Job, names: tuple[str, ...]) -> str:
    labels = job.get("labels")
    known = labels if isinstance(labels, dict) else {}
    told = {str(label).lower(): value for label, value in known.items() if isinstance(value, str)}
    return next((clean_line(told[name]) for name in names if told.get(name)), "")


def _ask_page(visit: Visit, number: int) -> Ask:
    return Ask(f"https://{visit.board.token}.{DOMAIN}/jobs/search?ss=1&in_iframe=1&pr={number}")


def _ask_detail(job: Job, visit: Visit) -> Ask | None:
    """The job's page on the portal's own host, whatever host its link names."""
    path = urlsplit(require_url(job, "url")).path
    return Ask(f"https://{visit.board.token}.{DOMAIN}{path}?in_iframe=1")


def _merge_detail(job: Job, page: Page) -> Job:
    return merge_job_page(job, page, DESCRIPTION)


PLATFORM = Platform(
    name="icims",
    feed_kind="full_board",
    hosts=(f"*.{DOMAIN}",),
    first_ask=first_ask,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    find_next=find_next,
    detail=Detail(_ask_detail, _merge_detail),
    unknown_board=("text/html; charset=utf-8", "<!doctype html><title>Not found</title>"),
)
