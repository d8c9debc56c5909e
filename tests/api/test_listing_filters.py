"""Each filter in SQL narrows exactly as a plain predicate over the rows does."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from internflow.errors import UserInputError
from internflow.listings.browsing import (
    CONDITIONS,
    KINDS,
    STATUSES,
    WORK_MODELS,
    ListingFilters,
    Position,
    find_facets,
    find_listings,
    read_listing,
)
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORDS = (
    "Data",
    "Google",
    "Go",
    "C++",
    "Java",
    "JavaScript",
    "R&D",
    "100%",
    "O'Neil",
    "straße",
    "_id",
    "us",
)
PLACES = (
    "Berlin, Germany",
    "Austin, TX",
    "US",
    "San Francisco, CA",
    "Toronto, Canada",
    "Remote - US",
)
SKILLS = ("Python", "Go", "SQL", "C++")
COMPANIES = ("Orbit", "Acme; drop table marts.listings", "Ünal's")
PLATFORMS = ("ashby", "greenhouse", "lever")

Row = dict[str, Any]


def build_rows() -> list[Row]:
    dice = random.Random(7)  # the same rows in every run
    return [
        {
            "posting_id": f"p{number:03}",
            "platform": dice.choice(PLATFORMS),
            "company": dice.choice(COMPANIES),
            "title": " ".join(dice.choices(WORDS, k=2)),
            "places": dice.sample(PLACES, dice.randrange(3)),
            "work_model": dice.choice(("remote", "hybrid", "on_site", None)),
            "kind": dice.choice(KINDS),
            "skills": dice.sample(SKILLS, dice.randrange(4)),
            "description_text": " ".join(dice.choices(WORDS, k=3)),
            "posted_at": dice.choice((None, NOW - timedelta(days=dice.randrange(40), hours=1))),
            "first_seen_at": NOW - timedelta(days=dice.randrange(40), hours=2),
            "closed_at": dice.choice((None, NOW)),
        }
        for number in range(160)
    ]


ROWS = build_rows()


@pytest.fixture
def listings(settings: Settings) -> Iterator[Connection]:
    """The rows in marts.listings, read by the role of the pages and the API."""
    rest = {
        "board": "b", "url": "https://x.example", "kind_words": [], "description_html": "",
        "content_hash": "", "date_kind": "exact", "last_seen_at": NOW,
    }  # fmt: skip
    columns = [*ROWS[0], *rest, "is_open"]
    with connect(settings, "owner") as connection, connection.cursor() as cursor:
        cursor.execute("truncate marts.listings")
        with cursor.copy(f"copy marts.listings ({', '.join(columns)}) from stdin") as copy:
            for row in ROWS:
                copy.write_row((*row.values(), *rest.values(), row["closed_at"] is None))
    with connect(settings, "app") as connection:
        yield connection


def has_word(text: str, word: str) -> bool:
    """The law in words: at the beginning of a word; whole when short and ending in a letter or digit."""
    for found in re.finditer(re.escape(word), text, re.IGNORECASE):
        before, after = text[: found.start()][-1:], text[found.end() :][:1]
        starts = not word[0].isalnum() or not re.match(r"\w", before)
        ends = len(word) > 3 or not word[-1].isalnum() or not re.match(r"\w", after)
        if starts and ends:
            return True
    return False


def fits(row: Row, filters: ListingFilters) -> bool:
    fields = (row["title"], row["company"], row["description_text"])
    since = {name: NOW - timedelta(days=days or 0) for name, days in (
        ("posted", filters.posted_within_days), ("seen", filters.seen_within_days))}  # fmt: skip
    place_words = filters.place.split()
    return all((
        all(any(has_word(field, word) for field in fields) for word in filters.text.split()),
        not place_words or any(all(has_word(p, w) for w in place_words) for p in row["places"]),
        not filters.kind or row["kind"] in filters.kind,
        not filters.work_model or (row["work_model"] or "unstated") in filters.work_model,
        {s.lower() for s in filters.skill} <= {s.lower() for s in row["skills"]},
        not filters.platform or row["platform"] in filters.platform,
        not filters.company or row["company"] in filters.company,
        filters.status == "any" or (row["closed_at"] is None) == (filters.status == "open"),
        not filters.posted_within_days or (row["posted_at"] is not None and row["posted_at"] >= since["posted"]),
        not filters.seen_within_days or row["first_seen_at"] >= since["seen"],
    ))  # fmt: skip


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


HOSTILE = ("'; drop table marts.listings; --", "%", "\\", "(", "[a", "%(kind)s", "{}", "***", "$1")
FILTERS = st.builds(
    ListingFilters,
    text=st.lists(st.sampled_from((*WORDS, "dat", "goo", *HOSTILE)), max_size=2).map(" ".join),
    place=st.lists(st.sampled_from(("us", "ca", "Berl", "Canada", "TX", *HOSTILE)), max_size=2).map(
        " ".join
    ),
    kind=some(KINDS),
    work_model=some(WORK_MODELS),
    skill=some((*SKILLS, "python", "Rust")),
    platform=some((*PLATFORMS, "nowhere")),
    company=some((*COMPANIES, "Nobody")),
    status=st.sampled_from(STATUSES),
    posted_within_days=st.none() | st.integers(1, 40),
    seen_within_days=st.none() | st.integers(1, 40),
)


@given(filters=FILTERS)
@hypothesis_settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the rows never change
)
def test_find_listings_any_filters_agree_with_predicate(
    listings: Connection, filters: ListingFilters
) -> None:
    page = find_listings(listings, filters, now=NOW, limit=1000)
    expected = {row["posting_id"] for row in ROWS if fits(row, filters)}
    assert {listing.posting_id for listing in page.listings} == expected
    assert page.total_count == len(expected)


SINGLE_FILTERS = {
    "text": "java", "place": "us", "kind": ("internship",), "work_model": ("unstated",),
    "skill": ("python", "SQL"), "platform": ("lever",), "company": ("Ünal's",), "status": "closed",
    "posted_within_days": 7, "seen_within_days": 7,
}  # fmt: skip


def test_find_listings_each_filter_alone_narrows(listings: Connection) -> None:
    assert set(SINGLE_FILTERS) == set(ListingFilters.model_fields) == set(CONDITIONS)
    for name, value in SINGLE_FILTERS.items():
        filters = ListingFilters.model_validate({"status": "any", name: value})
        page = find_listings(listings, filters, now=NOW, limit=1000)
        found = {listing.posting_id for listing in page.listings}
        assert found == {row["posting_id"] for row in ROWS if fits(row, filters)}, name
        assert 0 < len(found) < len(ROWS), name


def test_find_listings_pages_by_cursor_give_each_listing_once_in_order(
    listings: Connection,
) -> None:
    filters = ListingFilters(status="any")
    seen: list[tuple[datetime, str]] = []
    after = None
    while True:
        page = find_listings(listings, filters, now=NOW, limit=37, after=after)
        if not page.listings:
            break
        seen += [(listing.newest_at, listing.posting_id) for listing in page.listings]
        after = Position.from_cursor(Position(*seen[-1]).to_cursor())
        assert page.total_count == len(ROWS)
    assert len(seen) == len(set(seen)) == len(ROWS)
    assert seen == sorted(seen, key=lambda key: (-key[0].timestamp(), key[1]))


def test_find_listings_offset_continues_where_the_page_before_ended(listings: Connection) -> None:
    filters = ListingFilters(status="any")
    whole = find_listings(listings, filters, now=NOW, limit=60).listings
    second = find_listings(listings, filters, now=NOW, limit=30, offset=30).listings
    assert whole[30:] == second


@pytest.mark.parametrize(
    "cursor", ["", "x", "bnVsbA==", "WzEsMl0=", "WyIyMDI2LTAxLTAxIiwgInAiXQ==", "ä"]
)
def test_cursor_that_nobody_wrote_is_refused(cursor: str) -> None:
    with pytest.raises(UserInputError, match="cursor"):
        Position.from_cursor(cursor)


@pytest.mark.parametrize(
    "wrong",
    [{"kinds": ["internship"]}, {"kind": ["job"]}, {"text": "a\x00b"}, {"posted_within_days": 0}, {"status": "all"}],
)  # fmt: skip
def test_filter_that_cannot_be_applied_is_refused_by_name(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ListingFilters.model_validate(wrong)


def test_facets_name_what_there_is(listings: Connection) -> None:
    facets = find_facets(listings)
    assert set(facets.skills) == set(SKILLS)
    assert set(facets.platforms) == set(PLATFORMS)
    assert set(facets.companies) == set(COMPANIES)


def test_read_listing_gives_one_or_none(listings: Connection) -> None:
    listing = read_listing(listings, "p007")
    assert listing is not None
    assert listing.title == ROWS[7]["title"]
    assert listing.match is None
    assert read_listing(listings, "p999") is None
    assert read_listing(listings, "p\x00") is None
