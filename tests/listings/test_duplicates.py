import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.duplicates import (
    MOST_OF_ONE_JOB,
    Candidate,
    build_company_key,
    build_title_key,
    canonicalise_url,
    group_duplicates,
    is_job_url,
)
from internflow.listings.places import resolve_places

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
LEVER = "https://jobs.lever.co/initech/9e4b7a52-1c3d-4f60-8a7b-0123456789ab"
GREENHOUSE = "https://boards.greenhouse.io/jobs/4423823"


def candidate(posting_id: str, **changes: object) -> Candidate:
    """A posting on a board of its own, the same job as all others but for the changes."""
    platform, board, _number = posting_id.split(":")
    plain = Candidate(
        posting_id, platform, board, f"https://{board}.example/careers", None,
        build_title_key("Software Engineer Intern, Payments"), "initech", ("Austin",), ("US",), NOW, is_window=True,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def listings_of(*candidates: Candidate) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for grouping in group_duplicates(candidates):
        groups.setdefault(grouping.listing_id, set()).add(grouping.posting_id)
    return {frozenset(group) for group in groups.values()}


def are_one(one: Candidate, other: Candidate) -> bool:
    return len(listings_of(one, other)) == 1


def test_the_first_sighting_names_the_listing_and_each_posting_says_why_it_belongs() -> None:
    first = candidate("lever:initech:1", canonical_url=LEVER, first_seen_at=NOW - timedelta(days=3))
    by_url = candidate("simplify:all:9", canonical_url=LEVER, title_key="other words")
    by_title = candidate("remotive:all:5")
    assert [(g.posting_id, g.listing_id, g.reason) for g in group_duplicates([by_title, by_url, first])] == [
        ("lever:initech:1", "lever:initech:1", "itself"),
        ("remotive:all:5", "lever:initech:1", "same_title"),
        ("simplify:all:9", "lever:initech:1", "same_url"),
    ]  # fmt: skip


def test_one_requisition_id_of_one_company_is_one_job_even_on_one_board() -> None:
    one = candidate("workday:initech:1", requisition_id="JR-0042")
    assert are_one(one, candidate("oracle:initech:2", requisition_id="jr0042"))
    assert are_one(one, candidate("workday:initech:2", requisition_id="JR-0042"))
    assert not are_one(
        one, candidate("workday:initech:2", requisition_id="JR-0042", cities=("Austin", "Dallas"))
    )
    assert not are_one(
        one, candidate("oracle:initech:2", requisition_id="JR-0042", company_key="initrode")
    )
    assert not are_one(
        one, candidate("oracle:initech:2", requisition_id="JR-0042", title_key="head of sales")
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"title_key": build_title_key("Software Engineering Internship - Payments")},
        {"title_key": build_title_key("Payments: Software Enginers Intern")},
        {"cities": ("austin", "Dallas")},
        {"cities": ()},
        {"first_seen_at": NOW + timedelta(days=60)},
        {"requisition_id": "N/A"},
    ],
)
def test_copies_in_other_words_are_found(changes: dict[str, object]) -> None:
    assert are_one(candidate("lever:initech:1"), candidate("simplify:all:2", **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"title_key": build_title_key("Software Engineer Intern, Risk")},
        {"title_key": build_title_key("Software Engineer Intern")},
        {"title_key": build_title_key("Software Engineer Intern, Payments 2")},
        {"title_key": build_title_key("Senior Software Engineer Intern, Payments")},
        {"title_key": build_title_key("Software Engineer Intern, Payments, Summer 2027")},
        {"cities": ("Boston",)},
        {"cities": (), "countries": ("CA",)},
        {"company_key": "initrode"},
        {"first_seen_at": NOW + timedelta(days=61)},
    ],
)
def test_other_jobs_stay_apart(changes: dict[str, object]) -> None:
    assert not are_one(candidate("lever:initech:1"), candidate("simplify:all:2", **changes))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"requisition_id": "R1001"}, {"requisition_id": "R1002"}),
        ({"cities": ("Austin",)}, {"cities": ("Boston",)}),
        ({"title_key": "engineer summer 2026"}, {"title_key": "engineer summer 2027"}),
        ({"title_key": "engineer intern summer"}, {"title_key": "engineer intern fall"}),
    ],
)
def test_not_even_one_address_joins_what_speaks_against_each_other(
    ours: dict[str, object], theirs: dict[str, object]
) -> None:
    one = candidate("simplify:a:1", canonical_url=LEVER, **ours)
    other = candidate("simplify:b:2", canonical_url=LEVER, **theirs)
    between = candidate("simplify:c:3", canonical_url=LEVER, cities=(), title_key="engineer")
    assert not are_one(one, other)
    assert len(listings_of(one, between, other)) == 2


