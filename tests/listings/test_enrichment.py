"""Kinds of postings, and the facts kept of them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from internflow.listings.enrichment import enrich_postings, find_kind
from internflow.listings.loading import load_landing
from internflow.settings import Settings
from internflow.warehouse.connections import connect
from internflow.warehouse.merge import MergeCounts

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "employment_type", "kind", "words"),
    [
        ("Software Engineering Intern", None, "internship", ("Intern",)),
        (
            "Data Internship - Summer INTERNSHIP",
            "FullTime",
            "internship",
            ("Internship", "INTERNSHIP"),
        ),
        ("Research Engineer", "Intern", "internship", ("Intern",)),
        ("Software Co-op", None, "internship", ("Co-op",)),
        ("Working Student (m/f/d)", "PartTime", "internship", ("Working Student",)),
        ("Internal Auditor", None, "other", ()),
        ("International Sales Lead", "FullTime", "other", ()),
        ("Internist", None, "other", ()),
        ("Intern Program Manager", None, "other", ()),
        ("Recruiter, Internships", None, "other", ()),
        ("Software Engineer, Intern (University Recruiting)", None, "internship", ("Intern",)),
        ("Electronics Apprentice", None, "apprenticeship", ("Apprentice",)),
        ("Technician", "Apprenticeship", "apprenticeship", ("Apprenticeship",)),
        ("Software Engineer, New Grad 2027", None, "new_graduate", ("New Grad",)),
        ("Graduate Engineer Trainee", None, "new_graduate", ("Graduate Engineer Trainee",)),
        ("Senior Engineer", "FullTime", "other", ()),
    ],
)
def test_kind_comes_with_the_words_that_decided(
    title: str, employment_type: str | None, kind: str, words: tuple[str, ...]
) -> None:
    found = find_kind(
        title,
        employment_type,
        "An internship elsewhere is a plus. We are an international company.",
    )
    assert (found.kind, found.words) == (kind, words)


def test_a_description_decides_only_when_it_speaks_of_this_job() -> None:
    assert find_kind("Engineer", None, "This 12-week internship is paid.").words == (
        "This 12-week internship",
    )
    assert find_kind("Engineer", None, "Worked as an intern before.").kind == "other"


def test_facts_are_computed_once_and_again_when_the_posting_changes(
    settings: Settings, land: Callable[..., Path]
) -> None:
    landing_dir = land("run", NOW, ["1", "2"])
    with connect(settings, "pipeline") as connection:
        load_landing(connection, landing_dir, "run", closing_share=0.5)
        assert enrich_postings(connection) == MergeCounts(inserted=2)
        assert enrich_postings(connection) == MergeCounts()
        connection.execute(
            "update raw.postings set title = 'Rust Engineer', content_hash = 'new' where external_id = '2'"
        )
        assert enrich_postings(connection) == MergeCounts(updated=1)
        connection.execute("update ai.posting_facts set rules_version = 'old'")
        assert enrich_postings(connection) == MergeCounts(updated=2)
        facts = connection.execute(
            "select kind, kind_words, skills from ai.posting_facts order by posting_id"
        ).fetchall()
    assert facts == [
        {"kind": "internship", "kind_words": ["Intern"], "skills": ["Python", "SQL"]},
        {"kind": "other", "kind_words": [], "skills": ["Rust", "Python", "SQL"]},
    ]
