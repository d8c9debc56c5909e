"""Technologies found in text, imports and languages."""

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
    assert len(SKILLS) >= 150
    assert [
        s.name for s in SKILLS if s.name not in find_skills(f"experience with {s.name} and SQL")
    ] == []


@pytest.mark.parametrize(
    "row", ["Python,any,,,\nPython,any,,,", "A,any,python,,\nPython,any,,,", "A,some,,,"]
)
def test_a_contradictory_taxonomy_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match=r"skills\.csv"):
        read_skills(f"name,match,aliases,languages,modules\n{row}\n")