def test_two_numbers_of_one_board_are_two_jobs_also_behind_a_third_board() -> None:
    one, other = candidate("lever:initech:1"), candidate("lever:initech:2")
    assert not are_one(one, other)
    assert len(listings_of(one, other, candidate("simplify:all:3"))) == 3


def test_two_addresses_of_one_job_system_are_two_jobs() -> None:
    one = candidate("simplify:interns:1", canonical_url=GREENHOUSE)
    other = candidate(
        "simplify:graduates:2", canonical_url="https://boards.greenhouse.io/jobs/4423824"
    )
    assert not are_one(one, other)


def test_two_boards_of_the_company_itself_need_the_very_same_words() -> None:
    one = candidate("lever:initech:1", is_window=False)
    assert are_one(one, candidate("ashby:initech:2", is_window=False))
    slip = build_title_key("Software Engineer Intern, Paymentz")
    assert are_one(one, candidate("simplify:all:2", title_key=slip))
    assert not are_one(one, candidate("ashby:initech:2", is_window=False, title_key=slip))


def test_a_copy_without_a_city_joins_no_one_of_several() -> None:
    austin = candidate("lever:initech:1")
    boston = candidate("lever:initech:2", cities=("Boston",))
    copy = candidate("simplify:all:3", cities=())
    assert len(listings_of(austin, copy)) == 1
    assert len(listings_of(austin, boston, copy)) == 3


def test_an_address_that_a_crowd_shares_identifies_nothing() -> None:
    crowd = [
        candidate(f"simplify:b{i}:1", canonical_url=LEVER, title_key=f"job {i}")
        for i in range(MOST_OF_ONE_JOB + 1)
    ]
    assert len(listings_of(*crowd)) == len(crowd)
    assert len(listings_of(*crowd[1:])) == 1


def test_shared_careers_pages_join_nothing() -> None:
    page = "https://initech.com/careers"
    one = candidate("simplify:a:1", canonical_url=page, title_key="data analyst intern")
    other = candidate("simplify:b:2", canonical_url=page, title_key="quality engineer intern")
    assert not are_one(one, other)


def test_names_without_letters_join_nothing() -> None:
    one = candidate("simplify:a:1", company_key="", title_key="")
    assert not are_one(one, candidate("simplify:b:2", company_key="", title_key=""))


TITLES = ("engineer intern", "engineer intern summer 2026", "engineering interns", "data intern")
CANDIDATES = st.lists(
    st.builds(
        lambda number, board, changes: candidate(f"{board}:{number}", **changes),
        st.integers(0, 10**6),
        st.sampled_from(("lever:initech", "ashby:initech", "simplify:all", "remotive:all")),
        st.fixed_dictionaries(
            {
                "canonical_url": st.sampled_from((LEVER, GREENHOUSE, "https://initech.com/jobs")),
                "requisition_id": st.sampled_from((None, "R1001", "R1002")),
                "title_key": st.sampled_from(tuple(map(build_title_key, TITLES))),
                "cities": st.sampled_from(((), ("Austin",), ("Boston",), ("Austin", "Boston"))),
                "first_seen_at": st.sampled_from([NOW + timedelta(days=40 * i) for i in range(3)]),
                "is_window": st.booleans(),
            }
        ),
    ),
    max_size=12,
    unique_by=lambda c: c.posting_id,
)


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_the_order_of_the_postings_does_not_matter(
    candidates: list[Candidate], shuffler: random.Random
) -> None:
    found = group_duplicates(candidates)
    shuffler.shuffle(candidates)
    assert group_duplicates(candidates) == found


