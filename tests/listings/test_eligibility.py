"""Who may apply, by the words of a posting."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.eligibility import find_eligibility


def find(title: str, description: str, field: str) -> Any:
    return getattr(find_eligibility(title, description), field)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Open to the 2026 batch.", (2026,)),
        ("2025/2026 batch only", (2025, 2026)),
        ("Graduating between Dec 2026 and June 2027", (2026, 2027)),
        ("You belong to the class of 2027.", (2027,)),
        ("Expected graduation date: May 2028", (2028,)),
        ("Batch of 2026-2028", (2026, 2027, 2028)),
        ("Year of passing: 2026", (2026,)),
        ("Graduating in '26 or '27", (2026, 2027)),
        ("Founded in 2021 by graduates of a university, since 2022 in Berlin.", ()),
        ("We have grown fast since 2019.", ()),
        ("4 years of experience with graduate students in 2024", ()),
        ("A graduate degree is a plus.", ()),
    ],
)
def test_graduation_years_are_those_of_the_candidate(text: str, years: tuple[int, ...]) -> None:
    assert find("Engineer", text, "graduation_years") == years


def test_the_title_of_a_job_for_graduates_names_their_year() -> None:
    assert find("University Graduate 2027 - Engineer", "", "graduation_years") == (2027,)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("Bachelor's degree in computer science", ("bachelor",)),
        ("BS/MS/PhD in a STEM field", ("bachelor", "master", "phd")),
        ("B.E/B.Tech/M.Tech/MCA students", ("bachelor", "master")),
        ("BSc or MSc in physics", ("bachelor", "master")),
        ("Pursuing an undergraduate degree or a Ph.D.", ("bachelor", "phd")),
        ("Diploma or B. Tech in electronics", ("bachelor", "diploma")),
        ("An MBA is a plus", ("mba",)),
        ("You will be a scrum master of master data in MS Office", ()),
        ("High school diploma or GED", ()),
        ("Founded by PhDs from good places", ()),
    ],
)
def test_degrees_are_read_in_many_spellings(text: str, degrees: tuple[str, ...]) -> None:
    assert find("Engineer", text, "degrees") == degrees


@pytest.mark.parametrize(
    ("title", "text", "terms"),
    [
        ("Software Intern - Summer 2027", "", ("summer 2027",)),
        ("Co-op, Fall 2026 (8 months)", "", ("fall 2026", "8 months")),
        ("Intern", "The internship starts in January 2027.", ("jan 2027",)),
        ("Intern", "Duration: 6 months", ("6 months",)),
        ("Intern", "A 10-12 week internship", ("10-12 weeks",)),
        ("Intern", "6 months of experience with internship programs", ()),
        ("Intern", "We raised money in summer 2024.", ()),
        ("Intern", "Expected graduation in May 2027, then start", ()),
    ],
)
def test_terms_are_when_and_how_long(title: str, text: str, terms: tuple[str, ...]) -> None:
    assert find(title, text, "terms") == terms


@pytest.mark.parametrize(
    ("text", "sponsorship"),
    [
        ("We are not able to sponsor visas.", "not_offered"),
        ("We will not sponsor applicants for work visas.", "not_offered"),
        ("This role does not offer visa sponsorship.", "not_offered"),
        ("Visa sponsorship is not available.", "not_offered"),
        (
            "You may work in the country without the need for visa sponsorship.",
            "not_offered",
        ),
        ("Visa sponsorship available", "offered"),
        (
            "We do sponsor visas! However, we aren't able to sponsor visas for every role.",
            "offered",
        ),
        ("Access under export laws without sponsorship for an export license", None),
        ("We sponsor a football club.", None),
        ("Executive sponsorship of projects", None),
    ],
)
def test_sponsorship_is_offered_refused_or_not_mentioned(
    text: str, sponsorship: str | None
) -> None:
    assert find("Engineer", text, "sponsorship") == sponsorship


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Must be a U.S. citizen", "US"),
        ("US citizens only", "US"),
        ("US citizenship is required", "US"),
        ("Must be a U.S. Person due to export law", "US"),
        ("Applicant must be a (i) U.S. citizen or national, (ii) resident", "US"),
        ("Only Indian nationals may apply", "IN"),
        ("Must be a Singapore Citizen", "SG"),
        ("No discrimination by national origin, citizenship or age", None),
        ("US citizenship preferred", None),
        ("An active security clearance is required", None),
        ("We serve U.S. citizens", None),
    ],
)
def test_citizenship_is_named_only_where_it_is_required(text: str, country: str | None) -> None:
    assert find("Engineer", text, "citizenship") == country


def test_each_field_that_says_something_has_its_quote() -> None:
    found = find_eligibility(
        "Intern", "About us\n- US citizens only. Good luck!\n- Open to the 2027 batch"
    )
    assert found.quotes == {
        "graduation_years": "- Open to the 2027 batch",
        "citizenship": "- US citizens only",
    }


PIECES = st.sampled_from(
    [
        "graduating ", "2027 ", "batch of ", "B.Tech ", "PhD", ". ", "\n", "sponsor ", "not ", "visa ", "U.S. ",
        "citizen ", "must be a ", "summer ", "6 months ", "internship ", "İ", "\u0000", "ß",
    ]
)  # fmt: skip


@given(st.text(), st.text() | st.lists(PIECES).map("".join))
def test_quotes_stand_in_the_posting_whatever_it_says(title: str, description: str) -> None:
    found = find_eligibility(title, description)
    source = f"{title}\n{description}"
    fields = ("graduation_years", "degrees", "terms", "sponsorship", "citizenship")
    assert set(found.quotes) == {field for field in fields if getattr(found, field)}
    assert all(quote in source for quote in found.quotes.values())


@pytest.mark.parametrize(
    "unit",
    [
        "graduate ", "2027 ", "U.S. ", "must be a ", "sponsor", "not visa ", "B.", "6 months ", "summer ", "citizen",
        "without a ", "master", "a", "\n",
    ],
)  # fmt: skip
def test_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.perf_counter()
    find_eligibility("Intern", text)
    assert time.perf_counter() - started < 4
