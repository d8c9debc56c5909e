"""Scores a listing for a student and says why, in sentences that can be checked. Pure.

score = 0.6 x text similarity + 0.4 x share of the skills asked for; similarity alone where no skill is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SCORER = "similarity-coverage-1"
SIMILARITY_WEIGHT = 0.6
COVERAGE_WEIGHT = 0.4
MOST_PLACES = 3


@dataclass(frozen=True)
class Listing:
    """What of a listing counts for a match."""

    posting_id: str
    kind: str
    places: tuple[str, ...]
    work_model: str | None
    skills: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A listing's score in [0, 1] with its parts."""

    posting_id: str
    score: float
    similarity: float
    skills_covered: tuple[str, ...]
    skills_missing: tuple[str, ...]
    reasons: tuple[str, ...]


def score_listing(listing: Listing, skills: Sequence[str], similarity: float) -> Match:
    """Score a listing for somebody with these skills; `similarity` is the cosine of the two texts."""
    asked = tuple(dict.fromkeys(listing.skills))
    covered = tuple(skill for skill in asked if skill in skills)
    missing = tuple(skill for skill in asked if skill not in skills)
    near = round(min(max(similarity, 0.0), 1.0), 4)
    score = near
    if asked:
        score = SIMILARITY_WEIGHT * near + COVERAGE_WEIGHT * len(covered) / len(asked)
    reasons = [
        *_explain_skills(asked, covered, missing),
        _explain_place(listing),
        f"Text similarity {near:.2f}",
    ]
    return Match(listing.posting_id, round(score, 4), near, covered, missing, tuple(reasons))


def _explain_skills(
    asked: Sequence[str], covered: Sequence[str], missing: Sequence[str]
) -> list[str]:
    if not asked:
        return ["Names no skill that can be compared"]
    share = f"{len(covered)} of {len(asked)} skills asked for"
    reasons = [f"{share}: {', '.join(covered)}" if covered else share]
    return [*reasons, f"Missing: {', '.join(missing)}"] if missing else reasons


def _explain_place(listing: Listing) -> str:
    text = listing.kind.capitalize()
    if listing.work_model:
        text = f"{text}, {listing.work_model.replace('_', ' ')}"
    if listing.places:
        text = f"{text} in {'; '.join(listing.places[:MOST_PLACES])}"
    more = len(listing.places) - MOST_PLACES
    return f"{text} and {more} more" if more > 0 else text
