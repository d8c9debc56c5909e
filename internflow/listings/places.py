"""Places and work models from what a board calls a location. Pure; names stay as the board writes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from internflow.listings.posting import WorkModel
from internflow.listings.text import clean_line

# " or " parts places only in lower case: "Portland, OR" is one place.
_separator = re.compile(r"\s*[;|]\s*|\s+or\s+|\s+/\s+")
_remote = re.compile(r"\b(?:remote|work from home|wfh|telecommute)\b", re.IGNORECASE)
_hybrid = re.compile(r"\bhybrid\b", re.IGNORECASE)
_on_site = re.compile(r"\b(?:on-?site|in[- ]office|in[- ]person)\b", re.IGNORECASE)
# What may stand around a work model without naming a place.
_no_place = re.compile(
    r"\b(?:remote|hybrid|on-?site|in[- ]office|in[- ]person|work from home|wfh|telecommute|fully|first|friendly"
    r"|eligible|flexible|only|ok|possible|optional|travel|required|role|position|location|based|various|multiple"
    r"|locations|n/?a|tbd)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Whereabouts:
    places: tuple[str, ...]
    work_model: WorkModel | None


def parse_whereabouts(names: Sequence[str]) -> Whereabouts:
    """Places and work model of location names; a name that is only a work model is no place."""
    parts = [p for name in names for p in _separator.split(clean_line(name)) if p]
    places = [part for part in parts if re.search(r"\w", _no_place.sub("", part))]
    return Whereabouts(tuple(dict.fromkeys(places)), _find_work_model(" ; ".join(parts)))


def _find_work_model(text: str) -> WorkModel | None:
    if _hybrid.search(text):
        return "hybrid"
    if _remote.search(text):
        return "remote"
    return "on_site" if _on_site.search(text) else None
