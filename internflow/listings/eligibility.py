"""Who may apply, by the words of a posting: graduation years, degrees, terms, sponsorship, citizenship. Pure.

Only what a sentence says of the candidate counts: no year of founding, no years of experience, no equal opportunity
text. Sentences are found by plain words first, so that the patterns read a few lines instead of all.
"""

import re
from dataclasses import dataclass
from typing import Literal

from internflow.listings.sentences import Source, find_sentences, quote, read_source

Sponsorship = Literal["offered", "not_offered"]

RULES_VERSION = "eligibility-1"

EARLIEST_YEAR, LATEST_YEAR = 2015, 2045
WIDEST_SPAN = 6  # years of one range

_flags = re.IGNORECASE
_year = r"(?:20\d\d)"
_years = re.compile(r"(?<!\d)(20\d\d)(?!\d)|(?<!\w)['\u2019](\d\d)(?!\d)")
_years_first = re.compile(
    r"(?<!\d)20\d\d(?:\s?(?:[,/&\u2013-]|and|or|to)\s?(?:20)?\d\d(?!\d)){0,5}"
    r"(?:\s(?:pass(?:ing)?[- ]?out|(?:new |college |university )?grad(?:uate)?s?|batch(?:es)?)\b)",
    _flags,
)
_years_last = re.compile(
    r"\b(?:graduat(?:e|es|ed|ing|ion)|(?:class|batch|batches|year) of|pass(?:ing|ed)?[- ]?outs?|year of passing|batch"
    r"|grads?|(?:expected|anticipated) (?:to )?(?:complet|finish|degree)\w*)\b[^;\n]{0,90}",
    _flags,
)
_span = re.compile(rf"({_year})\s?(?:-|\u2013|to|through|until)\s?({_year})", _flags)
_history = re.compile(
    r"\b(?:founded|founders?|established|since|launched|alumni|incorporated|years? of experience|our team)\b",
    _flags,
)
_degrees: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "bachelor",
        re.compile(
            r"\b(?:(?i:bachelor)(?:['\u2019]?s|studium)?|(?i:undergraduate)|B\.?\s?Tech|B\.E\b|BE(?=/)|(?<=/)BE"
            r"|BS(?:c|E)?"
            r"|B\.\s?S(?:c)?|BCA|BBA|B\.?Com|BA(?=/)|(?<=/)BA|B\.A|Licence|Licenciatura)\b"
        ),
    ),
    (
        "master",
        re.compile(
            r"\b(?:[Mm]aster(?:['\u2019]s?|s)(?!\w)|MASTER['\u2019]?S"
            r"|[Mm]aster(?: (?i:degree|of (?:science|arts|engineering|technology|business|computer)"
            r"|student)|studium|studiengang)"
            r"|M\.?\s?Tech|M\.E\b|ME(?=/)|MSc|M\.\s?Sc?|MCA|MEng"
            r"|(?<=/)MS|MS(?=/|,? (?:or|and) Ph|,? Ph| degree| in [A-Z])"
            r"|(?i:postgraduate|post-graduate)|Master(?=,? (?:or|oder|/)))"
        ),
    ),
    ("phd", re.compile(r"\b(?:ph\.?\s?d|doctora(?:l|te)|promotion \(dr)", _flags)),
    ("mba", re.compile(r"\bMBA\b")),
    (
        "diploma",
        re.compile(r"(?<!school )(?<!school/)\bdiploma\b(?! or (?:ged|equivalent))", _flags),
    ),
)
# Some of these stand in every sentence that says such a thing.
_DEGREE_WORDS = (
    "bachelor", "master", "undergrad", "postgrad", "post-grad", "doctora", "ph.d", "phd", "ph. d", "diploma",
)  # fmt: skip
_DEGREE_CAPITALS = re.compile(
    r"[BM](?:\.?\s?Tech|\.\s?[ESA]|Sc?\b|E/|A/|S/|CA\b|BA\b|\.?Com|Eng\b)|/B[EA]\b|/MS\b|Licen"
)
_GRADUATION_WORDS = (
    "grad",
    "batch",
    "class of",
    "pass out",
    "passout",
    "passing",
    "pass-out",
    "expected ",
)
_TERM_WORDS = (" 202", " 203", " month", "-month", " week", "-week")
_SPONSOR_WORDS = ("sponsor",)
_CITIZEN_WORDS = ("citizen", "nationals", "u.s. person", "us person", "passport")
_season = re.compile(
    rf"\b(spring|summer|fall|autumn|winter)(?: (?:term|semester|quarter))?(?: of|,)? '?({_year})\b"
    rf"|\b({_year}) (spring|summer|fall|autumn|winter)\b",
    _flags,
)
_month = re.compile(
    r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    rf"|nov(?:ember)?|dec(?:ember)?)\.?,? ({_year})\b",
    _flags,
)
_length = re.compile(
    r"\b(\d{1,2})(?:\s?(?:-|\u2013|to)\s?(\d{1,2}))?[- ](week|month)s?\b"
    r"(?! (?:of )?(?:experience|notice|salary|paid|parental))",
    _flags,
)
_of_term = re.compile(
    r"\b(?:intern(?:ship)?s?|co-?op|program(?:me)?|term|semester|start(?:s|ing)?|begin(?:s|ning)?|duration|cohort"
    r"|praktikum|stage|placement|apprenticeship|available|availability)\b",
    _flags,
)
_of_length = re.compile(
    r"\b(?:intern(?:ship)?s?|co-?op|duration|program(?:me)?|praktikum|stage|placement|apprenticeship|fellowship)\b",
    _flags,
)
_not_of_length = re.compile(
    r"\b(?:experience|probation|leave|notice|insurance|within|after|first|every|ago|vesting)\b",
    _flags,
)
_sponsored = re.compile(
    r"\b(?:we|company|employer|role|position) (?:do|does|can|will|are able to|is able to|may)? ?"
    r"(?:offer visa|provide visa"
    r"|sponsor\b[^.;\n]{0,40}\b(?:visas?|work permits?|h-?1b|employment|immigration|candidates?|applicants?))"
    r"|\b(?:visa|work permit|h-?1b|immigration) sponsorship:? (?:is |will be |may be |also )?"
    r"(?:available|offered|provided|possible)"
    r"|\b(?:offer|provide|include|have)s? (?:visa|immigration|h-?1b) (?:sponsorship|support)"
    r"|sponsorship available",
    _flags,
)
_not_sponsored = re.compile(
    r"\b(?:not|unable|cannot|can't|can\u2019t|won't|won\u2019t|never|n't|n\u2019t|nor)"
    r"\b[^.;\n]{0,70}\bsponsor(?!s? visas? for every)"
    r"|\bsponsor(?:ship)?\b[^.;\n]{0,40}"
    r"\b(?:not (?:be )?(?:available|offered|provided|possible)|unavailable)"
    r"|\bno (?:visa |work |employment |immigration |h-?1b )?sponsorship"
    r"|\bwithout (?:\w+ ){0,5}(?:visa |work |employment |immigration |employer |company )?"
    r"sponsorship(?! for an export)",
    _flags,
)
_COUNTRIES = {
    "US": r"u\.?s\.?a?\.?|united states|american", "IN": r"indian?", "CA": r"canadian|canada",
    "GB": r"uk|u\.k\.|british",
    "AU": r"australian?", "DE": r"german|deutsche", "FR": r"french", "SG": r"singapore(?:an)?", "NZ": r"new zealand",
    "IL": r"israeli?", "JP": r"japanese", "CH": r"swiss", "AE": r"uae|emirati", "SA": r"saudi",
}  # fmt: skip
_country = "|".join(rf"(?P<{code}>{names})" for code, names in _COUNTRIES.items())
_citizen = r"(?:citizens?(?:hip)?|nationals?(?! security| guard)|persons?|passport)\b"
_needs_citizen = re.compile(
    r"\b(?:must|need|needs|have to|has to|required|require|requires|requiring|only|limited to|restricted to"
    r"|exclusively"
    r"|eligib\w+:?|considering|requirements?:)\s(?:[\w,()\u2019']+ ){0,6}"
    rf"(?:\([ivx]+\) )?\b(?:{_country}) ?{_citizen}(?! (?:is |are )?(?:preferred|not|a plus))",
    _flags,
)
_citizen_needed = re.compile(
    rf"\b(?:{_country}) {_citizen}(?: status)?(?: \([^()]{{0,40}}\))?(?: or (?:\w+ ){{1,4}}residen\w+)?,?"
    r" ?(?:is |are |-|\u2013)? ?(?:only|required|mandatory|must)\b",
    _flags,
)


