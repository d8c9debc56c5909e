"""The lists of SimplifyJobs: three real lists row by row, two days of one of them, withdrawn and hidden rows."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawlers.platform import Ask, Page, ParsedPage, Visit
from crawlers.platforms import simplify
from internflow.errors import ContractViolation
from internflow.listings.eligibility import find_eligibility
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
URL = "https://raw.githubusercontent.com/SimplifyJobs/Summer2027-Internships/dev/.github/scripts/listings.json"
VISIT = Visit(Board("simplify", "Summer2027-Internships", "Simplify", url=URL), NOW)
SPONSORSHIPS = {"Offers Sponsorship": "offered", "Other": None}
NO_PLACES = {"Remote", "remote", "Hybrid", "Onsite", "Multiple", "Multiple Locations"}
FIRST_DAY, SECOND_DAY = "internships_2024-09-22.json", "internships_2024-10-15.json"


def read(rows: object) -> ParsedPage:
    return simplify.parse_postings(Page(Ask(URL), json.dumps(rows).encode()), VISIT)


def read_list(folder: Path, name: str) -> tuple[list[dict[str, Any]], ParsedPage]:
    body = (folder / "listings" / "lists" / name).read_bytes()
    return json.loads(body), simplify.parse_postings(Page(Ask(URL), body), VISIT)


@pytest.fixture
def row() -> dict[str, Any]:
    return {
        "source": "a-person",
        "id": "u-1",
        "company_name": "Acme",
        "title": "Data Intern ",
        "url": "https://acme.example/1",
        "locations": ["NYC", "Remote in USA"],
        "date_posted": 1795213600,
        "active": True,
        "is_visible": True,
        "sponsorship": "Other",
        "terms": ["Summer 2027"],
    }


@pytest.mark.parametrize(
    ("name", "ids", "without_address", "twice"),
    [
        (FIRST_DAY, 5419, 19, 2),
        (SECOND_DAY, 5845, 19, 2),
        ("newgrad_2024-10-25.json", 1288, 0, 0),
    ],
)
def test_no_row_of_a_real_list_is_lost(
    name: str, ids: int, without_address: int, twice: int, shared_data: Path
) -> None:
    rows, parsed = read_list(shared_data, name)
    shown = {posting.external_id for posting in parsed.postings}
    refused = {drop.payload["id"] for drop in parsed.dropped}
    assert len(shown | refused) == ids
    assert len(parsed.postings) + len(parsed.dropped) == len(rows) == parsed.reported_count
    assert sum(posting.url == URL for posting in parsed.postings) == without_address
    assert ["another job's too" in drop.reason for drop in parsed.dropped] == [True] * twice


@pytest.mark.parametrize("name", [FIRST_DAY, SECOND_DAY, "newgrad_2024-10-25.json"])
def test_real_rows_say_what_their_raw_fields_say(name: str, shared_data: Path) -> None:
    rows, parsed = read_list(shared_data, name)
    by_id: dict[str, dict[str, Any]] = {}
    for raw in rows:
        by_id.setdefault(raw["id"], raw)
    for posting in parsed.postings:
        raw = by_id[posting.external_id]
        assert posting.url == (raw["url"] or URL)
        assert posting.title == " ".join(raw["title"].split())
        assert posting.company == " ".join(raw["company_name"].split())
        assert posting.posted_at == datetime.fromtimestamp(raw["date_posted"], UTC)
        assert posting.date_kind == "exact"
        assert posting.terms == tuple(raw.get("terms", ()))
        assert posting.sponsorship == SPONSORSHIPS.get(raw["sponsorship"], "not_offered")
        assert posting.is_withdrawn is not raw["active"]
        assert posting.is_hidden is not raw["is_visible"]
        stated = [part for place in raw["locations"] for part in re.split(r"; | or ", place)]
        named = [" ".join(part.split()) for part in stated]
        assert posting.places == tuple(dict.fromkeys(n for n in named if n not in NO_PLACES))
        if "remote" in " ".join(named).lower() and "Hybrid" not in named:
            assert posting.work_model == "remote"


def test_two_days_of_the_real_list(shared_data: Path) -> None:
    (_, first), (_, second) = (read_list(shared_data, name) for name in (FIRST_DAY, SECOND_DAY))
    before = {posting.external_id: posting.is_withdrawn for posting in first.postings}
    after = {posting.external_id: posting.is_withdrawn for posting in second.postings}
    both = before.keys() & after.keys()
    assert len(after.keys() - before.keys()) == 426
    assert len(before.keys() - after.keys()) == 0
    assert sum(after[each] and not before[each] for each in both) == 148
    assert sum(before[each] and not after[each] for each in both) == 16


def test_a_whole_row(row: dict[str, Any]) -> None:
    (posting,) = read([row]).postings
    assert (posting.external_id, posting.title, posting.company) == ("u-1", "Data Intern", "Acme")
    assert (posting.places, posting.work_model) == (("NYC", "Remote in USA"), "remote")
    assert posting.employment_type == "Internship"
    assert posting.posted_at == datetime(2026, 11, 20, 22, 26, 40, tzinfo=UTC)
    assert (posting.is_withdrawn, posting.is_hidden) == (False, False)
    assert (posting.description_text, posting.sponsorship) == ("", None)


def test_withdrawn_and_hidden_rows_land_as_such(row: dict[str, Any]) -> None:
    (gone,) = read([row | {"active": False}]).postings
    (hidden,) = read([row | {"is_visible": False}]).postings
    assert (gone.is_withdrawn, gone.is_hidden) == (True, False)
    assert (hidden.is_withdrawn, hidden.is_hidden) == (False, True)


@pytest.mark.parametrize(
    ("stated", "sponsorship", "citizenship"),
    [
        ("Offers Sponsorship", "offered", None),
        ("Does Not Offer Sponsorship", "not_offered", None),
        ("U.S. Citizenship is Required", "not_offered", "US"),
        ("Other", None, None),
        (7, None, None),
    ],
)
def test_what_the_list_says_of_visas_reaches_the_reader(
    row: dict[str, Any], stated: object, sponsorship: str | None, citizenship: str | None
) -> None:
    (posting,) = read([row | {"sponsorship": stated}]).postings
    assert posting.sponsorship == sponsorship
    found = find_eligibility(posting.title, posting.description_text)
    assert found.citizenship == citizenship


def test_a_season_is_a_term_too(row: dict[str, Any]) -> None:
    (posting,) = read([row | {"terms": None, "season": "Summer"}]).postings
    assert posting.terms == ("Summer",)


def test_who_added_a_row_is_not_kept(row: dict[str, Any]) -> None:
    (posting,) = read([row]).postings
    assert "a-person" not in json.dumps(posting.payload)


@pytest.mark.parametrize(
    "url", ["", "   ", "acme.example/1", "javascript:alert(1)", "https://a b", None]
)
def test_a_row_without_a_sound_address_is_a_counted_drop(row: dict[str, Any], url: object) -> None:
    parsed = read([row | {"url": url}])
    assert parsed.postings == ()
    (drop,) = parsed.dropped
    assert "url" in drop.reason


def test_a_board_is_asked_at_its_own_address() -> None:
    assert simplify.first_ask(VISIT) == Ask(URL)
    with pytest.raises(ContractViolation):
        simplify.first_ask(Visit(Board("simplify", "x", "X"), NOW))


@pytest.mark.parametrize(
    ("address", "token"),
    [
        (URL, "Summer2027-Internships"),
        ("https://github.com/SimplifyJobs/Summer2027-Internships", None),
        ("https://raw.githubusercontent.com/a/b/dev/README.md", None),
    ],
)
def test_the_repository_is_the_token(address: str, token: str | None) -> None:
    assert simplify.find_token(urlsplit(address)) == token
