"""The rules against postings that a reader labelled: tests/listings/labels/README.md says what the labels mean."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks.cleaning import UNSEEN, CleaningScores, read_labels, read_postings, score_cleaning

BARS = {
    "kind": 0.97,
    "country": 0.98,
    "work_model": 0.95,
    "pay_presence": 0.97,
    "pay_amount": 0.95,
    "skill_precision": 0.92,
    "skill_recall": 0.85,
}


@pytest.fixture(scope="module")
def scores(shared_data: Path) -> CleaningScores:
    path = shared_data / "listings" / "lists" / "full_descriptions_390.json"
    return score_cleaning(read_postings(path), read_labels())


@pytest.mark.parametrize("figure", BARS)
def test_rules_read_what_a_reader_reads(scores: CleaningScores, figure: str) -> None:
    share = getattr(scores, figure)
    about = {"country": "countries", "pay_presence": "pay", "pay_amount": "pay"}.get(
        figure, figure.replace("skill_precision", "skills").replace("skill_recall", "skills")
    )
    errors = [line for line in scores.errors if f" {about}: " in line]
    assert share.value >= BARS[figure], f"{figure} {share}\n" + "\n".join(errors)


def test_each_posting_is_labelled_once_and_every_kind_of_label_occurs() -> None:
    labels = read_labels()
    assert len(labels) >= 110
    unseen = read_labels(UNSEEN)
    assert len({label.job_key for label in (*labels, *unseen)}) == len(labels) + len(unseen)
    kinds = Counter(label.kind for label in labels)
    assert kinds["new_graduate"] >= 4 and kinds["internship"] >= 1
    assert {label.work_model for label in labels} == {None, "remote", "hybrid", "on_site"}
    assert sum(label.pay is not None for label in labels) >= 40
    assert sum(len(label.skills) for label in labels) >= 900


def test_scores_count_what_is_missed_and_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(
        "job_key,kind,countries,work_model,pay_present,pay_least,pay_most,pay_currency,pay_period,skills\n"
        "a,internship,DE,remote,0,,,,,Python;Golang;Nonsuch 9000\n"
        "b,other,US,,1,90000,,USD,year,\n"
    )
    posting = {
        "company": "Initech",
        "title": "Software Engineering Intern",
        "location": "Berlin, Germany",
        "description": "Write Python and Kubernetes manifests.",
        "employment_type": "",
        "salary": "",
    }
    scores = score_cleaning({"a": posting, "b": posting}, read_labels(path))
    assert (scores.kind.hits, scores.country.hits, scores.work_model.hits) == (1, 1, 1)
    assert (scores.pay_presence.hits, scores.pay_amount.hits, scores.pay_amount.total) == (1, 0, 1)
    assert (scores.skill_precision.hits, scores.skill_precision.total) == (1, 4)
    assert scores.skill_recall.total == 3
    assert scores.kind.low < scores.kind.value < scores.kind.high
    assert "a skills: missed ['go', 'nonsuch 9000'], wrong ['kubernetes']" in scores.errors
    assert "b pay: (Decimal('90000'), None, 'USD', 'year'), found None" in scores.errors
