"""Technologies found in text, imports and languages."""

import csv
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.skills import (
    SKILLS,
    find_skill_for_import,
    find_skill_for_language,
    find_skills,
    read_skills,
)


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("We use Python, Go, and R.", ["Python", "Go", "R"]),
        ("- C\n- Go\n- Rust", ["C", "Go", "Rust"]),
        ("Experience in C/C++ and C#", ["C", "C++", "C#"]),
        ("Write drivers in C for small boards", ["C"]),
        ("a Go engineer who can program in R", ["Go", "R"]),
        ("postgres, NODEJS and k8s", ["PostgreSQL", "Node.js", "Kubernetes"]),
        ("React and React Native", ["React", "React Native"]),
        ("Python-based, Python's, (Python)", ["Python"]),
        ("ASP.NET on .NET 8", [".NET"]),
        ("Experience with Excel, SQL", ["Excel", "SQL"]),
        ("Objective\u2011C/Swift", ["Objective-C", "Swift"]),
        ("Java, JavaScript, TypeScript", ["Java", "JavaScript", "TypeScript"]),
        ("dbt-core with pgvector", ["dbt", "PostgreSQL"]),
        ("Skills\nPython\nGo\nJava", ["Python", "Go", "Java"]),
        ("Go (preferred), Python, or GO", ["Go", "Python"]),
        ("Verilog, KiCad and SolidWorks", ["Verilog", "KiCad", "SolidWorks"]),
        (
            "EC2, S3, EKS and Step Functions",
            ["Amazon EC2", "Amazon S3", "Amazon EKS", "AWS Step Functions"],
        ),
        ("RAG over a Qdrant store with LangChain", ["RAG", "Qdrant", "LangChain"]),
        ("Word, Excel, PowerPoint", ["Word", "Excel", "PowerPoint"]),
        ("identity providers like Okta and tools (e.g. Vanta)", ["Okta", "Vanta"]),
        ("Infrastructure-as-Code; retrieval augmented generation", ["IaC", "RAG"]),
        (
            "OWASP, SAST/DAST, MITRE ATT&CK, SOC 2",
            ["OWASP", "SAST", "DAST", "MITRE ATT&CK", "SOC 2"],
        ),
        ("knowledge of SAP S/4HANA", ["SAP S/4HANA"]),
    ],
)
def test_technologies_are_found_with_their_own_spelling(text: str, skills: list[str]) -> None:
    assert find_skills(text) == skills


@pytest.mark.parametrize(
    "text",
    [
        "Go to market; a go-to person. Let's Go!",
        "Series C funding, C-level, C.E.O., vitamin C, grade C or better",
        "R&D and R. Smith",
        "we react fast, spark joy and excel at swift delivery",
        "Spring 2027 internship; express interest; unity of purpose",
        "NoSQL at scalability",
        "the rest of a linear notion; dash to the next team, word by word, with access to a chef",
        "user ids and IPs, SAs, Series B; see https://example.org",
        "a salt of the earth; mint a puppet; cast a rust colour; the flask; dart; express",
        "Backed by Spark Capital. Our customers include Snowflake, Stripe and Canva.",
        "100,000 CAD a year at our SOC",
        "",
    ],
)
def test_words_that_look_like_technologies_are_none(text: str) -> None:
    assert find_skills(text) == []


@given(st.lists(st.sampled_from([s.name for s in SKILLS if s.match == "any"]), max_size=6))
def test_order_is_of_first_appearance_and_nothing_comes_twice(names: list[str]) -> None:
    assert find_skills("; ".join(names)) == list(dict.fromkeys(names))


@pytest.mark.parametrize(
    ("language", "module", "skill"),
    [
        ("python", "torch.nn.functional", "PyTorch"),
        ("python", "google.cloud.bigquery", "BigQuery"),
        ("python", "google.cloud.storage", "Google Cloud"),
        ("python", "scikit-learn", "scikit-learn"),
        ("python", "lightgbm", "LightGBM"),
        ("python", "os.path", None),
        ("python", "react", None),
        ("tsx", "react-dom/client", "React"),
        ("javascript", "@angular/core", "Angular"),
        ("javascript", "./react", None),
        ("go", "github.com/jackc/pgx/v5", "PostgreSQL"),
        ("kotlin", "androidx.compose.ui", "Android"),
        ("cpp", "opencv2/core.hpp", "OpenCV"),
        ("php", "Illuminate\\Http\\Request", "Laravel"),
        ("python", "", None),
    ],
)
def test_imports_lead_to_technologies(language: str, module: str, skill: str | None) -> None:
    assert find_skill_for_import(language, module) == skill


@pytest.mark.parametrize(
    ("language", "skill"),
    [
        ("python", "Python"),
        ("cpp", "C++"),
        ("tsx", "TypeScript"),
        ("csharp", "C#"),
        ("shell", "Bash"),
        ("markdown", None),
    ],
)
def test_languages_lead_to_technologies(language: str, skill: str | None) -> None:
    assert find_skill_for_language(language) == skill


def test_the_taxonomy_is_broad_and_each_skill_finds_itself() -> None:
    assert len(SKILLS) >= 750
    assert [
        s.name for s in SKILLS if s.name not in find_skills(f"experience with {s.name} and SQL")
    ] == []


@pytest.mark.parametrize(
    "row", ["Python,any,,,\nPython,any,,,", "A,any,python,,\nPython,any,,,", "A,some,,,"]
)
def test_a_contradictory_taxonomy_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match=r"skills\.csv"):
        read_skills(f"name,match,aliases,languages,modules\n{row}\n")


@pytest.mark.parametrize(
    ("text", "employer", "skills"),
    [
        ("At MongoDB we use Python", "MongoDB", ["Python"]),
        ("Experience with MongoDB", "MongoDB", ["MongoDB"]),
        ("Experience with Docker and MongoDB Atlas", "Acme", ["Docker", "MongoDB"]),
        ("Orca builds with Python", "Orca Security", ["Python"]),
        ("Unity Catalog and Python", "", ["Databricks Unity Catalog", "Python"]),
    ],
)
def test_the_employer_is_no_technology_unless_asked_for(
    text: str, employer: str, skills: list[str]
) -> None:
    assert find_skills(text, employer) == skills


@given(st.text(), st.text())
def test_any_text_is_read_and_gives_known_names_once(text: str, employer: str) -> None:
    found = find_skills(text, employer)
    assert len(found) == len(set(found))
    assert set(found) <= {s.name for s in SKILLS}


@pytest.mark.parametrize(
    "unit", ["a", "C ", "Go, ", "C++", "React ", "ustomers include ", "(", "\n", "İ", "in Go "]
)
def test_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.perf_counter()
    find_skills(text)
    assert time.perf_counter() - started < 4


def test_labelled_postings_are_read_as_a_reader_did(shared_data: Path) -> None:
    labels = Path(__file__).parent / "labels" / "postings.csv"
    lists = shared_data / "listings" / "lists" / "full_descriptions_390.json"
    postings = {p["job_key"]: p for p in json.loads(lists.read_bytes())}
    canonical = {form.casefold(): s.name for s in SKILLS for form, _match in s.forms}
    right = found_count = wanted_count = 0
    with labels.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            posting = postings[row["job_key"]]
            text = f"{posting['title']}\n{posting['description']}"
            found = set(find_skills(text, posting["company"]))
            names = filter(None, row["skills"].split(";"))
            wanted = {canonical.get(name.casefold(), name) for name in names}
            right += len(found & wanted)
            found_count += len(found)
            wanted_count += len(wanted)
    assert right / found_count >= 0.92
    assert right / wanted_count >= 0.85
