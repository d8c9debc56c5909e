"""Places and work models from what a board calls a location, and what those places are. Pure but for the tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from internflow.listings.gazetteer import CITY, Reading, load_gazetteer
from internflow.listings.place_groups import Group, group_pieces
from internflow.listings.posting import WorkModel
from internflow.listings.text import clean_line

# " or " parts places only in lower case: "Portland, OR" is one place.
_separator = re.compile(r"\s*[;|]\s*|\s+or\s+|\s+/\s+")
_remote = re.compile(r"\b(?:remote|work from home|wfh|telecommute)\b", re.IGNORECASE)
_hybrid = re.compile(r"\bhybrid\b", re.IGNORECASE)
_on_site = re.compile(r"\b(?:on-?site|in[- ]office|in[- ]person)\b", re.IGNORECASE)
_model_note = re.compile(
    r"\s*\((?:hybrid|remote|on-?site|in[- ]office|work from home|wfh)\)$", re.IGNORECASE
)
# What may stand around a work model without naming a place.
_no_place = re.compile(
    r"\b(?:remote|hybrid|on-?site|in[- ]office|in[- ]person|work from home|wfh|telecommute|fully|first|friendly"
    r"|eligible|flexible|only|ok|possible|optional|travel|required|role|position|location|based|various|multiple"
    r"|locations|n/?a|tbd)\b",
    re.IGNORECASE,
)


RULES_VERSION = "places-2"
LONGEST_NAME = 1000
CONTEXT_SHARE = (
    10  # a namesake next to the posting's other places wins over one so many times its weight
)


@dataclass(frozen=True)
class Whereabouts:
    places: tuple[str, ...]
    work_model: WorkModel | None


@dataclass(frozen=True)
class Place:
    """One place of a posting. `country`: ISO 3166 alpha-2; what the text does not tell is None."""

    text: str
    city: str | None
    region: str | None
    country: str | None


def parse_whereabouts(names: Sequence[str]) -> Whereabouts:
    """Places and work model of location names; a name that is only a work model is no place."""
    parts = [p for name in names for p in _separator.split(clean_line(name)) if p]
    places = [
        _model_note.sub("", part) for part in parts if re.search(r"\w", _no_place.sub("", part))
    ]
    return Whereabouts(tuple(dict.fromkeys(places)), _find_work_model(" ; ".join(parts)))


def _find_work_model(text: str) -> WorkModel | None:
    if _hybrid.search(text):
        return "hybrid"
    if _remote.search(text):
        return "remote"
    return "on_site" if _on_site.search(text) else None


def resolve_places(texts: Sequence[str]) -> tuple[Place, ...]:
    """The places that location names mean, each once; names of a work model or a number of places are none.

    A name in several parts ("Berlin / Munich") is several places. A city whose name is borne by several is the one
    near the posting's other places, else the largest.
    """
    return _resolve_all(tuple(texts))


@lru_cache(maxsize=20_000)
def _resolve_all(texts: tuple[str, ...]) -> tuple[Place, ...]:
    found = [pair for text in texts for pair in _resolve_text(text)]
    near = [g.readings[0] for _text, g in found if g.readings and g.is_qualified]
    places = [_build_place(text, _choose(group, near)) for text, group in found]
    unique = {
        (p.city, p.region, p.country, p.text if p.country is None else ""): p
        for p in reversed(places)
    }
    return tuple(reversed(unique.values()))


@lru_cache(maxsize=50_000)
def _resolve_text(text: str) -> tuple[tuple[str, Group], ...]:
    found: list[tuple[str, Group]] = []
    for part in _separator.split(clean_line(text[:LONGEST_NAME])):
        groups = group_pieces(part)
        if len(groups) == 1:
            found.append((part.strip(" ,"), groups[0]))
        else:
            found += [(", ".join(p.text for p in g.pieces), g) for g in groups]
    return tuple(found)


def _choose(group: Group, near: list[Reading]) -> Reading | None:
    if not group.readings:
        return None
    first = group.readings[0]
    if group.is_qualified or first.level != CITY:
        return first
    rivals = [
        r for r in group.readings if r.level == CITY and r.weight * CONTEXT_SHARE >= first.weight
    ]
    for is_near in (_shares_region, _shares_country):
        for reading in rivals:
            if any(is_near(reading, other) for other in near):
                return reading
    return first


def _shares_region(reading: Reading, other: Reading) -> bool:
    return _shares_country(reading, other) and reading.code == other.code


def _shares_country(reading: Reading, other: Reading) -> bool:
    return reading.country == other.country


def _build_place(text: str, reading: Reading | None) -> Place:
    if reading is None:
        return Place(text, None, None, None)
    regions = load_gazetteer().region_names
    region = regions.get((reading.country or "", reading.code or ""))
    return Place(text, reading.city, region, reading.country)
