"""Reads one location name: the comma-parted pieces of it, and which of them make one place. Pure but for the tables.

"San Francisco, CA, New York, NY" is two places, "USA, WA, Seattle" one; each piece may have several meanings, and those
that fit together win.
"""

import re
from dataclasses import dataclass, replace

from internflow.listings.gazetteer import (
    CITY,
    COUNTRY,
    LISTED_WEIGHT,
    REGION,
    Reading,
    build_key,
    load_gazetteer,
)

MOST_PIECES = 60  # of one name; more are no location
LONGEST_WINDOW = 4  # words of one name inside a longer piece
SMALLEST_INSIDE = 100_000  # weight of a city that is recognised in the middle of other words
LARGEST_DOUBTED = (
    1_200_000  # weight; "Paris, Ontario" is no Paris, but "Tokyo, Germany" are two places
)

_comma = re.compile(
    r"\s*[,(){}\[\]>:\n\u2022\u00b7]\s*|\s+[-\u2013\u2014~]+\s+|[\u2013\u2014]|\s+-(?=\w)"
    r"|(?<!\bSt)(?<!\bFt)(?<!\bMt)\. (?=[A-Z])"
)
_prefix = re.compile(r"[A-Z]{2}\s+[-\u2013\u2014]\s+\S")
_joint = re.compile(r"\s+(?:and|or|und|oder|et|y|&|\+)\s+|\s*[/&+]\s*", re.IGNORECASE)
_work_words = re.compile(
    r"\b(?:remote(?:ly)?|hybrid|on-?\s?site|in[- ]office|in[- ]person|work from home|wfh|telecommute|fully|100%"
    r"|first|friendly|eligible|flexible|only|ok|possible|optional|travel|required|preferred|roles?|positions?"
    r"|locations?|based|various|multiple|several|n/?a|tbd|unspecified|distributed|virtual|blank|undefined|none|home"
    r"|unknown|jobs?|homeoffice|home office|full[- ]time|part[- ]time|more|other)\b",
    re.IGNORECASE,
)
_noise = re.compile(
    r"\b(?:(?-i:in|of)|within|from|anywhere|the|across|throughout|near|around|area|areas|metro|metropolitan|metroplex|greater"
    r"|region|rest|county|city|town|state|province|district|municipality|regional|office|offices|hq|headquarters|campus|site"
    r"|wide|any|all|us-based|downtown|north|south|east|west|central|international|airport)\b",
    re.IGNORECASE,
)
_numbered = re.compile(r"[^\s,]*\d[^\s,]*")
_code = re.compile(r"[A-Z]{2,3}|[A-Z][a-z]|(?:[A-Z]\.){2,3}")
_words = re.compile(r"[^\s]+")


@dataclass(frozen=True)
class Piece:
    """One part of a name with its possible meanings; without any it is no known place."""

    text: str
    readings: tuple[Reading, ...]
    is_code: bool = False


@dataclass(frozen=True)
class Group:
    """Pieces that make one place. `readings`: what it still may be, the likeliest first."""

    pieces: tuple[Piece, ...]
    readings: tuple[Reading, ...]
    is_qualified: bool = False
    is_closed: bool = (
        False  # a city was added from the large to the small: nothing more belongs to it
    )


def group_pieces(name: str) -> tuple[Group, ...]:
    """The places of one location name; a group without readings is a name that no table knows."""
    pieces = [p for text in _comma.split(name)[:MOST_PIECES] for p in _read_piece(text)]
    groups: list[Group] = []
    strangers: list[Piece] = []
    for piece in pieces:
        if not piece.readings:
            strangers.append(piece)
            continue
        joined = (
            _join(groups[-1], piece) if groups and not _is_stranger_of(strangers, piece) else None
        )
        if joined:
            groups[-1] = joined
        elif (
            piece.is_code and piece.text.istitle()
        ):  # "On", "Me": words but for a city right before
            continue
        else:
            groups.append(_begin(strangers, piece))
        strangers = []
    if not groups and strangers:
        return (Group(tuple(strangers), ()),)
    if len(groups) > 1 and _prefix.match(name) and groups[0].pieces[-1].is_code:
        return tuple(groups[1:])  # "CH - Shanghai, China": an internal code
    return tuple(groups)


def _is_stranger_of(strangers: list[Piece], piece: Piece) -> bool:
    """Whether a code or region belongs to the unknown town right before it."""
    return bool(strangers) and piece.is_code


def _begin(strangers: list[Piece], piece: Piece) -> Group:
    group = Group((*strangers, piece), piece.readings)
    if not strangers or piece.readings[0].level not in (REGION, COUNTRY):
        return group
    town = strangers[-1].text
    if not _is_town(town):
        return group
    first = piece.readings[0]
    return replace(
        group, readings=(Reading(first.level, town, first.code, first.country),), is_qualified=True
    )


