"""Oracle: recorded list and detail field by field, paging by total, hosts and tokens."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.hosts import is_one_of
from crawlers.platform import Ask, Page, Visit
from crawlers.platforms.oracle import PLATFORM
from internflow.errors import ContractViolation
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("oracle", "ejov.fa.ca2.CX", "Acme"), NOW)


def page_of(rows: list[dict[str, Any]], total: int | None, ask: Ask | None = None) -> Page:
    content = {"items": [{"requisitionList": rows, "TotalJobsCount": total}], "hasMore": False}
    return Page(ask or PLATFORM.first_ask(VISIT), json.dumps(content).encode())


def rows_of(start: int, count: int) -> list[dict[str, Any]]:
    return [{"Id": str(number), "Title": "T"} for number in range(start, start + count)]


def test_recorded_jobs_say_what_their_fields_say(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/oracle_orc.json").read_bytes()
    parsed = PLATFORM.parse_postings(Page(PLATFORM.first_ask(VISIT), body), VISIT)
    rows = json.loads(body)["items"][0]["requisitionList"]
    assert parsed.dropped == ()
    for posting, raw in zip(parsed.postings, rows, strict=True):
        others = tuple(place["Name"] for place in raw["secondaryLocations"])
        assert posting.external_id == raw["Id"]
        assert posting.title == raw["Title"]
        assert posting.places == (raw["PrimaryLocation"], *others)
        assert posting.posted_at == datetime.fromisoformat(raw["PostedDate"]).replace(tzinfo=UTC)
        assert posting.url == (
            "https://ejov.fa.ca2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX/job/"
            + raw["Id"]
        )


def test_the_recorded_detail_completes_its_job(shared_data: Path) -> None:
    body = (shared_data / "listings/recorded/oracle_orc_detail.json").read_bytes()
    raw = json.loads(body)
    assert PLATFORM.detail is not None
    ask = PLATFORM.detail.ask({"Id": raw["Id"]}, VISIT)
    assert ask is not None
    assert f"ById;Id=%22{raw['Id']}%22,siteNumber=CX" in ask.url
    merged = PLATFORM.detail.merge({"Id": raw["Id"], "Title": "short"}, Page(ask, body))
    posting = PLATFORM.parse_posting(merged, VISIT)
    assert posting.title == raw["Title"]
    assert posting.places == (raw["PrimaryLocation"],)
    assert posting.work_model == "hybrid"
    assert posting.posted_at == datetime.fromisoformat(raw["ExternalPostedStartDate"])
    for part in ("Description", "Responsibilities", "Qualifications"):
        assert raw[f"External{part}Str"] in posting.description_html
    assert PLATFORM.parse_posting(raw, VISIT).description_html == posting.description_html


def test_limit_and_offset_stand_in_the_finder_and_beside_it() -> None:
    assert PLATFORM.first_ask(VISIT).url.endswith(
        "&finder=findReqs;siteNumber=CX,limit=200,offset=0,sortBy=POSTING_DATES_DESC"
        "&limit=200&offset=0"
    )


def test_paging_follows_the_total_by_the_rows_that_came() -> None:
    assert PLATFORM.find_next is not None
    (second,) = PLATFORM.find_next(page_of(rows_of(0, 25), 60), VISIT)
    assert "offset=25,sortBy" in second.url
    assert second.url.endswith("&offset=25")
    (third,) = PLATFORM.find_next(page_of(rows_of(25, 25), 60, second), VISIT)
    assert PLATFORM.find_next(page_of(rows_of(50, 10), 60, third), VISIT) == ()
    assert PLATFORM.find_next(page_of([], 60, third), VISIT) == ()
    assert PLATFORM.parse_postings(page_of(rows_of(0, 25), 60), VISIT).reported_count == 60


def test_without_a_total_a_full_page_leads_on_and_a_short_one_does_not() -> None:
    assert PLATFORM.find_next is not None
    assert len(PLATFORM.find_next(page_of(rows_of(0, 200), None), VISIT)) == 1
    assert PLATFORM.find_next(page_of(rows_of(0, 199), None), VISIT) == ()


@pytest.mark.parametrize("content", [{"items": []}, {"items": [1]}, {"items": [{}]}])
def test_a_search_without_its_item_is_no_board(content: object) -> None:
    page = Page(PLATFORM.first_ask(VISIT), json.dumps(content).encode())
    with pytest.raises(ContractViolation):
        PLATFORM.parse_postings(page, VISIT)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://ejov.fa.ca2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX/", "ejov.fa.ca2.CX"),
        ("https://jpmc.fa.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1001/job/1", "jpmc.fa.CX_1001"),
        ("https://ab.fa.ocs.oraclecloud26.com/hcmUI/CandidateExperience/en/sites/CX", "ab.fa.ocs.oraclecloud26.CX"),
        ("https://ejov.fa.ca2.oraclecloud.com/", None),
        ("https://www.oracle.com/careers/sites/CX", None),
    ],
)  # fmt: skip
def test_the_token_is_host_part_and_site_and_leads_to_an_allowed_host(
    address: str, token: str | None
) -> None:
    parts = urlsplit(address)
    assert PLATFORM.find_token(parts) == token
    if token:
        asked = urlsplit(PLATFORM.first_ask(Visit(Board("oracle", token, "A"), NOW)).url)
        assert asked.hostname == parts.hostname
        assert is_one_of(asked.netloc, PLATFORM.hosts)


def test_a_token_without_a_site_is_refused() -> None:
    with pytest.raises(ContractViolation, match="board token"):
        PLATFORM.first_ask(Visit(Board("oracle", "ejov", "A"), NOW))