@dataclass(frozen=True)
class Eligibility:
    """Whom a posting is for. `quotes` holds for each field that says something the words that said it.

    `degrees`: bachelor, master, phd, mba, diploma. `terms`: `summer 2027`, `jan 2027`, `6 months`. `citizenship` is the
    ISO code of the country whose citizens, or persons by its export law, alone may apply.
    """

    graduation_years: tuple[int, ...]
    degrees: tuple[str, ...]
    terms: tuple[str, ...]
    sponsorship: Sponsorship | None
    citizenship: str | None
    quotes: dict[str, str]


def find_eligibility(title: str, description: str) -> Eligibility:
    """What a posting says of who may apply."""
    source = read_source(title, description)
    quotes: dict[str, str] = {}
    return Eligibility(
        _find_graduation_years(source, quotes),
        _find_degrees(source, quotes),
        _find_terms(title, source, quotes),
        _find_sponsorship(source, quotes),
        _find_citizenship(source, quotes),
        quotes,
    )


def _find_graduation_years(source: Source, quotes: dict[str, str]) -> tuple[int, ...]:
    years: set[int] = set()
    for sentence in find_sentences(source, _GRADUATION_WORDS):
        if _history.search(sentence):
            continue
        for pattern in (_years_first, _years_last):
            for found in pattern.finditer(sentence):
                if named := _read_years(found.group()):
                    years |= named
                    quotes.setdefault("graduation_years", quote(sentence))
    return tuple(sorted(years))


