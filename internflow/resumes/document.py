"""The resume document: JSON Resume plus, for each statement, the evidence it rests on. Pure; holds no clock."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from internflow.resumes.citations import Bullet
from internflow.resumes.evidence import DESCRIPTION_KIND, Evidence
from internflow.resumes.readme import parse_first_sentence

MOST_KEYWORDS = 20
SKILL_GROUPS = (("language", "Languages"), ("skill", "Technologies"))
LAST_YEAR = 2999  # of a JSON Resume date; a hostile clock may claim a later one

Document = dict[str, Any]


@dataclass(frozen=True)
class Project:
    """What a resume says of one repository."""

    repo_id: str
    name: str
    url: str | None
    bullets: Sequence[Bullet]
    evidence: Sequence[Evidence]

    def number(self, kind: str) -> Evidence | None:
        return next((e for e in self.evidence if e.kind == kind), None)

    @property
    def weight(self) -> int:
        commits = self.number("commits")
        return commits.measured_value or 0 if commits else 0


def build_document(name: str, email: str, projects: Sequence[Project]) -> Document:
    """JSON Resume of a student; `meta.internflow.evidence` maps JSON pointers to evidence ids."""
    ordered = sorted(projects, key=lambda p: (-p.weight, p.name, p.repo_id))
    skills, skill_citations = _build_skills(ordered)
    parts = [_build_project(project) for project in ordered]
    citations = skill_citations | {
        f"/projects/{number}/{pointer}": ids
        for number, (_part, cited) in enumerate(parts)
        for pointer, ids in cited.items()
    }
    cited_ids = {evidence_id for ids in citations.values() for evidence_id in ids}
    return {
        "basics": {"name": name, "email": email},
        "skills": skills,
        "projects": [part for part, _cited in parts],
        "meta": {
            "internflow": {
                "evidence": citations,
                "references": {
                    e.evidence_id: _describe(e)
                    for p in ordered
                    for e in p.evidence
                    if e.evidence_id in cited_ids
                },
            }
        },
    }


def hash_document(document: Mapping[str, Any]) -> str:
    """sha256 of the document's canonical JSON."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _build_skills(
    projects: Iterable[Project],
) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """Skill groups, most projects first, and their citations."""
    groups: list[dict[str, Any]] = []
    citations: dict[str, list[str]] = {}
    evidence = [e for p in projects for e in p.evidence]
    for kind, title in SKILL_GROUPS:
        # Counter keeps the order of first appearance among equals.
        found = Counter(e.name for e in evidence if e.kind == kind).most_common(MOST_KEYWORDS)
        if not found:
            continue
        for position, (skill, _count) in enumerate(found):
            citations[f"/skills/{len(groups)}/keywords/{position}"] = [
                e.evidence_id for e in evidence if e.kind == kind and e.name == skill
            ]
        groups.append({"name": title, "keywords": [skill for skill, _count in found]})
    return groups, citations


def _build_project(project: Project) -> tuple[dict[str, Any], dict[str, list[str]]]:
    part: dict[str, Any] = {"name": project.name}
    citations: dict[str, list[str]] = {}
    described = next((e for e in project.evidence if e.kind == DESCRIPTION_KIND), None)
    sentence = parse_first_sentence(described.quote or "") if described else None
    if described and sentence:
        part["description"] = sentence
        citations["description"] = [described.evidence_id]
    for key, kind in (("startDate", "first_commit"), ("endDate", "last_commit")):
        measured = project.number(kind)
        moment = datetime.fromtimestamp(measured.measured_value or 0, UTC) if measured else None
        if measured and moment and moment.year <= LAST_YEAR:
            part[key] = moment.date().isoformat()
            citations[key] = [measured.evidence_id]
    if project.url:
        part["url"] = project.url
    part["highlights"] = [bullet.content for bullet in project.bullets]
    for position, bullet in enumerate(project.bullets):
        citations[f"highlights/{position}"] = list(bullet.evidence_ids)
    return part, citations


def _describe(evidence: Evidence) -> str:
    """A short reference for print: where to look."""
    commit = evidence.commit_sha[:7]
    if evidence.path is None:
        return f"counted at {commit}"
    return f"{commit} {evidence.path}:{evidence.start_line}"
