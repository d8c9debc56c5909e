"""Each filter in SQL narrows exactly as a plain predicate over the rows does."""

import random
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from internflow.errors import UserInputError
from internflow.listings.browsing import (
    Position,
    find_facets,
    find_listings,
    find_newest_sighting,
    find_public_listings,
    read_listing,
)
from internflow.listings.filters import (
    CONDITIONS,
    KINDS,
    PAID,
    SPONSORSHIPS,
    STATUSES,
    TRUST_LEVELS,
    WORK_MODELS,
    ListingFilters,
)
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from tests.dashboards.database import replace_listings

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
COUNTRIES = ("IN", "US", "DE")
CITIES = ("Bengaluru", "Austin", "Berlin")
ROLES = ("backend", "data", "other")
DEGREES = ("bachelor", "master", "phd")
TERMS = ("summer 2027", "Fall 2026", "6 months")
YEARS = (2026, 2027, 2028)

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
            "countries": dice.sample(COUNTRIES, dice.randrange(3)),
            "cities": dice.sample(CITIES, dice.randrange(3)),
            "role_family": dice.choice(ROLES),
            **build_pay(dice),
            "graduation_years": dice.sample(YEARS, dice.randrange(3)),
            "degrees": dice.sample(DEGREES, dice.randrange(3)),
            "terms": dice.sample(TERMS, dice.randrange(3)),
            "sponsorship": dice.choice(("offered", "not_offered", None)),
            "trust_level": dice.choice((*TRUST_LEVELS, "no_concern")),
            "is_ghost": dice.random() < 0.2,
            "apply_by": dice.choice((None, NOW.date() + timedelta(days=dice.randrange(-5, 40)))),
        }
        for number in range(240)
    ]


def build_pay(dice: random.Random) -> Row:
    """Unpaid, nothing said, words alone, one figure, or a range."""
    least = Decimal(dice.randrange(5, 60) * 1000)
    said, low, high = dice.choice(
        [(None, None, None), ("paid", None, None), ("x", least, least * 2), ("x", None, least)]
    )
    is_unpaid = said is None and dice.random() < 0.5
    return {
        "pay_quote": "no stipend" if is_unpaid else said,
        "is_unpaid": is_unpaid,
        "pay_inr_month_min": low,
        "pay_inr_month_max": high,
        "pay_usd_month_min": low and low / 80,
        "pay_usd_month_max": high and high / 80,
    }


ROWS = build_rows()
FACTS = (
    "countries", "cities", "role_family", "graduation_years", "degrees", "terms", "sponsorship", "trust_level",
    "is_ghost", "pay_quote", "is_unpaid", "pay_inr_month_min", "pay_inr_month_max",
)  # fmt: skip


