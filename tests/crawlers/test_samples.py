"""The sample boards of the demo: what they must show, and that their hostile posting is harmless."""

from datetime import UTC, datetime

import pytest

from crawlers.platform import Ask, Page, Visit
from crawlers.platforms import PLATFORMS
from crawlers.replay_server import SAMPLES
from internflow.listings.boards import find_platforms, read_boards
from internflow.listings.kind import find_kind
from internflow.listings.posting import Posting
from internflow.listings.skills import find_skills

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def postings() -> list[Posting]:
    found: list[Posting] = []
    for name in find_platforms(SAMPLES / "boards"):
        for board in read_boards(name, SAMPLES / "boards"):
            (path,) = (SAMPLES / name).glob(f"{board.token}.*")
            page = Page(Ask(board.url or "https://x.example"), path.read_bytes())
            parsed = PLATFORMS[name].parse_postings(page, Visit(board, NOW))
            assert parsed.dropped == ()
            assert (parsed.reported_count or 0) <= len(parsed.postings)
            found.extend(parsed.postings)
    return found


def test_every_kind_of_job_is_there_and_most_are_internships(postings: list[Posting]) -> None:
    kinds = [find_kind(p.title, p.employment_type, p.description_text).kind for p in postings]
    assert kinds.count("internship") > len(kinds) / 2
    assert {kind: kinds.count(kind) for kind in ("apprenticeship", "new_graduate")} == {
        "apprenticeship": 1,
        "new_graduate": 2,
    }


def test_sample_postings_name_technologies_and_places(postings: list[Posting]) -> None:
    skills = {skill for p in postings for skill in find_skills(p.description_text)}
    wanted = {
        "Python",
        "SQL",
        "PostgreSQL",
        "dbt",
        "React",
        "Kubernetes",
        "Go",
        "PyTorch",
        "Apache Airflow",
        "Scrapy",
        "C++",
        "C",
    }
    assert wanted <= skills
    places = {place for p in postings for place in p.places}
    assert {"Bengaluru, Karnataka, India", "Remote - India"} <= places
    assert {"remote", "hybrid", "on_site"} <= {p.work_model for p in postings}


def test_the_hostile_posting_is_kept_as_words(postings: list[Posting]) -> None:
    (hostile,) = [p for p in postings if p.title.startswith("=HYPERLINK")]
    for active in ("<script", "onclick", "onerror", "<iframe", "javascript:", "\x1b", "\u202e"):
        assert active not in hostile.description_html
    assert 'href="https://harrowgate.example/apply"' in hostile.description_html
    assert "DROP TABLE students" in hostile.description_text


def test_what_was_escaped_twice_reads_well(postings: list[Posting]) -> None:
    (ranking,) = [p for p in postings if "Ranking" in p.title]
    assert ranking.title == "R&D Intern — Search & Ranking"
    assert "R&D asks how" in ranking.description_text
    assert ranking.description_html.startswith("<p>")
