"""What the page shows of a resume document, and how much of it fits. Pure: no fonts, no files."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from internflow.errors import ContractViolation

MOST_REFERENCES = 4  # under one bullet
LONGEST_WORD = 40
FOOTER = "Each statement cites the commits and lines it rests on; each number is the result of a stored query."
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Break opportunities in what would run off the page; joiners shape emoji and Indic scripts.
_long_word = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_joiners = "\u200c\u200d"

Page = dict[str, Any]


def build_page(document: Mapping[str, Any]) -> Page:
    """The template's data: every value is a printable string or a list of such."""
    basics = document["basics"]
    citations = document.get("meta", {}).get("internflow", {})
    return {
        "title": _clean(f"Resume of {basics['name']}"),
        "name": _clean(basics["name"]),
        "contact": _clean(basics["email"]),
        "footer": FOOTER,
        "headings": {"skills": "Skills", "projects": "Projects"},
        "skills": [
            {"name": _clean(group["name"]), "keywords": _clean(", ".join(group["keywords"]))}
            for group in document.get("skills", [])
        ],
        "projects": [
            _build_project(number, project, citations)
            for number, project in enumerate(document.get("projects", []))
        ],
    }


def fit_page(
    document: Mapping[str, Any], fits: Callable[[Mapping[str, Any]], bool]
) -> Mapping[str, Any]:
    """The document without the last bullets that a page has no room for; then without the last skills.

    Raises ContractViolation when not even the name and the address fit.
    """
    if fits(document):
        return document
    kept, too_many = -1, _count_items(document)
    while too_many - kept > 1:
        middle = (kept + too_many) // 2
        if fits(keep_items(document, middle)):
            kept = middle
        else:
            too_many = middle
    if kept < 0:
        raise ContractViolation("The name on the resume", document["basics"]["name"], "shorten it.")
    return keep_items(document, kept)


def keep_items(document: Mapping[str, Any], count: int) -> dict[str, Any]:
    """The document with its first `count` skills and bullets; emptied groups and projects go too."""
    left = count
    skills = []
    for group in document.get("skills", []):
        keywords = group["keywords"][:left]
        left -= len(keywords)
        skills += [group | {"keywords": keywords}] if keywords else []
    projects = []
    for project in document.get("projects", []):
        highlights = project["highlights"][:left]
        left -= len(highlights)
        projects += [project | {"highlights": highlights}] if highlights else []
    return {**document, "skills": skills, "projects": projects}


def _count_items(document: Mapping[str, Any]) -> int:
    return sum(len(g["keywords"]) for g in document.get("skills", [])) + sum(
        len(p["highlights"]) for p in document.get("projects", [])
    )


def _build_project(number: int, project: Mapping[str, Any], citations: Mapping[str, Any]) -> Page:
    return {
        "name": _clean(project["name"]),
        "url": _clean(project.get("url", "").removeprefix("https://")),
        "period": _format_period(project.get("startDate"), project.get("endDate")),
        "description": _clean(project.get("description", "")),
        "bullets": [
            {
                "runs": _split_runs(highlight),
                "references": _list_references(
                    f"/projects/{number}/highlights/{position}", citations
                ),
            }
            for position, highlight in enumerate(project["highlights"])
        ],
    }


def _split_runs(highlight: str) -> list[dict[str, Any]]:
    parts = highlight.split("`")
    if len(parts) % 2 == 0:  # a lone backtick is no code
        return [{"text": _clean(highlight), "is_code": False}]
    return [
        {"text": _clean(part), "is_code": position % 2 == 1}
        for position, part in enumerate(parts)
        if part
    ]


def _list_references(pointer: str, citations: Mapping[str, Any]) -> str:
    ids = citations.get("evidence", {}).get(pointer, [])
    references = list(dict.fromkeys(citations.get("references", {}).get(i, "") for i in ids))
    shown = [r for r in references if r][:MOST_REFERENCES]
    more = len(references) - len(shown)
    return _clean(" · ".join([*shown, *([f"{more} more"] if more else [])]))


def _format_period(start: str | None, end: str | None) -> str:
    months = [_format_month(day) for day in (start, end) if day]
    return " \u2013 ".join(dict.fromkeys(months))


def _format_month(day: str) -> str:
    parsed = date.fromisoformat(day)
    return f"{MONTHS[parsed.month - 1]} {parsed.year}"


def _clean(text: str) -> str:
    """Without control characters, and with places to break in words that are too long for a line."""
    printable = "".join(c if c.isprintable() or c in _joiners else " " for c in text)
    return _long_word.sub(lambda found: "\u200b".join(_cut(found.group())), printable)


def _cut(word: str) -> list[str]:
    size = LONGEST_WORD // 2
    return [word[i : i + size] for i in range(0, len(word), size)]
