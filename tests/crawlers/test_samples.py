"""The sample boards of the demo: what they must show, and that their hostile posting is harmless."""

import pytest

from crawlers.parsing import decode_json
from crawlers.platforms import PLATFORMS
from crawlers.replay_server import SAMPLES
from internflow.listings.boards import read_boards
from internflow.listings.enrichment import find_kind
from internflow.listings.posting import Posting
from internflow.listings.skills import find_skills


@pytest.fixture(scope="module")
def postings() -> list[Posting]:
    found: list[Posting] = []
    for name, platform in PLATFORMS.items():
        for board in read_boards(name, SAMPLES / "boards"):
            body = (SAMPLES / name / f"{board.token}.json").read_bytes()
            parsed = platform.parse_postings(decode_json(body), board)
            assert parsed.dropped == ()
            assert len(parsed.postings) == parsed.reported_count
            found.extend(parsed.postings)
    return found


def test_every_kind_of_job_is_there_and_most_are_internships(postings: list[Posting]) -> None:
    kinds = [find_kind(p.title, p.employment_type, p.description_text).kind for p in postings]
    assert kinds.count("internship") > len(kinds) / 2
    assert {kind: kinds.count(kind) for kind in ("apprenticeship", "new_graduate")} == {
        "apprenticeship": 1,
        "new_graduate": 1,
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