def _read_years(words: str) -> set[int]:
    years = {int(full or f"20{short}") for full, short in _years.findall(words)}
    for first, last in _span.findall(words):
        if 0 < int(last) - int(first) <= WIDEST_SPAN:
            years |= set(range(int(first), int(last)))
    return {year for year in years if EARLIEST_YEAR <= year <= LATEST_YEAR}


def _find_degrees(source: Source, quotes: dict[str, str]) -> tuple[str, ...]:
    named: set[str] = set()
    for sentence in find_sentences(source, _DEGREE_WORDS, _DEGREE_CAPITALS):
        if _history.search(sentence) and "experience" not in sentence:
            continue
        found = {degree for degree, pattern in _degrees if pattern.search(sentence)}
        if found:
            named |= found
            quotes.setdefault("degrees", quote(sentence))
    return tuple(degree for degree, _pattern in _degrees if degree in named)


def _find_terms(title: str, source: Source, quotes: dict[str, str]) -> tuple[str, ...]:
    terms: dict[str, None] = {}
    for sentence in find_sentences(source, _TERM_WORDS):
        for pattern in (_season, _month, _length):
            for found in pattern.finditer(sentence):
                if sentence in title or _is_of_this_term(pattern, sentence):
                    terms.setdefault(_write_term(pattern, found))
                    quotes.setdefault("terms", quote(sentence))
    return tuple(terms)


def _is_of_this_term(pattern: re.Pattern[str], sentence: str) -> bool:
    if pattern is _length:
        return bool(_of_length.search(sentence)) and not _not_of_length.search(sentence)
    of_graduation = pattern is _month and "graduat" in sentence.lower()
    return bool(_of_term.search(sentence)) and not of_graduation and not _history.search(sentence)


def _write_term(pattern: re.Pattern[str], found: re.Match[str]) -> str:
    groups = [group.lower() for group in found.groups() if group]
    if pattern is _season:
        season, year = sorted(groups, reverse=True)
        return f"{'fall' if season == 'autumn' else season} {year}"
    if pattern is _month:
        return f"{groups[0][:3]} {groups[1]}"
    return f"{'-'.join(groups[:-1])} {groups[-1]}{'' if groups[:-1] == ['1'] else 's'}"


def _find_sponsorship(source: Source, quotes: dict[str, str]) -> Sponsorship | None:
    offered = None
    for sentence in find_sentences(source, _SPONSOR_WORDS):
        if _not_sponsored.search(sentence):
            quotes["sponsorship"] = quote(sentence)
            return "not_offered"
        if offered is None and _sponsored.search(sentence):
            offered = sentence
            # What follows an offer limits it: "However, we cannot sponsor everybody".
            break
    if offered is None:
        return None
    quotes["sponsorship"] = quote(offered)
    return "offered"


def _find_citizenship(source: Source, quotes: dict[str, str]) -> str | None:
    for sentence in find_sentences(source, _CITIZEN_WORDS):
        found = _needs_citizen.search(sentence) or _citizen_needed.search(sentence)
        if found:
            quotes["citizenship"] = quote(sentence)
            return next(code for code, word in found.groupdict().items() if word)
    return None
