"""What is cached is cached per student."""

import inspect

import pytest

from dashboards import loading
from dashboards.finding_queries import LedgerFilters
from dashboards.state import ListingQuery
from internflow.errors import UserInputError
from internflow.settings import Settings
from tests.dashboards.seeding import ADA, ADAS_REPOSITORY, BOB, BOBS_REPOSITORY

CACHED = [
    value
    for name, value in vars(loading).items()
    if name.startswith(("load_", "render_")) and value.__module__ == loading.__name__
]


def test_every_cached_function_is_keyed_by_the_student() -> None:
    assert len(CACHED) > 10
    for function in CACHED:
        parameters = list(inspect.signature(function).parameters)
        assert parameters[0] == "student_id", function.__name__
        assert not [p for p in parameters if p.startswith("_")], "Streamlit leaves these out"


def test_rows_cached_for_one_student_are_not_served_to_another(pages: Settings) -> None:
    assert [f.message for f in loading.load_ledger(ADA, ADAS_REPOSITORY, LedgerFilters(), 1)] == [
        "eval() runs whatever the text says"
    ]
    assert loading.load_ledger(BOB, ADAS_REPOSITORY, LedgerFilters(), 1) == []
    assert loading.load_ledger(None, ADAS_REPOSITORY, LedgerFilters(), 1) == []
    assert [r.repo_id for r in loading.load_repositories(ADA)] == [ADAS_REPOSITORY]
    assert [r.repo_id for r in loading.load_repositories(BOB)] == [BOBS_REPOSITORY]
    assert loading.load_repositories(None) == []
    assert loading.load_resume(ADA) is not None
    assert loading.load_resume(BOB) is None
    names = [loading.load_student_name(student) for student in (ADA, BOB, None)]
    assert names == ["Ada", "Bob", None]


def test_matches_of_one_student_are_not_shown_to_another(pages: Settings) -> None:
    query = ListingQuery(text="Engineering")
    scored = {
        student: {
            listing.posting_id
            for listing in loading.load_listings(student, query).listings
            if listing.match
        }
        for student in (ADA, BOB, None)
    }
    assert scored == {ADA: {"ashby:orbit:3"}, BOB: {"ashby:orbit:4"}, None: set()}


def test_resume_is_rendered_once_as_pdf_and_as_picture(pages: Settings) -> None:
    resume = loading.load_resume(ADA)
    assert resume is not None
    pdf, picture = loading.render_resume(ADA, resume.document_hash)
    assert pdf.startswith(b"%PDF-")
    assert picture.startswith(b"\x89PNG")
    with pytest.raises(UserInputError, match="reload"):
        loading.render_resume(BOB, resume.document_hash)