@pytest.fixture
def listings(settings: Settings) -> Iterator[Connection]:
    """The rows in marts.listings, read by the role of the pages and the API."""
    rest = {
        "board": "b", "url": "https://x.example", "kind_words": [], "description_html": "",
        "content_hash": "", "date_kind": "exact", "last_seen_at": NOW,
    }  # fmt: skip
    columns = [*ROWS[0], *rest, "is_open"]
    replace_listings(settings)
    statement = f"copy marts.listings ({', '.join(columns)}) from stdin"
    with (
        connect(settings, "owner") as connection,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for row in ROWS:
            copy.write_row((*row.values(), *rest.values(), row["closed_at"] is None))
    with connect(settings, "app") as connection:
        yield connection


EVERYTHING = {"status": "any", "trust": "avoid", "include_ghosts": True}


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
    return (
        says_what_is_asked(row, filters)
        and fits_in_time(row, filters)
        and fits_the_student(row, filters)
    )


def says_what_is_asked(row: Row, filters: ListingFilters) -> bool:
    fields = (row["title"], row["company"], row["description_text"])
    place_words = filters.place.split()
    stated = "unpaid" if row["is_unpaid"] else "paid" if row["pay_quote"] else "unstated"
    return all((
        all(any(has_word(field, word) for field in fields) for word in filters.text.split()),
        not place_words or any(all(has_word(p, w) for w in place_words) for p in row["places"]),
        not filters.country or set(filters.country) & set(row["countries"]),
        not filters.city or lower(filters.city) & lower(row["cities"]),
        not filters.kind or row["kind"] in filters.kind,
        not filters.role_family or row["role_family"] in filters.role_family,
        not filters.work_model or (row["work_model"] or "unstated") in filters.work_model,
        lower(filters.skill) <= lower(row["skills"]),
        not filters.platform or row["platform"] in filters.platform,
        not filters.company or row["company"] in filters.company,
        not filters.paid or stated in filters.paid,
        filters.pay_at_least is None or pays(row, *filters.pay_at_least.split()),
    ))  # fmt: skip


def pays(row: Row, amount: str, currency: str) -> bool:
    field = f"pay_{currency.lower()}_month"
    least = row[f"{field}_min"] if row[f"{field}_min"] is not None else row[f"{field}_max"]
    return least is not None and least >= Decimal(amount)


def fits_the_student(row: Row, filters: ListingFilters) -> bool:
    years, worst = row["graduation_years"], TRUST_LEVELS.index(filters.trust)
    return all((
        filters.graduation_year is None or not years or filters.graduation_year in years,
        not filters.degree or not row["degrees"] or lower(filters.degree) & lower(row["degrees"]),
        not filters.term or lower(filters.term) & lower(row["terms"]),
        filters.sponsorship != "offered" or row["sponsorship"] == "offered",
        filters.sponsorship != "not_refused" or row["sponsorship"] != "not_offered",
        TRUST_LEVELS.index(row["trust_level"]) <= worst,
        filters.include_ghosts or not row["is_ghost"],
    ))  # fmt: skip


def fits_in_time(row: Row, filters: ListingFilters) -> bool:
    since = {name: NOW - timedelta(days=days or 0) for name, days in (
        ("posted", filters.posted_within_days), ("seen", filters.seen_within_days))}  # fmt: skip
    days_left = (row["apply_by"] - NOW.date()).days if row["apply_by"] else -1
    return all((
        filters.status == "any" or (row["closed_at"] is None) == (filters.status == "open"),
        not filters.deadline_within_days or 0 <= days_left <= filters.deadline_within_days,
        not filters.posted_within_days or (row["posted_at"] is not None and row["posted_at"] >= since["posted"]),
        not filters.seen_within_days or row["first_seen_at"] >= since["seen"],
        not filters.new_since or row["first_seen_at"] > filters.new_since,
    ))  # fmt: skip


def lower(words: Iterable[str]) -> set[str]:
    return {word.lower() for word in words}


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
    new_since=st.none() | st.integers(0, 40).map(lambda days: NOW - timedelta(days=days, hours=2)),
    deadline_within_days=st.none() | st.integers(1, 40),
    country=some((*COUNTRIES, "in", "FR")),
    city=some((*CITIES, "bengaluru", "Paris")),
    role_family=some((*ROLES, "nothing")),
    paid=some(PAID),
    pay_at_least=st.none() | st.sampled_from(("15000 INR", "500 USD", "1 INR", "999999999 USD")),
    graduation_year=st.none() | st.sampled_from((2025, *YEARS)),
    degree=some((*DEGREES, "PhD", "mba")),
    term=some((*TERMS, "Summer 2027", "winter 2030")),
    sponsorship=st.none() | st.sampled_from(SPONSORSHIPS),
    trust=st.sampled_from(TRUST_LEVELS),
    include_ghosts=st.booleans(),
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
    "posted_within_days": 7, "seen_within_days": 7, "new_since": NOW - timedelta(days=7),
    "deadline_within_days": 7, "country": ("IN",), "city": ("bengaluru",), "role_family": ("data",),
    "paid": ("unpaid",), "pay_at_least": "30000 INR", "graduation_year": 2027, "degree": ("PhD",),
    "term": ("Summer 2027",), "sponsorship": "not_refused", "trust": "no_concern",
    "include_ghosts": False,
}  # fmt: skip


def test_every_filter_has_a_condition_and_is_tested() -> None:
    assert set(SINGLE_FILTERS) == set(ListingFilters.model_fields) == set(CONDITIONS)


