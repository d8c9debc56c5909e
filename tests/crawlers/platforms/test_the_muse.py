"""The Muse: one result field by field, levels, paging and its ceiling."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, Visit
from crawlers.platforms import the_muse
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("the_muse", "internship", "The Muse"), NOW)
JOB: dict[str, Any] = {
    "id": 21,
    "name": "Data Intern",
    "contents": "<p>SQL</p>",
    "publication_date": "2026-11-19T12:30:00Z",
    "locations": [{"name": "Boise, ID"}, {"name": "Flexible / Remote"}],
    "levels": [{"name": "Internship", "short_name": "internship"}],
    "categories": [{"name": "Data"}, {"name": "IT"}],
    "refs": {"landing_page": "https://www.themuse.com/jobs/acme/data-intern"},
    "company": {"id": 1, "name": "Acme"},
}


def build_page(number: int = 1, **fields: Any) -> Page:
    content = {"page": number, "page_count": 1, "results": [JOB]} | fields
    url = f"https://www.themuse.com/api/public/jobs?level=Internship&page={number}"
    return Page(Ask(url), json.dumps(content).encode())


def test_a_whole_result() -> None:
    parsed = the_muse.parse_postings(build_page(total=1), VISIT)
    (posting,) = parsed.postings
    assert (posting.external_id, posting.title, posting.company) == ("21", "Data Intern", "Acme")
    assert posting.url == "https://www.themuse.com/jobs/acme/data-intern"
    assert (posting.places, posting.work_model) == (("Boise, ID",), "remote")
    assert (posting.employment_type, posting.department) == ("Internship", "Data")
    assert posting.posted_at == datetime(2026, 11, 19, 12, 30, tzinfo=UTC)
    assert (parsed.reported_count, parsed.shortfall) == (1, None)


def test_the_token_is_the_level() -> None:
    ask = the_muse.first_ask(Visit(Board("the_muse", "entry-level", "The Muse"), NOW))
    assert ask.url == "https://www.themuse.com/api/public/jobs?level=Entry+Level&page=1"


@pytest.mark.parametrize(
    ("number", "count", "results", "following"),
    [(1, 3, [JOB], 2), (3, 3, [JOB], None), (2, 3, [], None), (100, 400, [JOB], None)],
)
def test_pages_follow_up_to_the_last_or_the_hundredth(
    number: int, count: int, results: list[Any], following: int | None
) -> None:
    page = build_page(number, page_count=count, results=results)
    asks = the_muse.find_next(page, VISIT)
    assert [ask.url.rpartition("page=")[2] for ask in asks] == (
        [str(following)] if following else []
    )


def test_what_lies_behind_the_hundredth_page_is_a_shortfall() -> None:
    parsed = the_muse.parse_postings(build_page(page_count=400), VISIT)
    assert parsed.shortfall == "The Muse shows 100 of its 400 pages."


def test_there_is_one_search_for_internships() -> None:
    assert the_muse.find_token(urlsplit("https://www.themuse.com/search/x")) == "internship"
    assert the_muse.find_token(urlsplit("https://example.com/")) is None