@given(CANDIDATES)
def test_a_listing_never_holds_two_cities_or_requisitions_and_is_named_by_its_first(
    candidates: list[Candidate],
) -> None:
    by_id = {c.posting_id: c for c in candidates}
    for group in listings_of(*candidates):
        members = [by_id[posting_id] for posting_id in group]
        assert len({m.requisition_id for m in members} - {None}) <= 1
        assert not {("Austin",), ("Boston",)} <= {m.cities for m in members}
    for grouping in group_duplicates(candidates):
        mine, first = by_id[grouping.posting_id], by_id[grouping.listing_id]
        assert (first.first_seen_at, first.posting_id) <= (mine.first_seen_at, mine.posting_id)
        assert (grouping.reason == "itself") == (mine is first)


def test_ten_times_the_postings_take_about_ten_times_the_time() -> None:
    def measure(count: int) -> float:
        words = [f"team{i}" for i in range(50)]
        rows = [
            candidate(
                f"{('lever', 'simplify')[i % 2]}:b{i % 2}:{i}",
                title_key=f"software engineer intern {words[i % 50]}",
                company_key=f"company{i % 20}",
                cities=(f"city{i % 7}",),
            )
            for i in range(count)
        ]
        started = perf_counter()
        assert len(group_duplicates(rows)) == count
        return perf_counter() - started

    small = max(measure(2_000) for _ in range(3))
    assert min(measure(20_000) for _ in range(2)) < 40 * small  # squared it would be 100 times


def read_list(shared_data: Path, name: str) -> list[Candidate]:
    found = []
    for row in json.loads((shared_data / "listings" / "lists" / f"{name}.json").read_text()):
        places = resolve_places(tuple(row["locations"]))
        found.append(
            Candidate(
                posting_id=f"simplify:{name}:{row['id']}",
                platform="simplify",
                board=name,
                canonical_url=canonicalise_url(row["url"]),
                requisition_id=None,
                title_key=build_title_key(row["title"]),
                company_key=build_company_key(row["company_name"]),
                cities=tuple({p.city for p in places if p.city}),
                countries=tuple({p.country for p in places if p.country}),
                first_seen_at=datetime.fromtimestamp(row["date_posted"], UTC),
                is_window=True,
            )
        )
    return found


def test_real_lists_share_their_jobs_by_address(shared_data: Path) -> None:
    interns = read_list(shared_data, "internships_2024-10-15")
    graduates = read_list(shared_data, "newgrad_2024-10-25")
    reasons = Counter(g.reason for g in group_duplicates(interns + graduates))
    assert reasons["same_url"] >= 85
    assert (
        reasons["same_title"] == 0
    )  # a graduate's job is no copy of an internship of the same name
    listings = {g.posting_id: g.listing_id for g in group_duplicates(interns + graduates)}
    both = {c.canonical_url for c in interns} & {c.canonical_url for c in graduates}
    assert len({u for u in both if is_job_url(u)}) >= 22
    for one in interns:
        for other in (
            graduates if one.canonical_url in both and is_job_url(one.canonical_url) else ()
        ):
            if one.canonical_url == other.canonical_url:
                assert listings[one.posting_id] == listings[other.posting_id]


def test_real_lists_without_their_addresses_join_the_same_jobs_and_no_others(
    shared_data: Path,
) -> None:
    """Two issues of one list name each job by the same id, which the grouping does not see."""
    shifts = random.Random(1)
    new = [replace(c, canonical_url="") for c in read_list(shared_data, "internships_2024-10-15")]
    old = [
        replace(c, canonical_url="", first_seen_at=c.first_seen_at + timedelta(days=shifts.uniform(-20, 20)))
        for c in read_list(shared_data, "internships_2024-09-22")
    ]  # fmt: skip
    joined = [group for group in listings_of(*new, *old) if len(group) > 1]
    wrong = [group for group in joined if len({p.rpartition(":")[2] for p in group}) > 1]
    assert not wrong
    assert len(joined) > 0.85 * len(old)