@pytest.mark.parametrize(
    ("name", "value"),
    [*SINGLE_FILTERS.items(), ("sponsorship", "offered"), ("paid", ("paid", "unstated")),
     ("pay_at_least", "400 USD"), ("trust", "check"), ("status", "open")],
)  # fmt: skip
def test_each_filter_alone_keeps_what_fits_and_leaves_out_what_does_not(
    listings: Connection, name: str, value: object
) -> None:
    filters = ListingFilters.model_validate(EVERYTHING | {name: value})
    page = find_listings(listings, filters, now=NOW, limit=1000)
    found = {listing.posting_id for listing in page.listings}
    assert found == {row["posting_id"] for row in ROWS if fits(row, filters)}
    assert 0 < len(found) < len(ROWS)


def test_a_listing_without_facts_is_shown_until_a_filter_asks_for_one(
    settings: Settings, listings: Connection
) -> None:
    with connect(settings, "owner") as owner:
        owner.execute("delete from marts.listings where posting_id <> 'p000'")
        owner.execute(
            "update marts.listings set is_open = true, "
            + ", ".join(f"{name} = null" for name in FACTS)
        )
    asked: dict[str, object] = {
        "graduation_year": 2027, "degree": ["phd"], "sponsorship": "not_refused", "trust": "no_concern",
        "paid": ["unstated"], "country": ["IN"], "city": ["Berlin"], "role_family": ["data"],
        "term": ["6 months"], "pay_at_least": "1 INR",
    }  # fmt: skip
    shown = {
        name
        for name, value in ({"status": "open"} | asked).items()
        if find_listings(
            listings, ListingFilters.model_validate({name: value}), now=NOW, limit=9
        ).listings
    }
    lenient = {"graduation_year", "degree", "sponsorship", "trust", "paid", "status"}
    assert shown == lenient


def test_public_listings_are_the_same_without_matches(listings: Connection) -> None:
    filters = ListingFilters.model_validate(EVERYTHING)
    public = find_public_listings(listings, filters, now=NOW, limit=50)
    assert public == find_listings(listings, filters, now=NOW, limit=50)


def test_order_by_deadline_and_by_first_sighting(listings: Connection) -> None:
    filters = ListingFilters(deadline_within_days=3650)
    by_deadline = find_listings(listings, filters, now=NOW, limit=500, order="deadline").listings
    dates = [listing.apply_by for listing in by_deadline]
    assert dates == sorted(d for d in dates if d)
    by_sighting = find_listings(listings, filters, now=NOW, limit=500, order="seen").listings
    seen = [listing.first_seen_at for listing in by_sighting]
    assert seen == sorted(seen, reverse=True)
    assert find_newest_sighting(listings) == max(row["first_seen_at"] for row in ROWS)


def test_find_listings_pages_by_cursor_give_each_listing_once_in_order(
    listings: Connection,
) -> None:
    filters = ListingFilters.model_validate(EVERYTHING)
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
    filters = ListingFilters.model_validate(EVERYTHING)
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
    [{"kinds": ["internship"]}, {"kind": ["job"]}, {"text": "a\x00b"}, {"posted_within_days": 0}, {"status": "all"},
     {"country": ["India"]}, {"pay_at_least": "15000"}, {"pay_at_least": "0 INR"}, {"pay_at_least": "9 EUR"},
     {"graduation_year": 27}, {"sponsorship": "any"}, {"trust": "none"}, {"paid": ["yes"]},
     {"new_since": "2026-06-01T00:00:00"}, {"include_ghosts": "perhaps"}, {"deadline_within_days": -1}],
)  # fmt: skip
def test_filter_that_cannot_be_applied_is_refused_by_name(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ListingFilters.model_validate(wrong)


def test_facets_name_what_there_is(listings: Connection) -> None:
    facets = find_facets(listings)
    assert set(facets.skills) == set(SKILLS)
    assert set(facets.platforms) == set(PLATFORMS)
    assert set(facets.companies) == set(COMPANIES)
    assert set(facets.countries) == set(COUNTRIES)
    assert set(facets.cities) == set(CITIES)
    assert set(facets.role_families) == set(ROLES)
    assert set(facets.degrees) == set(DEGREES)
    assert set(facets.terms) == set(TERMS)
    assert facets.graduation_years == YEARS


def test_read_listing_gives_one_or_none(listings: Connection) -> None:
    listing = read_listing(listings, "p007")
    assert listing is not None
    assert listing.title == ROWS[7]["title"]
    assert listing.match is None
    assert read_listing(listings, "p999") is None
    assert read_listing(listings, "p\x00") is None
