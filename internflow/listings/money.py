"""Amounts of money as postings write them, and what one is in another currency. Pure.

rates.csv holds rounded reference rates, US dollars for one unit, of the day in `as_of`: good for comparing offers, not
for paying anybody. currencies.csv: the signs of one currency alone, and where it is at home.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD"})
CROWNS = frozenset({"SEK", "NOK", "DKK"})


def _read_table(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_CURRENCIES = _read_table("currencies.csv")
CODES = tuple(row["currency"] for row in _CURRENCIES)
_SIGNS = {sign.lower(): row["currency"] for row in _CURRENCIES for sign in row["signs"].split()}
_HOME = {country: row["currency"] for row in _CURRENCIES for country in row["countries"].split()}
_RATES = {row["currency"]: Decimal(row["usd_rate"]) for row in _read_table("rates.csv")}
_UNITS = {
    **dict.fromkeys(("k", "thousand", "tsd"), Decimal(1000)),
    **dict.fromkeys(("l", "lakh", "lakhs", "lac", "lacs", "lpa"), Decimal(100_000)),
    **dict.fromkeys(("cr", "crore", "crores"), Decimal(10_000_000)),
    **dict.fromkeys(("m", "mn", "mm", "million", "mio"), Decimal(1_000_000)),
    **dict.fromkeys(("b", "bn", "billion", "t", "trillion"), Decimal(1_000_000_000)),
}
INDIAN_UNITS = ("l", "lakh", "lakhs", "lac", "lacs", "lpa", "cr", "crore", "crores")
HUGE_UNITS = ("m", "mn", "mm", "million", "mio", "b", "bn", "billion", "t", "trillion")

_sign = (
    r"(?:(?:US|USD|C|CA|CAD|CDN|A|AU|AUD|NZ|S|SG|HK|R|MX|NT)?\$"
    r"|(?:EUR)?\u20ac|(?:GBP)?\u00a3|(?:INR)?\u20b9|[\u00a5\u20aa\u20a9\u20b1\u20ba]"
    rf"|\b(?:(?:{'|'.join(CODES)})(?:\s\$)?|RMB|[Rr]s\.?|INR\.|[Ee]uros?|EURO|[Kk]r))"
)
_sign_behind = rf"(?:{_sign}(?![\w$])|z\u0142|K\u010d|(?:dollars|rupees|pounds)\b)"
_number = (
    r"(?:\d{1,3}(?:[,.'\u2019\u00a0\u202f]\d{2,3}){1,4}(?:[.,]\d{1,2})?"
    r"|\d{1,3}(?: \d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)(?!\d|[.,]\d)"
)
_unit = (
    r"(?:\s?(?:[kK]|LPA|lpa|Lpa|[lL]akhs?|LAKHS?|[lL]acs?|L|[cC]rores?|[cC]r|[mM]illion|mn|mm|MM|[mM]io"
    r"|[bB]illion|bn|[tT]rillion|thousand|Tsd|[MBT])(?![A-Za-z]))"
)
_each = r"(?:\s?(?:/|per|an)\s?/?(?:hour|hr|h|year|yr|annum|month|mo|week|day)\b\.?)"
_to = r"\s{0,2}(?:-{1,2}|[\u2010-\u2015\u2212]|to|bis|and|until|up to|\u00e0|a)\s{0,2}"
_span = re.compile(
    rf"(?<![\w.,])(?P<sign>{_sign})?\s?(?P<number>{_number})(?P<unit>{_unit})?(?P<open>\+)?"
    rf"(?:\s?(?P<behind>{_sign_behind}))?"
    rf"(?:{_each}?{_to}(?P<sign_2>{_sign})?\s?(?P<number_2>{_number})(?P<unit_2>{_unit})?"
    rf"(?:\s?(?P<behind_2>{_sign_behind}))?)?(?!\s?%|\w)"
)


@dataclass(frozen=True)
class Span:
    """One amount or a range of amounts and where it stands; `sign` as written, None without one."""

    start: int
    end: int
    least: Decimal
    most: Decimal
    sign: str | None
    units: tuple[str, ...]
    is_range: bool
    is_open: bool


def find_spans(text: str, start: int, end: int) -> list[Span]:
    """The amounts in a part of the text, with or without a sign of money."""
    return [_read_span(found) for found in _span.finditer(text, start, end)]


def _read_span(found: re.Match[str]) -> Span:
    part = found.groupdict()
    units = tuple((part[name] or "").strip().lower() for name in ("unit", "unit_2"))
    least = _read_number(part["number"])
    is_range = part["number_2"] is not None
    most = _read_number(part["number_2"]) if is_range else least
    unit, unit_2 = units if is_range else (units[0], units[0])
    if unit_2 and not unit and least < most * 100:
        unit = unit_2  # "75 - 110k"
    least, most = least * _UNITS.get(unit, Decimal(1)), most * _UNITS.get(unit_2, Decimal(1))
    # A code says more than a sign: "$104,000 CAD".
    signs = [part[name] for name in ("behind_2", "behind", "sign", "sign_2") if part[name]]
    sign = next((s for s in signs if s[:3].upper() in CODES), signs[0] if signs else None)
    return Span(
        found.start(),
        found.end(),
        min(least, most),
        max(least, most),
        sign,
        tuple(u for u in units if u),
        is_range,
        bool(part["open"]) and not is_range,
    )


def _read_number(written: str) -> Decimal:
    """A number with whatever separators: three digits behind the last one make it a group, fewer a fraction."""
    parts = re.split(r"[,.'\u2019\u00a0\u202f ]", written)
    if len(parts) > 1 and len(parts[-1]) < 3:
        return Decimal("".join(parts[:-1]) + "." + parts[-1])
    return Decimal("".join(parts))


def find_currency(sign: str | None, units: Sequence[str], countries: Sequence[str]) -> str | None:
    """The ISO code of a sign as written, by the job's countries where the sign has several meanings."""
    written = (sign or "").strip()
    code = written[:3].upper()
    known = code if code in CODES else _SIGNS.get(written.lower())
    if known or not written:
        return known or _find_home(units, countries)
    homes = [_HOME[country] for country in countries if country in _HOME]
    if written.lower() == "kr":
        return next((home for home in homes if home in CROWNS), "SEK")
    if written == "\u00a5":
        return "CNY" if "CNY" in homes else "JPY"
    dollars = [home for home in homes if home in DOLLARS]
    return "USD" if not dollars or "USD" in dollars else dollars[0]


def _find_home(units: Sequence[str], countries: Sequence[str]) -> str | None:
    if any(unit in INDIAN_UNITS for unit in units):
        return "INR"
    homes = {_HOME.get(country) for country in countries}
    return homes.pop() if len(homes) == 1 else None


def convert(amount: Decimal, currency: str, wanted: str) -> Decimal | None:
    """An amount in another currency, rounded to a hundredth; None when there is no rate."""
    if currency not in _RATES or wanted not in _RATES:
        return None
    value = amount if currency == wanted else amount * _RATES[currency] / _RATES[wanted]
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def estimate_usd(amount: Decimal, currency: str | None) -> Decimal:
    """About how many US dollars; an unknown currency counts as dollars."""
    return amount * _RATES.get(currency or "USD", Decimal(1))
