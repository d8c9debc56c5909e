"""Technologies by their names in text, their modules in code and their languages. Pure; skills.csv is the taxonomy.

A name counts only where it means the technology: `Go`, `R` and `C` need a context, `Spark` its capital letter.
"""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Literal, get_args

from internflow.listings.statements import lower_in_place

Match = Literal["any", "case", "context"]

_FILE = resources.files("internflow.listings").joinpath("skills.csv").read_text(encoding="utf-8")

TAXONOMY_VERSION = hashlib.sha256(_FILE.encode()).hexdigest()[:12]
# Raise the number when a rule below changes; the taxonomy counts by itself.
RULES_VERSION = f"skills-2-{TAXONOMY_VERSION}"

# Whose packages a file in the first language may import.
PACKAGES_OF = {
    "typescript": "javascript", "tsx": "javascript", "jsx": "javascript", "vue": "javascript",
    "kotlin": "java", "scala": "java", "cpp": "c", "c++": "c", "cuda": "c",
}  # fmt: skip

# How a single alias counts, unlike the others of its technology.
_MARKS: Mapping[str, Match] = {"=": "case", "?": "context"}

# Hyphens and an apostrophe; one sign becomes one sign, so that places in the text stay.
PLAIN = {"\u2010": "-", "\u2011": "-", "\u2019": "'"}

LONGEST_ASIDE = 400
MOST_BETWEEN = 80
LONGEST_ACRONYM = 5
NOWHERE = (-1, -1)

# What follows these in a sentence is about the company: its customers, makers and money.
_COMPANY_WORDS = (
    "rusted by", "ustomers include", "ustomers like", "ustomers such as", "reators of", "acked by", "investors",
    "eaders, including", "eaders like", "ompanies, including", "ompanies including", "ompanies like",
    "ompanies such as", "artners include", "lients include", "Ventures", "is available across", "artnered with",
)  # fmt: skip

