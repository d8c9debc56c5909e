"""Where a job is by its own words, for postings whose location field names no country ("Hybrid", "In-Office"). Pure."""

import re

from internflow.listings.gazetteer import CITY, build_key, load_gazetteer
from internflow.listings.places import Place, resolve_places
from internflow.listings.statements import find_words, lower_in_place

RULES_VERSION = "stated-places-1"
SHORT_COUNTRIES = frozenset({"UK", "US", "USA", "UAE"})
LARGE_CITY = 1_000_000  # weight
LONGEST_LIST = 15  # lines below a heading "Available Locations"

_label = re.compile(
    r"(?:^|\n|\. )[ \t]*(?:[-\u2022*] ?)?(?:(?:available|job|work|office|primary|role|our) )?locations?"
    r"(?:\(s\))?"
    r"[ \t]*(?:[:\u2013\u2014-][ \t]*|\n+(?=\S)|(?= [A-Z]))",
    re.IGNORECASE,
)
_sentence_end = re.compile(r"\.\s|\.$|;|\bjob title\b|\babout\b", re.IGNORECASE)
_based = re.compile(
    r"\b(?:role|position|job|internship|candidates?|you)\b[^.\n]{0,40}?\b(?:based|located|reside|residing)"
    r" (?:remotely )?(?:in|within) (?P<place>[A-Z][^.;\n()]{1,60})"
)
_title_part = re.compile(r"\s+[-\u2013\u2014|]\s+|[()\[\]|]")


def find_stated_places(title: str, description: str) -> tuple[Place, ...]:
    """The places in known countries that the description gives as the job's location, else those of the title."""
    return _read_label(description) or _read_title(title) or _read_statement(description)


def _read_label(description: str) -> tuple[Place, ...]:
    lowered = lower_in_place(description)
    for position in find_words(lowered, ("location",)):
        label = _label.search(description, max(0, position - 14), position + 30)
        if not label:
            continue
        lines = description[label.end() : label.end() + 600].split("\n", LONGEST_LIST)[
            :LONGEST_LIST
        ]
        places = _resolve(_first_sentence(lines[0]))
        if not places:
            continue
        for line in lines[1:]:
            more = _resolve(line) if len(line) <= 60 else ()
            if line.strip() and not more:
                break
            places += more
        return tuple(dict.fromkeys(places))
    return ()


def _first_sentence(line: str) -> str:
    end = _sentence_end.search(line, 2)
    return line[: end.start() if end else 150]


def _resolve(text: str) -> tuple[Place, ...]:
    return tuple(place for place in resolve_places((text,)) if place.country)


def _read_title(title: str) -> tuple[Place, ...]:
    parts = [part.strip() for part in _title_part.split(title)[1:]]
    return tuple(place for place in resolve_places([p for p in parts if p]) if _is_whole(place))


def _is_whole(place: Place) -> bool:
    """Whether the text is the name of a country or large city, no more; a title's other words look like places too."""
    readings = load_gazetteer().names.get(build_key(place.text), ())
    if not readings or (len(place.text) <= 3 and place.text not in SHORT_COUNTRIES):
        return False
    return readings[0].level != CITY or readings[0].weight >= LARGE_CITY


def _read_statement(description: str) -> tuple[Place, ...]:
    lowered = lower_in_place(description)
    for position in find_words(lowered, ("based ", "located ", "resid")):
        found = _based.search(description, max(0, position - 70), position + 90)
        if found and (places := _resolve(found["place"])):
            return places
    return ()
