"""What a posting is by its own words: its kind, with the words that decided, and the technologies it names."""

import re
from dataclasses import dataclass
from typing import Literal

from internflow.listings.skills import TAXONOMY_VERSION, find_skills
from internflow.logs import log_unit
from internflow.warehouse.connections import Connection
from internflow.warehouse.merge import MergeCounts, Target, merge_rows

Kind = Literal["internship", "apprenticeship", "new_graduate", "other"]

# Raise the number when a rule below changes; the taxonomy counts by itself.
RULES_VERSION = f"kind-1 skills-{TAXONOMY_VERSION}"

FACTS = Target(
    "ai.posting_facts",
    key=("posting_id",),
    update=("content_hash", "rules_version", "kind", "kind_words", "skills"),
)
STALE = """
    select p.posting_id, p.content_hash, p.title, p.employment_type, p.description_text
    from raw.postings p
    left join ai.posting_facts f on f.posting_id = p.posting_id
    where (p.content_hash, %(rules)s) is distinct from (f.content_hash, f.rules_version)
    order by p.posting_id
"""

_flags = re.IGNORECASE
# A job that deals with interns instead of being one.
_about_interns = re.compile(
    r"\b(?:intern(?:ship)?s?|apprentice(?:ship)?s?|new[- ]grad\w*|graduates?|early[- ]careers?)\s+"
    r"(?:program(?:me)?s?\s+)?(?:manager|coordinator|recruiter|lead|director|mentor|supervisor|specialist)\b"
    r"|\brecruiter\b.*\b(?:interns|internships|apprentices\w*|graduates?)\b",
    _flags,
)
_apprenticeship = re.compile(r"\b(?:apprentice(?:ship)?s?|ausbildung|alternance)\b", _flags)
_internship = re.compile(
    r"\b(?:intern(?:ship)?s?|co[- ]?ops?|working student|werkstudent(?:in)?|praktik(?:um|ant(?:in)?)|stagiaire"
    r"|summer (?:analyst|associate|scholar)|industrial placement|placement (?:year|student)"
    r"|(?:industrial|student|research) trainee)\b",
    _flags,
)
_new_graduate = re.compile(
    r"\b(?:new[- ]?(?:college[- ]|university[- ])?grad(?:uate)?s?"
    r"|(?:university|college|recent|fresh|upcoming)[- ]grad(?:uate)?s?"
    r"|graduate (?:\w+ ){0,3}(?:engineer|developer|analyst|scientist|trainee|program(?:me)?|scheme|consultant)"
    r"|(?:engineer|developer|analyst|scientist),? grad(?:uate)?|early[- ](?:in[- ])?careers?|freshers?"
    r"|campus hire|entry[- ]level)\b",
    _flags,
)
_intern_type = re.compile(
    r"\b(?:intern(?:ship)?s?|co-?op|working student|trainee \(intern\))\b", _flags
)
_apprentice_type = re.compile(r"\bapprentice(?:ship)?\b", _flags)
# In a description only what speaks of this very job counts; many jobs want an internship behind their candidate.
_described = re.compile(
    r"\bthis (?:is an? )?(?:paid |summer |remote |(?:full|part)-time |\d+[- ](?:week|month)[- ](?:long )?)*internship"
    r"|\bas an? (?:\w+ ){0,3}intern,? you\b|\b(?:the|our) (?:\w+ ){0,2}intern will\b",
    _flags,
)


@dataclass(frozen=True)
class KindFacts:
    """A kind and the words of the posting that decided, as they stand there; no word decides for `other`."""

    kind: Kind
    words: tuple[str, ...]


def find_kind(title: str, employment_type: str | None, description: str) -> KindFacts:
    """The kind of a job: by its employment type, else by its title, else by what it says of itself."""
    stated = employment_type or ""
    if found := _intern_type.search(stated):
        return KindFacts("internship", (found.group(),))
    if found := _apprentice_type.search(stated):
        return KindFacts("apprenticeship", (found.group(),))
    if _about_interns.search(title):
        return KindFacts("other", ())
    rules: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("apprenticeship", _apprenticeship),
        ("internship", _internship),
        ("new_graduate", _new_graduate),
    )
    for kind, words in rules:
        if found_words := [found.group() for found in words.finditer(title)]:
            return KindFacts(kind, tuple(dict.fromkeys(found_words)))
    if found := _described.search(description):
        return KindFacts("internship", (found.group(),))
    return KindFacts("other", ())


def enrich_postings(connection: Connection) -> MergeCounts:
    """Compute the facts of every posting that is new or changed, or whose facts are of older rules."""
    with log_unit("postings_enriched", rules=RULES_VERSION) as counts, connection.transaction():
        stale = connection.execute(STALE, {"rules": RULES_VERSION}).fetchall()
        merged = merge_rows(connection, FACTS, [_build_facts(row) for row in stale])
        counts.update(postings=len(stale), inserted=merged.inserted, updated=merged.updated)
    return merged


def _build_facts(posting: dict[str, str]) -> tuple[object, ...]:
    title, description = posting["title"], posting["description_text"]
    kind = find_kind(title, posting["employment_type"], description)
    skills = find_skills(f"{title}\n{description}")
    return (
        posting["posting_id"],
        posting["content_hash"],
        RULES_VERSION,
        kind.kind,
        list(kind.words),
        skills,
    )
