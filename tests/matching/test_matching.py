import subprocess
import sys
from typing import Any

from internflow.matching.matching import MatchCounts, match_student
from internflow.students.accounts import Student
from internflow.warehouse.connections import connect
from tests.matching.conftest import Market, WordEncoder


def match(market: Market, student: Student, encoder: WordEncoder) -> MatchCounts:
    with connect(market.settings, "pipeline") as connection:
        return match_student(connection, student, encoder)


def read_matches(market: Market) -> list[dict[str, Any]]:
    with connect(market.settings, "pipeline") as connection:
        return connection.execute(
            "select xmin::text as version, m.*, m.student_id::text as student_id from ai.matches m"
            " order by m.student_id, score desc, posting_id"
        ).fetchall()


def test_only_open_internships_and_apprenticeships_are_matched_best_first(
    market: Market, encoder: WordEncoder
) -> None:
    market.offer(
        "a", title="Python SQL intern", skills=["Python", "SQL"], description_text="Python, SQL"
    )
    market.offer(
        "b", title="Welder", kind="apprenticeship", skills=["Go"], description_text="Weld."
    )
    market.offer("closed", is_open=False)
    market.offer("graduate", kind="new_graduate")
    market.offer("other", kind="other")
    asha = market.enrol("asha", "Python", "SQL")
    assert match(market, asha, encoder) == MatchCounts(scored=2, changed=2)
    best, worst = read_matches(market)
    assert (best["posting_id"], worst["posting_id"]) == ("a", "b")
    assert best["score"] > worst["score"]
    assert best["skills_covered"] == ["Python", "SQL"]
    assert best["reasons"][0] == "2 of 2 skills asked for: Python, SQL"
    assert worst["skills_missing"] == ["Go"]
    assert best["scorer"] == "similarity-coverage-1 words-64"


def test_second_run_changes_no_row_and_encodes_nothing(
    market: Market, encoder: WordEncoder
) -> None:
    for number in range(5):
        market.offer(
            str(number), title=f"Intern {number}", description_text=f"Team {number} in Python"
        )
    asha = market.enrol("asha", "Python")
    match(market, asha, encoder)
    before = read_matches(market)
    again = WordEncoder()
    assert match(market, asha, again) == MatchCounts(scored=5, changed=0)
    assert again.encoded == []
    assert read_matches(market) == before


def test_new_listing_is_encoded_alone_and_leaves_the_other_scores(
    market: Market, encoder: WordEncoder
) -> None:
    market.offer("a")
    asha = market.enrol("asha", "Python")
    match(market, asha, encoder)
    before = read_matches(market)
    market.offer("b", title="Data intern", description_text="Python and data")
    encoder.encoded.clear()
    assert match(market, asha, encoder) == MatchCounts(scored=2, changed=1)
    assert encoder.encoded == ["Data intern\nSkills: Python.\nPython and data"]
    assert before[0] in read_matches(market)


def test_listing_that_closed_or_changed_kind_is_no_match_any_more(
    market: Market, encoder: WordEncoder
) -> None:
    for posting_id in ("a", "b", "c"):
        market.offer(posting_id)
    asha = market.enrol("asha", "Python")
    match(market, asha, encoder)
    market.change("update marts.listings set is_open = false where posting_id = 'a'")
    market.change("update marts.listings set kind = 'other' where posting_id = 'b'")
    assert match(market, asha, encoder) == MatchCounts(scored=1, changed=2)
    assert [m["posting_id"] for m in read_matches(market)] == ["c"]


def test_student_without_evidence_has_no_match_and_loses_old_ones(
    market: Market, encoder: WordEncoder
) -> None:
    market.offer("a")
    asha = market.enrol("asha", "Python")
    match(market, asha, encoder)
    market.change("delete from ai.evidence")
    assert match(market, asha, encoder) == MatchCounts(scored=0, changed=1)
    assert read_matches(market) == []


def test_without_open_listings_there_is_no_match(market: Market, encoder: WordEncoder) -> None:
    asha = market.enrol("asha", "Python")
    assert match(market, asha, encoder) == MatchCounts(scored=0, changed=0)


def test_one_students_matches_leave_anothers(market: Market, encoder: WordEncoder) -> None:
    market.offer("a", skills=["Python", "Go"])
    asha, ravi = market.enrol("asha", "Python"), market.enrol("ravi", "Go")
    match(market, asha, encoder)
    before = read_matches(market)
    match(market, ravi, encoder)
    assert before[0] in read_matches(market)
    assert {tuple(m["skills_covered"]) for m in read_matches(market)} == {("Python",), ("Go",)}


def test_matching_loads_no_model_before_it_encodes() -> None:
    code = "import sys, internflow.matching.matching; print('torch' in sys.modules, 'faiss' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
