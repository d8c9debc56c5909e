import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from internflow.resumes.bullets import build_bullets
from internflow.resumes.document import Project, build_document, hash_document
from internflow.resumes.evidence import Evidence

SHA = "c" * 40


def number(repo_id: str, kind: str, value: int) -> Evidence:
    return Evidence(
        repo_id, kind, "all", SHA, measure_sql="select 1", measure_params={}, measured_value=value
    )


def build_project(letter: str, commits: int, *skills: str, url: str | None = None) -> Project:
    repo_id = letter * 16
    evidence = [
        number(repo_id, "commits", commits),
        number(repo_id, "first_commit", 1_700_000_000),
        number(repo_id, "last_commit", 1_720_000_000),
        Evidence(repo_id, "language", "Python", SHA, "a.py", 1, 1, "import os"),
        *(Evidence(repo_id, "skill", s, SHA, "a.py", 2, 2, f"import {s}") for s in skills),
        Evidence(
            repo_id, "readme", "README.md", SHA, "README.md", 3, 3, "A shop for *books*. Big."
        ),
    ]
    return Project(repo_id, f"project-{letter}", url, build_bullets(repo_id, evidence), evidence)


@pytest.fixture
def document() -> dict[str, Any]:
    projects = [
        build_project("a", 10, "Flask", "Redis"),
        build_project("b", 90, "Redis", "dbt", url="https://example.org/asha/b"),
    ]
    return build_document("Asha Rao", "asha@example.org", projects)


def resolve(document: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        document = document[int(part) if part.isdigit() else part]
    return document


def test_document_is_a_json_resume(document: dict[str, Any], shared_data: Path) -> None:
    schema = json.loads((shared_data / "resumes" / "jsonresume_schema.json").read_text())
    for one in (document, build_document("Asha Rao", "asha@example.org", [])):
        checker = jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())
        assert list(checker.iter_errors(one)) == []


def test_projects_stand_by_own_commits_and_skills_by_projects(document: dict[str, Any]) -> None:
    assert [p["name"] for p in document["projects"]] == ["project-b", "project-a"]
    assert document["skills"] == [
        {"name": "Languages", "keywords": ["Python"]},
        {"name": "Technologies", "keywords": ["Redis", "dbt", "Flask"]},
    ]
    assert document["projects"][0] == {
        "name": "project-b",
        "description": "A shop for books.",
        "startDate": "2023-11-14",
        "endDate": "2024-07-03",
        "url": "https://example.org/asha/b",
        "highlights": ["Authored 90 commits.", "Wrote Python, using Redis and dbt."],
    }


def test_every_statement_is_cited_and_every_citation_has_a_place_and_a_reference(
    document: dict[str, Any],
) -> None:
    meta = document["meta"]["internflow"]
    statements = {
        *(
            f"/skills/{g}/keywords/{k}"
            for g, group in enumerate(document["skills"])
            for k, _ in enumerate(group["keywords"])
        ),
        *(
            f"/projects/{p}/highlights/{h}"
            for p, project in enumerate(document["projects"])
            for h, _ in enumerate(project["highlights"])
        ),
        *(
            f"/projects/{p}/{key}"
            for p in range(2)
            for key in ("description", "startDate", "endDate")
        ),
    }
    assert set(meta["evidence"]) == statements
    assert all(resolve(document, pointer) for pointer in statements)
    assert {i for ids in meta["evidence"].values() for i in ids} == set(meta["references"])
    assert meta["evidence"]["/skills/1/keywords/0"] == [
        f"{'b' * 16}/skill/Redis",
        f"{'a' * 16}/skill/Redis",
    ]
    assert meta["references"][f"{'a' * 16}/skill/Flask"] == "ccccccc a.py:2"


def test_hash_depends_on_the_content_and_not_on_the_order_of_keys(document: dict[str, Any]) -> None:
    turned = {key: document[key] for key in reversed(document)}
    assert hash_document(turned) == hash_document(document)
    assert hash_document(document | {"basics": {"name": "Other"}}) != hash_document(document)


def test_date_of_a_clock_beyond_all_years_is_left_out() -> None:
    project = build_project("a", 3)
    hostile = [*project.evidence[:2], number("a" * 16, "last_commit", 253_370_764_800)]
    built = build_document("Asha", "a@example.org", [Project("a" * 16, "a", None, [], hostile)])
    assert built["projects"][0]["startDate"] == "2023-11-14"
    assert "endDate" not in built["projects"][0]
