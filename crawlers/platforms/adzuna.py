"""Adzuna's search for internships, one board a country. Pure: an answer in, postings out.

Documented at developer.adzuna.com/docs/search: api.adzuna.com/v1/api/jobs/COUNTRY/search/N, 50 a page, with a free key
of some 250 requests a day, so MOST_PAGES a country are read, newest first. `redirect_url` carries the key's id and a
mark that changes with every answer: the job's own page is made of it. Descriptions are beginnings. Pay is a year's, in
the country's currency, and counts only where Adzuna did not guess it.
"""

import re
from urllib.parse import SplitResult, urlencode, urlsplit

from crawlers.company_sites import drop_fields
from crawlers.feeds import join_kinds
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
from crawlers.platform import Ask, Job, Page, ParsedPage, Platform, Visit
from internflow.errors import ContractViolation
from internflow.listings.places import parse_whereabouts
from internflow.listings.posting import Posting
from internflow.listings.text import sanitise_html

HOST = "api.adzuna.com"
PAGE_SIZE = 50
MOST_PAGES = 50
MOST_DAYS_OLD = 45
COUNTRY_OF = {
    "adzuna.in": "in",
    "adzuna.com": "us",
    "adzuna.co.uk": "gb",
    "adzuna.de": "de",
    "adzuna.ca": "ca",
    "adzuna.com.au": "au",
    "adzuna.sg": "sg",
    "adzuna.fr": "fr",
    "adzuna.nl": "nl",
    "adzuna.es": "es",
    "adzuna.it": "it",
    "adzuna.at": "at",
    "adzuna.pl": "pl",
    "adzuna.com.br": "br",
    "adzuna.co.za": "za",
    "adzuna.co.nz": "nz",
}  # fmt: skip
CURRENCIES = {
    "in": "INR",
    "us": "USD",
    "gb": "GBP",
    "ca": "CAD",
    "au": "AUD",
    "sg": "SGD",
    "pl": "PLN",
    "br": "BRL",
    "za": "ZAR",
    "nz": "NZD",
    "ch": "CHF",
    "mx": "MXN",
} | dict.fromkeys(("de", "fr", "nl", "es", "it", "at", "be"), "EUR")
_page_step = re.compile(r"/search/(\d{1,6})$")
_marked = re.compile(r"</?(?:strong|b|em)>", re.IGNORECASE)  # words of the search, set in bold


def first_ask(visit: Visit) -> Ask:
    """The newest internships of the country that the token names."""
    return _ask(visit, 1)


def find_next(page: Page, visit: Visit) -> tuple[Ask, ...]:
    """The next page, until all were shown or the day's requests would not do."""
    payload = decode_json(page)
    found = _page_step.search(urlsplit(page.ask.url).path)
    number = int(found[1]) if found else 1
    more = require_jobs(payload, "results") and number * PAGE_SIZE < (
        read_count(payload, "count") or 0
    )
    return (_ask(visit, number + 1),) if more and number < MOST_PAGES else ()


def find_token(address: SplitResult) -> str | None:
    """The country of a national site."""
    return COUNTRY_OF.get((address.hostname or "").removeprefix("www."))


def parse_postings(page: Page, visit: Visit) -> ParsedPage:
    """Read a page. Raises ContractViolation when it has no list of results."""
    payload = decode_json(page)
    postings, dropped = parse_each(require_jobs(payload, "results"), visit, parse_posting)
    count, ceiling = read_count(payload, "count"), PAGE_SIZE * MOST_PAGES
    shortfall = (
        f"Only the newest {ceiling} of {count} are asked for." if (count or 0) > ceiling else None
    )
    return ParsedPage(postings, dropped, count, shortfall)


def parse_posting(job: Job, visit: Visit) -> Posting:
    """Read one job. Raises ContractViolation when id, title or address is missing."""
    location = job.get("location")
    whereabouts = parse_whereabouts([_write_place(location)])
    description = sanitise_html(read_text(job, "description"))
    posted_at = read_moment(job, "created")
    url = _find_page(job)
    return build_posting(
        visit,
        job,
        external_id=require_id(job, "id"),
        url=url,
        title=require_text({"title": _marked.sub("", read_text(job, "title"))}, "title"),
        company=read_line(job.get("company"), "display_name") or visit.board.company,
        places=whereabouts.places,
        work_model=whereabouts.work_model,
        employment_type=join_kinds([job.get("contract_time"), job.get("contract_type")]),
        description_html=description,
        posted_at=posted_at,
        pay_text=_find_pay(job, visit),
        payload=drop_fields(job, ("adref",)) | {"redirect_url": url},
        department=read_line(job.get("category"), "label"),
    )


def _find_page(job: Job) -> str:
    """The job's page, without the key's id and the mark. Raises ContractViolation for one of another host."""
    parts = urlsplit(require_url(job, "redirect_url"))
    host = (parts.hostname or "").removeprefix("www.")
    if not host.startswith("adzuna."):
        raise ContractViolation("The field redirect_url", host, "Adzuna links to its own pages.")
    path = parts.path.replace("/land/ad/", "/details/")
    return f"https://www.{host}{path}"


def _write_place(location: object) -> str:
    """The place in full, from its smallest part to the country; its short name where there are no parts."""
    area = [line for part in read_list(location, "area") if (line := join_kinds([part]))]
    return ", ".join(reversed(area)) or read_text(location, "display_name")


def _find_pay(job: Job, visit: Visit) -> str | None:
    if str(job.get("salary_is_predicted", "0")) not in ("0", "False"):
        return None
    currency = CURRENCIES.get(visit.board.token.lower())
    return write_pay(job.get("salary_min"), job.get("salary_max"), currency=currency, period="year")


def _ask(visit: Visit, number: int) -> Ask:
    query = urlencode(
        {
            "what": "internship",
            "results_per_page": PAGE_SIZE,
            "sort_by": "date",
            "max_days_old": MOST_DAYS_OLD,
            "content-type": "application/json",
        }
    )
    country = visit.board.token.lower()
    return Ask(f"https://{HOST}/v1/api/jobs/{country}/search/{number}?{query}")


PLATFORM = Platform(
    name="adzuna",
    feed_kind="window",
    hosts=(HOST,),
    first_ask=first_ask,
    find_next=find_next,
    parse_postings=parse_postings,
    parse_posting=parse_posting,
    find_token=find_token,
    pace_seconds=2.5,
    key_params={"app_id": "adzuna_app_id", "app_key": "adzuna_app_key"},
)
