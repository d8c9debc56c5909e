"""Technologies by their names in text, their modules in code and their languages. Pure; skills.csv is the taxonomy.

A name counts only where it means the technology: `Go`, `R` and `C` need a context, `Spark` its capital letter.
"""

import csv
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal, get_args

Match = Literal["any", "case", "context"]

_FILE = resources.files("internflow.listings").joinpath("skills.csv").read_text(encoding="utf-8")

TAXONOMY_VERSION = hashlib.sha256(_FILE.encode()).hexdigest()[:12]

# Whose packages a file in the first language may import.
PACKAGES_OF = {
    "typescript": "javascript", "tsx": "javascript", "jsx": "javascript", "vue": "javascript",
    "kotlin": "java", "scala": "java", "cpp": "c", "c++": "c", "cuda": "c",
}  # fmt: skip

PLAIN = {0x2010: "-", 0x2011: "-", 0x2019: "'"}  # hyphens and an apostrophe

# What may stand between two technologies of one list.
_between = re.compile(
    r"[\s*•·-]*(?:[,/&|;+(]|,?\s*(?:and|or|and/or)\s)?\s*(?:etc\.?\s*)?", re.IGNORECASE
)
_before = re.compile(
    r"\b(?:writ(?:e|ing|ten)\b[^.\n]{0,40}\bin|(?:programming|program|coding|code|scripting|scripts|developing|development|skills|experience"
    r"|experienced|expertise|proficien(?:cy|t)|fluen(?:cy|t)|knowledge|familiar(?:ity)?|background|strong|good|solid"
    r"|comfortable|competen(?:cy|t)|work(?:ing)?|build(?:ing)?|services)\s+(?:in|with|of)"
    r"|languages?(?:\s+(?:such as|like|including)|:)?|using|know|learn|love)\s+(?:either\s+)?$",
    re.IGNORECASE,
)
_after = re.compile(
    r"\s+(?:programming|language|code(?:base)?|compiler|developer|engineer|backend|micro-?services?|services|stack"
    r"|routines|modules|packages?|scripts?|standard library|framework|cluster|game engine|pivot tables)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Skill:
    """A technology; `modules` are `<language>:<module>`, lower case."""

    name: str
    match: Match
    aliases: tuple[str, ...]
    languages: tuple[str, ...]
    modules: tuple[str, ...]


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    name: str
    is_certain: bool


def find_skills(text: str) -> list[str]:
    """Canonical names of the technologies that a text names, in order of first appearance."""
    text = text.translate(PLAIN)
    mentions = [_read_mention(found) for found in _pattern.finditer(text)]
    certain = [m.is_certain or _has_context(text, m) for m in mentions]
    _spread_along_lists(text, mentions, certain)
    named = (m.name for m, is_certain in zip(mentions, certain, strict=True) if is_certain)
    return list(dict.fromkeys(named))


def find_skill_for_import(language: str, module: str) -> str | None:
    """The technology that a module or package of a language belongs to; None when the taxonomy has none."""
    family = PACKAGES_OF.get(language.lower(), language.lower())
    name = module.strip().lower()
    if family == "python":
        name = name.replace("-", "_")
    while name:
        if found := _by_module.get(f"{family}:{name}"):
            return found
        name = name[
            : max(name.rfind(separator) for separator in "./:\\") if _part.search(name) else 0
        ]
    return None


def find_skill_for_language(language: str) -> str | None:
    """The technology that a programming language is, by the name that code indexes use for it."""
    return _by_language.get(language.lower())


def read_skills(content: str) -> tuple[Skill, ...]:
    """The taxonomy of a CSV text. Raises ValueError for a doubled name, alias, language or module, or a bad match."""
    skills = tuple(
        Skill(
            row["name"],
            _read_match(row["match"]),
            tuple(filter(None, row["aliases"].split("|"))),
            tuple(filter(None, row["languages"].split("|"))),
            tuple(row["modules"].split()),
        )
        for row in csv.DictReader(content.splitlines())
    )
    for values in (
        [
            name.lower()
            for s in skills
            for name in {s.name.lower(), *(a.lower() for a in s.aliases)}
        ],
        [language for s in skills for language in s.languages],
        [module for s in skills for module in s.modules],
    ):
        doubled = {value for value in values if values.count(value) > 1}
        if doubled:
            raise ValueError(f"skills.csv has {sorted(doubled)} more than once")
    return skills


def _read_match(text: str) -> Match:
    for match in get_args(Match):
        if text == match:
            return match  # type: ignore[no-any-return]  # get_args is untyped
    raise ValueError(f"skills.csv has the match {text!r}: use one of {get_args(Match)}")


def _build_pattern(skills: tuple[Skill, ...]) -> re.Pattern[str]:
    """One alternation, longest name first, so that `React Native` is not `React`."""
    names: dict[str, str] = {}
    for skill in skills:
        for name in (skill.name, *skill.aliases):
            names[name] = _escape(name) if skill.match != "case" else f"(?-i:{_escape(name)})"
        if skill.match == "context":  # not of another word: go-to-market, R&D, C-level, C.E.O.
            names[skill.name] = rf"(?<!-)(?-i:{_escape(skill.name)})(?![-&'.]\w)"
    choice = "|".join(names[name] for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w@#$])(?<!\w[.&'])(?:{choice})(?![\w+#])", re.IGNORECASE)


def _escape(name: str) -> str:
    return re.escape(name).replace(r"\ ", r"\s+")


def _read_mention(found: re.Match[str]) -> _Mention:
    written = " ".join(found.group().split())
    skill = _by_name[written.lower()]
    is_certain = skill.match != "context" or written != skill.name
    return _Mention(found.start(), found.end(), skill.name, is_certain)


def _has_context(text: str, mention: _Mention) -> bool:
    before = text[max(0, mention.start - 60) : mention.start]
    return bool(_before.search(before) or _after.match(text, mention.end))


def _spread_along_lists(text: str, mentions: list[_Mention], certain: list[bool]) -> None:
    """Make certain what stands in a list beside something certain: first to the right, then to the left."""
    indexes = range(1, len(mentions))
    neighbours = {i: _is_one_list(text, mentions[i - 1], mentions[i]) for i in indexes}
    for i in indexes:
        certain[i] = certain[i] or (certain[i - 1] and neighbours[i])
    for i in reversed(indexes):
        certain[i - 1] = certain[i - 1] or (certain[i] and neighbours[i])


def _is_one_list(text: str, left: _Mention, right: _Mention) -> bool:
    between = text[left.end : right.start]
    return bool(re.search(r"\S", between)) and _between.fullmatch(between) is not None


_part = re.compile(r"[./:\\]")
SKILLS: tuple[Skill, ...] = read_skills(_FILE)
_by_name: Mapping[str, Skill] = {
    name.lower(): skill for skill in SKILLS for name in (skill.name, *skill.aliases)
}
_by_module: Mapping[str, str] = {module: s.name for s in SKILLS for module in s.modules}
_by_language: Mapping[str, str] = {language: s.name for s in SKILLS for language in s.languages}
_pattern = _build_pattern(SKILLS)