# What may stand between two technologies of one list.
_between = re.compile(
    r"(?:\s?\([^()\n]{0,40}\)|[\w ]{1,30}\))?"
    r"[\s*•·-]*(?:[,/&|;+()]|,?\s*(?:and|or|and/or)\s|,\s*(?:and|or)\s)?\s*(?:etc\.?\s*)?",
    re.IGNORECASE,
)
_before = re.compile(
    r"(?:\b(?:writ(?:e|ing|ten)\b[^.\n]{0,40}\bin|(?:programming|program|coding|code|scripting|scripts|developing"
    r"|development|skills|experience|experienced|expertise|proficien(?:cy|t)|fluen(?:cy|t)|knowledge"
    r"|familiar(?:ity)?|background|strong|good|solid|comfortable|competen(?:cy|t)|work(?:ing)?|build(?:ing)?|services)"
    r"\s+(?:in|with|of)|languages?(?:\s+(?:such as|like|including)|:)?|uses?|using|know|learn|love)\s+(?:either\s+)?"
    r"|\(e\.g\.,?\s+|\b(?:tools?|platforms?|technolog(?:y|ies)|frameworks?|librar(?:y|ies)|software|systems?|providers?"
    r"|solutions?|scanners?|databases?|stack|vendors?|suite)\b"
    r"[^.\n]{0,20}(?:such as|like|including|e\.g\.,?|\(|:)\s*)$",
    re.IGNORECASE,
)
# How a text that `_before` finds may end: looked at first, since it costs least.
_LAST_BEFORE = (
    "in", "with", "of", "as", "like", "including", "use", "uses", "using", "know", "learn", "love", "either",
    "language", "languages", ":", "(", "e.g.", "e.g.,",
)  # fmt: skip
_asked_for = re.compile(
    r"\b(?:experience[sd]?|expertise|proficien(?:cy|t)|fluen(?:cy|t)|knowledge|familiar(?:ity)?|understanding)"
    r" (?:in|with|of|using) (?:the )?$",
    re.IGNORECASE,
)
_after = re.compile(
    r"\s+(?:programming|language|code(?:base)?|compiler|developer|engineer|backend|micro-?services?|services|stack"
    r"|routines|modules|packages?|scripts?|standard library|framework|cluster|game engine|pivot tables)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Skill:
    """A technology; `forms` are all its names with how each counts; `modules` are `<language>:<module>`, lower case."""

    name: str
    match: Match
    aliases: tuple[str, ...]
    languages: tuple[str, ...]
    modules: tuple[str, ...]
    forms: tuple[tuple[str, Match], ...]


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    name: str
    is_certain: bool


def find_skills(text: str, employer: str = "") -> list[str]:
    """Canonical names of the technologies that a text names, in order of first appearance.

    What the employer itself makes or is called counts only where the text asks for experience with it.
    """
    for sign, plain in PLAIN.items():
        text = text.replace(sign, plain)
    mentions = _find_mentions(text)
    certain = [m.is_certain or _has_context(text, m) for m in mentions]
    _spread_along_lists(text, mentions, certain)
    own = employer.casefold()
    named = (
        m.name
        for m, is_certain in zip(mentions, certain, strict=True)
        if is_certain and (not _is_of(own, m.name) or _is_asked_for(text, m))
    )
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
    skills = tuple(_read_skill(row) for row in csv.DictReader(content.splitlines()))
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


def _read_skill(row: dict[str, str]) -> Skill:
    match = _read_match(row["match"])
    written = [alias for alias in row["aliases"].split("|") if alias]
    of_aliases: Match = "case" if match == "case" else "any"
    forms = [(row["name"], match)]
    forms += [(a.lstrip("=?"), _MARKS.get(a[0], of_aliases)) for a in written]
    return Skill(
        row["name"],
        match,
        tuple(alias for alias, _match in forms[1:]),
        tuple(filter(None, row["languages"].split("|"))),
        tuple(row["modules"].split()),
        tuple(forms),
    )


def _read_match(text: str) -> Match:
    for match in get_args(Match):
        if text == match:
            return match  # type: ignore[no-any-return]  # get_args is untyped
    raise ValueError(f"skills.csv has the match {text!r}: use one of {get_args(Match)}")


def _build_patterns(
    skills: tuple[Skill, ...],
) -> dict[str, tuple[tuple[int, re.Pattern[str]], ...]]:
    """By the first word of a name, lower case: where the name begins before that word, and all such names.

    A text is read word by word, so that two thousand names cost no more than the few that its words begin.
    """
    names: dict[tuple[str, int], dict[str, str]] = {}
    for form, match in (form for skill in skills for form in skill.forms):
        word = _word.search(form)
        if word is None:
            raise ValueError(f"skills.csv has the name {form!r}: use one with a letter or a digit")
        names.setdefault((word.group().lower(), word.start()), {})[form] = _write_form(form, match)
    patterns: dict[str, tuple[tuple[int, re.Pattern[str]], ...]] = {}
    for (first, offset), choices in names.items():
        # Longest name first, so that `React Native` is not `React`.
        choice = "|".join(choices[form] for form in sorted(choices, key=len, reverse=True))
        pattern = re.compile(rf"(?<![\w@#$])(?<!\w[.&'])(?:{choice})(?![\w+#]|://)", re.IGNORECASE)
        patterns[first] = (*patterns.get(first, ()), (offset, pattern))
    return patterns


def _write_form(form: str, match: Match) -> str:
    escaped = re.escape(form).replace(r"\ ", r"\s{1,9}")
    if match == "context":  # not of another word: go-to-market, R&D, C-level, C.E.O.
        return rf"(?<!-)(?-i:{escaped})(?![-&'.]\w)"
    if match == "case":
        return f"(?-i:{escaped})"
    if form.isalpha() and form.isupper() and len(form) <= LONGEST_ACRONYM:  # not SAs, IPs
        return f"(?-i:{form}|{form.lower()}|{form.title()})"
    return escaped


def _find_mentions(text: str) -> list[_Mention]:
    mentions: list[_Mention] = []
    end = 0
    lowered = lower_in_place(text)
    for word in _word.finditer(lowered):
        patterns = _by_first_word.get(word.group())
        if patterns is None:
            continue
        for offset, pattern in patterns:
            start = word.start() - offset
            if start < end or not (found := pattern.match(text, start)):
                continue
            end = found.end()
            mentions.append(_read_mention(found))
            break
    return list(_leave_out(mentions, _find_asides(text)))


def _leave_out(mentions: list[_Mention], asides: list[tuple[int, int]]) -> Iterator[_Mention]:
    """The mentions that stand in none of some stretches of text."""
    past = iter(sorted(asides))
    start, end = next(past, NOWHERE)
    for mention in mentions:
        while end <= mention.start and (start, end) != NOWHERE:
            start, end = next(past, NOWHERE)
        if not start <= mention.start < end:
            yield mention


def _find_asides(text: str) -> list[tuple[int, int]]:
    """Where a sentence turns to the company's customers, makers or money, up to its end."""
    asides = []
    for words in _COMPANY_WORDS:
        start = text.find(words)
        while start >= 0:
            ends = (text.find(stop, start, start + LONGEST_ASIDE) for stop in (". ", ".\n", "\n"))
            end = min((at for at in ends if at >= 0), default=start + LONGEST_ASIDE)
            asides.append((start, end))
            start = text.find(words, end)
    return asides


def _read_mention(found: re.Match[str]) -> _Mention:
    skill, match = _by_name[" ".join(found.group().split()).casefold()]
    return _Mention(found.start(), found.end(), skill.name, match != "context")


def _is_of(employer: str, name: str) -> bool:
    """Whether a technology bears the employer's name: MongoDB of MongoDB, AWS Lambda of AWS, Orca of Orca Security."""
    own, theirs = employer.split(), name.casefold().split()
    return own != [] and own[: len(theirs)] == theirs[: len(own)]


def _is_asked_for(text: str, mention: _Mention) -> bool:
    return bool(_asked_for.search(text[max(0, mention.start - 40) : mention.start]))


def _has_context(text: str, mention: _Mention) -> bool:
    before = text[max(0, mention.start - 60) : mention.start]
    may_ask = before.rstrip().lower().endswith(_LAST_BEFORE)
    return bool((may_ask and _before.search(before)) or _after.match(text, mention.end))


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
    if len(between) > MOST_BETWEEN or _between.fullmatch(between) is None:
        return False
    # Nothing between them: one to a line.
    return not between.isspace() or ("\n" in between and text[right.end : right.end + 1] in "\n")


_part = re.compile(r"[./:\\]")
_word = re.compile(r"\w+")
SKILLS: tuple[Skill, ...] = read_skills(_FILE)
_by_name: Mapping[str, tuple[Skill, Match]] = {
    form.casefold(): (skill, match) for skill in SKILLS for form, match in skill.forms
}
_by_module: Mapping[str, str] = {module: s.name for s in SKILLS for module in s.modules}
_by_language: Mapping[str, str] = {language: s.name for s in SKILLS for language in s.languages}
_by_first_word = _build_patterns(SKILLS)