def _is_town(text: str) -> bool:
    return text[:1].isupper() and 2 < len(text) <= 30 and len(text.split()) <= 4


def _join(group: Group, piece: Piece) -> Group | None:
    """The group with the piece as part of it; None when the piece begins another place."""
    pieces = (*group.pieces, piece)
    for new in piece.readings:
        for known in group.readings:
            if known.is_same_place(new):
                return replace(group, pieces=pieces, readings=(known,))
            if new.contains(known):
                return Group(pieces, (_widen(known, new),), is_qualified=True)
            if known.city is None and known.contains(new) and not group.is_closed:
                narrowed = new if new.level == CITY else new._replace(level=REGION)
                return Group(pieces, (narrowed,), True, narrowed.level == CITY)
    return _attach(group, piece)


def _widen(known: Reading, new: Reading) -> Reading:
    return known._replace(level=new.level, code=known.code if new.level == COUNTRY else new.code)


def _attach(group: Group, piece: Piece) -> Group | None:
    """A town that the tables know only elsewhere, with the region or country that is written behind it."""
    first, known = piece.readings[0], group.readings[0]
    if group.is_qualified or first.level not in (REGION, COUNTRY) or group.pieces[-1].is_code:
        return None
    if piece.is_code and piece.text.istitle():
        return None
    is_firm = piece.is_code and first.level == REGION  # "Denmark, WI"
    if not is_firm and known.level != CITY:
        return None
    if not is_firm and max(r.weight for r in group.readings) > LARGEST_DOUBTED:
        return None
    town = group.pieces[-1].text
    reading = Reading(first.level, town, first.code, first.country)
    return Group((*group.pieces, piece), (reading,), is_qualified=True)


def _read_piece(text: str) -> list[Piece]:
    """A piece's meanings; one that is nothing known is taken apart, and one that is only noise is none."""
    known = _look_up(text.strip())
    if known:
        return [known]
    cleaned = " ".join(_numbered.sub(" ", _work_words.sub(" ", text)).split()).strip(" -*'\"#;")
    if not re.search(r"\w", cleaned):
        return []
    known = _look_up(cleaned)
    if known:
        return [known]
    parts = [part for part in _joint.split(cleaned) if part]
    if len(parts) > 1:
        return [piece for part in parts for piece in _read_piece(part)]
    parts = [part for part in cleaned.split("-") if part]
    if len(parts) > 1 and any(_look_up(part) for part in parts):
        return [piece for part in parts for piece in _read_piece(part)]
    return _read_words(cleaned)


def _look_up(text: str) -> Piece | None:
    gazetteer = load_gazetteer()
    is_code = bool(_code.fullmatch(text))
    listed = gazetteer.names.get(build_key(text), ()) if len(text) <= 80 else ()
    if len(text) <= 2 and not is_code:
        return None
    codes = gazetteer.codes.get(text.replace(".", "").upper(), ()) if is_code else ()
    if text.istitle() and is_code and len(text) == 2:
        return Piece(text, codes, True) if codes else None
    readings = tuple(dict.fromkeys((*listed, *codes)))
    return Piece(text, readings, bool(codes)) if readings else None


def _read_words(text: str) -> list[Piece]:
    """The places named among other words: "Sunnyvale CA", "Omaha Riverfront", "NY Metro"."""
    words = _words.findall(text)[:MOST_PIECES]
    tail = _look_up(words[-1].strip(".,")) if len(words) > 1 else None
    if tail and (tail.is_code or tail.readings[0].level == COUNTRY) and not tail.text.istitle():
        return [*_read_piece(" ".join(words[:-1])), tail]
    stripped = " ".join(_noise.sub(" ", text).split())
    if not re.search(r"\w", stripped):
        return []
    if stripped != text:
        known = _look_up(stripped)
        if known:
            return [known]
    return _find_inside(words) or [Piece(text, ())]


def _find_inside(words: list[str]) -> list[Piece]:
    found: list[Piece] = []
    start = 0
    while start < len(words):
        for size in range(min(LONGEST_WINDOW, len(words) - start), 0, -1):
            piece = _look_up(" ".join(words[start : start + size]).strip(".,;"))
            if piece and _is_sure(piece):
                found.append(piece)
                start += size
                break
        else:
            start += 1
    return found


def _is_sure(piece: Piece) -> bool:
    first = piece.readings[0]
    if not piece.text[0].isupper() or (piece.is_code and piece.text.istitle()):
        return False
    if first.level != CITY or first.weight >= LISTED_WEIGHT:
        return True
    is_own_name = build_key(first.city or "") == build_key(piece.text)
    return is_own_name and first.weight >= SMALLEST_INSIDE and not _noise.fullmatch(piece.text)
