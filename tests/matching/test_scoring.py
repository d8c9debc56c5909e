import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.matching.profile import build_profile
from internflow.matching.scoring import Listing, score_listing
from internflow.resumes.evidence import Evidence

NAMES = st.lists(
    st.sampled_from(["Python", "SQL", "dbt", "Kubernetes", "React", "Go"]), unique=True
)
SIMILARITIES = st.floats(-1, 1)


def offer(
    *skills: str,
    kind: str = "internship",
    places: tuple[str, ...] = (),
    work_model: str | None = None,
) -> Listing:
    return Listing("greenhouse:acme:1", kind, places, work_model, skills)


def test_reasons_say_what_is_asked_covered_missing_where_and_how_near() -> None:
    listing = offer("Python", "SQL", "dbt", "Kubernetes", "Go", places=("Bengaluru",))
    match = score_listing(listing, ["SQL", "Python", "dbt", "React"], 0.456)
    assert match.reasons == (
        "3 of 5 skills asked for: Python, SQL, dbt",
        "Missing: Kubernetes, Go",
        "Internship in Bengaluru",
        "Text similarity 0.46",
    )
    assert match.skills_covered == ("Python", "SQL", "dbt")
    assert match.skills_missing == ("Kubernetes", "Go")
    assert match.score == pytest.approx(0.6 * 0.456 + 0.4 * 3 / 5)


def test_listing_that_names_no_skill_is_scored_by_similarity_alone() -> None:
    match = score_listing(offer(), ["Python"], 0.3)
    assert match.score == 0.3
    assert match.reasons[0] == "Names no skill that can be compared"


def test_nothing_covered_and_nothing_missing_are_said_plainly() -> None:
    assert score_listing(offer("Go"), ["SQL"], 0).reasons[:2] == (
        "0 of 1 skills asked for",
        "Missing: Go",
    )
    assert score_listing(offer("Go"), ["Go"], 0).reasons[:2] == (
        "1 of 1 skills asked for: Go",
        "Internship",
    )


@pytest.mark.parametrize(
    ("listing", "reason"),
    [
        (offer(kind="apprenticeship"), "Apprenticeship"),
        (offer(work_model="remote"), "Internship, remote"),
        (offer(work_model="on_site", places=("Pune",)), "Internship, on site in Pune"),
        (
            offer(places=("Pune", "Delhi", "Goa", "Kochi", "Agra")),
            "Internship in Pune; Delhi; Goa and 2 more",
        ),
    ],
)
def test_kind_and_place_are_said_as_the_listing_has_them(listing: Listing, reason: str) -> None:
    assert reason in score_listing(listing, [], 0.5).reasons


@given(NAMES, NAMES, SIMILARITIES)
def test_score_lies_between_zero_and_one_and_splits_what_is_asked(
    asked: list[str], skills: list[str], similarity: float
) -> None:
    match = score_listing(offer(*asked), skills, similarity)
    assert 0 <= match.score <= 1
    assert sorted([*match.skills_covered, *match.skills_missing]) == sorted(asked)
    assert set(match.skills_covered) <= set(skills)
    assert score_listing(offer(*asked), list(reversed(skills)), similarity) == match


@given(NAMES, NAMES, SIMILARITIES, SIMILARITIES)
def test_nearer_text_or_one_more_skill_never_lowers_the_score(
    asked: list[str], skills: list[str], one: float, other: float
) -> None:
    listing = offer(*asked)
    assert (
        score_listing(listing, skills, max(one, other)).score
        >= score_listing(listing, skills, min(one, other)).score
    )
    assert (
        score_listing(listing, [*skills, "Go"], one).score
        >= score_listing(listing, skills, one).score
    )


def test_profile_is_made_of_evidence_and_subjects_with_skills_first() -> None:
    def quote(kind: str, name: str, text: str) -> Evidence:
        return Evidence("a" * 16, kind, name, "c" * 40, "a.py", 1, 1, text)

    profile = build_profile(
        [
            quote("skill", "Flask", "import flask"), quote("language", "Python", "import os"),
            quote("symbol", "a.py:create_order", "def create_order():"),
            quote("readme", "README.md", "A **shop** for books. It is big."),
        ],
        ["Add orders"],
    )  # fmt: skip
    assert profile.skills == ("Flask", "Python")
    assert profile.text.split("\n") == [
        "Software engineering internship.",
        "Skills: Flask, Python.",
        "A shop for books.",
        "Code: create_order.",
        "Add orders",
    ]
