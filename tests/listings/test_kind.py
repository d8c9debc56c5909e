"""Kinds of jobs, and the words that decided."""

import csv
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.kind import find_kind


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
        ("Research Engineer", "FULL_TIME, INTERN", "internship", ("INTERN",)),
        ("Software Co-op", None, "internship", ("Co-op",)),
        ("Working Student (m/f/d)", "PartTime", "internship", ("Working Student",)),
        ("Data Analyst", "working_student", "internship", ("working_student",)),
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


@pytest.mark.parametrize(
    "title",
    [
        "Intern, Software",
        "Women's Winternship",
        "Information Technology Intership",
        "Software Engineer Co - Op",
        "Summer Investment Analyst 2027",
        "Industrial Trainee - Electronics",
        "Werkstudentin Softwareentwicklung (m/w/d)",
        "Pflichtpraktikum Data Science",
        "Praktikant (m/w/d) IT",
        "Bachelorarbeit: Robotik",
        "Stagiaire Développeur Web",
        "Stage - Ingénieur logiciel (6 mois)",
        "Stage de fin d'études en IA",
        "Prácticas en desarrollo web",
        "Pasantía de datos",
        "Becario de Ingeniería",
        "Estágio em Engenharia de Software",
        "University Recruiter Intern",
        "Student Researcher, BS/MS",
        "Data Analyst-PEY/ASIP",
        "Placement Student - Software",
        "AI Safety Fellows Program",
        "Software Engineering Graduate Intern",
        "ソフトウェアエンジニア インターン",
    ],
)
def test_an_internship_has_many_names(title: str) -> None:
    assert find_kind(title, None, "").kind == "internship"


@pytest.mark.parametrize(
    "title",
    [
        "University Graduate 2026 - Software Engineer",
        "Early Career Software Engineer",
        "Graduate Engineer Trainee (GET)",
        "Engineer Trainee (GET)",
        "Campus Hire 2027",
        "Campus: Quantitative Trader",
        "Java Developer - Fresher",
        "Software Engineer (Class of 2027)",
        "Software Engineer - 2027 Batch",
        "Data Scientist: SNT (2027 Grads)",
        "2027 Graduate Programme",
        "Absolvent (m/w/d) Informatik",
        "Jeune diplômé - Ingénieur",
        "Entry-Level Trader",
    ],
)
def test_a_job_for_new_graduates_has_many_names(title: str) -> None:
    assert find_kind(title, None, "").kind == "new_graduate"


@pytest.mark.parametrize(
    "title",
    ["Ausbildung Fachinformatiker", "Alternance - Data Analyst", "Duales Studium Informatik"],
)
def test_an_apprenticeship_has_many_names(title: str) -> None:
    assert find_kind(title, None, "").kind == "apprenticeship"


@pytest.mark.parametrize(
    "title",
    [
        "Internship Coordinator",
        "Distinguished Fellow",
        "Head of Early Careers",
        "Manager, University Recruiting",
        "Campus Recruiter",
        "Registered Apprenticeship Subject Matter Expert",
        "Early Stage Startup Engineer",
        "Stage Manager",
        "Late-Stage Clinical Analyst",
        "Graduate School Admissions Officer",
        "Internet Search Quality Rater",
        "Interne Revision (m/w/d)",
        "Student Success Advisor",
        "Cooper Standard Machinist",
        "Co-op Game Designer",
    ],
)
def test_a_job_around_such_words_is_another_one(title: str) -> None:
    assert find_kind(title, None, "").kind == "other"


@pytest.mark.parametrize(
    ("description", "kind", "words"),
    [
        ("This 12-week internship is paid.", "internship", ("This 12-week internship",)),
        (
            "We are looking for a Backend Intern!",
            "internship",
            ("looking for a Backend Intern",),
        ),
        ("Job type: Internship", "internship", ("Job type: Internship",)),
        ("We hire 2027 batch freshers.", "new_graduate", ("2027 batch freshers",)),
        ("Worked as an intern before.", "other", ()),
        ("You will mentor interns. This international team", "other", ()),
    ],
)
def test_a_description_decides_only_when_it_speaks_of_this_job(
    description: str, kind: str, words: tuple[str, ...]
) -> None:
    found = find_kind("Engineer", None, description)
    assert (found.kind, found.words) == (kind, words)


def test_a_senior_job_is_no_internship_whatever_its_description_says() -> None:
    assert find_kind("Senior Engineer", None, "This internship is paid.").kind == "other"


@given(st.text(), st.none() | st.text(), st.text())
def test_any_text_has_a_kind_and_its_words_stand_in_it(
    title: str, employment_type: str | None, description: str
) -> None:
    found = find_kind(title, employment_type, description)
    source = f"{title}\n{employment_type}\n{description}"
    assert all(words in source for words in found.words)


@pytest.mark.parametrize(
    "unit", ["a", " ", "intern ", "the our the ", "as an intern", "looking for a a a a ", "20", "-"]
)
def test_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.perf_counter()
    find_kind(text, text, text)
    assert time.perf_counter() - started < 2


def test_labelled_postings_are_read_as_a_reader_did(shared_data: Path) -> None:
    labels = Path(__file__).parent / "labels" / "postings.csv"
    lists = shared_data / "listings" / "lists" / "full_descriptions_390.json"
    postings = {p["job_key"]: p for p in json.loads(lists.read_bytes())}
    with labels.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    right = 0
    for row in rows:
        posting = postings[row["job_key"]]
        found = find_kind(posting["title"], posting["employment_type"], posting["description"])
        right += found.kind == row["kind"]
    assert right / len(rows) >= 0.97


@pytest.mark.parametrize("name", ["internships_2024-09-22.json", "internships_2024-10-15.json"])
def test_titles_of_lists_of_internships_are_those_of_learners(shared_data: Path, name: str) -> None:
    titles = [p["title"] for p in json.loads((shared_data / "listings/lists" / name).read_bytes())]
    learners = [
        t for t in titles if find_kind(t, None, "").kind in {"internship", "apprenticeship"}
    ]
    assert len(learners) / len(titles) >= 0.97
