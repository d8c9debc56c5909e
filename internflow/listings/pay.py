"""What a posting says it pays, with the words that say so. Pure.

Read from what the board sends as pay, else from statements of the title and description. Funding, revenue, bonuses,
budgets, allowances and equity are no pay. Several ranges, by place or level, become the widest one of one currency and
period; target earnings count only where no base pay is stated.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from internflow.listings.money import (
    HUGE_UNITS,
    INDIAN_UNITS,
    Span,
    convert,
    estimate_usd,
    find_currency,
    find_spans,
)
from internflow.listings.pay_words import (
    PayPeriod,
    Surroundings,
    find_period_behind,
    is_other_money,
    is_target_behind,
    read_before,
)
from internflow.listings.statements import find_words, lower_in_place

RULES_VERSION = "pay-1"

# Full-time hours, days and weeks of an average month.
MONTHLY: dict[str, Decimal] = {
    "hour": Decimal("173.33"),
    "day": Decimal("21.67"),
    "week": Decimal(52) / 12,
    "month": Decimal(1),
    "year": Decimal(1) / 12,
}
# US dollars that a job may pay for a period; less is an allowance, more is no one's pay.
PLAUSIBLE: dict[str, tuple[int, int]] = {
    "hour": (1, 1000),
    "day": (5, 5000),
    "week": (20, 20_000),
    "month": (20, 80_000),
    "year": (500, 3_000_000),
    "total": (20, 500_000),
}
LEAST_STATED = {"year": 8000, "month": 200}  # the same for Western currencies in running text
INDIAN_YEAR = 100_000  # rupees; from here on an amount without a period is a year's
BEFORE, BEHIND = 170, 60
LONGEST_QUOTE = 300
MOST_AMOUNTS = 300  # looked at in one text

# A sign of money, or a number next to a code or unit of money. One set of characters comes first: that is fast.
_signs = r"$\u20ac\u00a3\u20b9\u00a5\u20aa\u20a9\u20b1\u20ba"
_anchor = re.compile(
    rf"[{_signs}\d](?:(?<=[{_signs}])"
    r"|(?<=[A-Z]{3} \d)|(?<=[A-Z]{3}\d)|(?<=[rR]s \d)|(?<=[rR]s\. \d)|(?<=[rR]s\.\d)|(?<=[rR]s\d)|(?<=kr \d)"
    r"|(?<=uro \d)"
    r"|(?=[\d.,']{0,14}\+? ?(?:[kK]\b|z\u0142|K\u010d|LPA|lpa|Lpa|[lL]akh|LAKH|[lL]ac|L\b|[cC]r|[A-Z]{3}\b"
    r"|[eE]uro|kr\b|rupees"
    r"|dollars|/ ?(?:month|hour|hr)|per (?:month|hour)|p\.m)))"
)
_UNPAID_WORDS = ("paid", "stipend", "bezahlt", "no pay", "no salary")

_quote_end = re.compile(
    r"[ /]{0,2}(?:per \w+|/ ?\w+|an hour|annual\w*|monthly|p\.\s?[am]\.?)(?!\w)", re.IGNORECASE
)
_up_to = re.compile(
    r"(?:\bup ?to|\bmax(?:imum)?(?: of)?|bis zu|jusqu'\u00e0|\bunder|less than)[:\s]*$"
)
_from = re.compile(
    r"(?:\bstart(?:s|ing)? (?:at|from)|\bfrom|\bmin(?:imum)?(?: of)?|\bat least|\bab|\u00e0 partir de|\babove"
    r"|more than)[:\s]*$"
)
_unpaid = re.compile(
    r"(?<!or )(?<!and )\bunpaid\b(?=\s*(?:[.,;:!)\]|/-]|$|intern|position|role|opportunit|volunt|placement|co-?op"
    r"|stage|fellowship|job|program|trainee))"
    r"|\b(?:internship|position|role) is (?:currently )?(?:unpaid|not paid|non-paid)\b|\bno (?:stipend|pay"
    r"|salary|compensation) (?:is|will be|for)\b"
    r"|\b(?:not (?:a )?paid|non-paid) (?:internship|position|role)"
    r"|\bstipend\s?[:\u2013-]\s?(?:no|none|nil|unpaid)\b"
    r"|\bunbezahlt(?:es)? praktikum",
    re.IGNORECASE,
)
_unpaid_text = re.compile(
    r"^\W*(?:unpaid|no stipend|not paid|none|volunteer(?:ing)?)\b|\bunpaid\b", re.IGNORECASE
)
_by_performance = re.compile(r"\bperformance[- ]based\b|\bcommission[- ]only\b", re.IGNORECASE)


@dataclass(frozen=True)
class Pay:
    """Pay as stated. `least` or `most` is None where the posting tells only the other; both are for unpaid work."""

    quote: str
    least: Decimal | None
    most: Decimal | None
    currency: str | None
    period: PayPeriod | None
    is_unpaid: bool = False


@dataclass(frozen=True)
class _Offer:
    span: Span
    least: Decimal | None
    most: Decimal | None
    currency: str | None
    period: PayPeriod
    is_target: bool


def find_pay(
    pay_text: str | None, title: str, description: str, countries: Sequence[str] = ()
) -> Pay | None:
    """What a posting pays; None when it names no amount and does not call itself unpaid.

    `countries`: the job's, as ISO codes; they tell which dollar a bare "$" is.
    """
    if pay_text and (pay := _read_pay_text(pay_text, countries)):
        return pay
    for text in (title, description):
        if pay := _read_statements(text, countries):
            return pay
    for text in (title, description):
        if found := _find_unpaid(text):
            return Pay(_clean(found), None, None, None, None, is_unpaid=True)
    return None


def to_monthly(pay: Pay, currency: str) -> tuple[Decimal, Decimal] | None:
    """Least and most of a full-time month in another currency; None where no month or rate is known.

    A year has 12 months, a month 52/12 weeks, 21.67 days and 173.33 hours of work.
    """
    if pay.is_unpaid:
        return Decimal(0), Decimal(0)
    amounts = [amount for amount in (pay.least, pay.most) if amount is not None]
    if not amounts or pay.currency is None or pay.period not in MONTHLY:
        return None
    monthly = [convert(amount * MONTHLY[pay.period], pay.currency, currency) for amount in amounts]
    known = [amount for amount in monthly if amount is not None]
    return (known[0], known[-1]) if known else None


def _read_pay_text(pay_text: str, countries: Sequence[str]) -> Pay | None:
    lowered = lower_in_place(pay_text)
    offers = [
        offer
        for span in find_spans(pay_text, 0, min(len(pay_text), 2000))
        if (offer := _judge(lowered, span, countries, is_stated=True))
    ]
    if offers:
        pay = _widen(pay_text, offers)
        return Pay(_clean(pay_text)[:LONGEST_QUOTE], pay.least, pay.most, pay.currency, pay.period)
    if _unpaid_text.search(pay_text):
        return Pay(_clean(pay_text)[:LONGEST_QUOTE], None, None, None, None, is_unpaid=True)
    if found := _by_performance.search(pay_text):
        return Pay(_clean(found.group()), None, None, None, None)
    return None


def _read_statements(text: str, countries: Sequence[str]) -> Pay | None:
    windows = _find_windows(text)
    if not windows:
        return None
    lowered = lower_in_place(text)
    offers = [
        offer
        for start, end in windows
        for span in find_spans(text, start, end)
        if (offer := _judge(lowered, span, countries, is_stated=False))
    ]
    return _widen(text, offers) if offers else None


def _find_unpaid(text: str) -> str | None:
    lowered = lower_in_place(text)
    for place in find_words(lowered, _UNPAID_WORDS):
        if found := _unpaid.search(text, max(0, place - 40), place + 60):
            return found.group()
    return None


def _find_windows(text: str) -> list[tuple[int, int]]:
    """The parts of a text in which money may be named, none twice."""
    windows: list[tuple[int, int]] = []
    for found in islice(_anchor.finditer(text), MOST_AMOUNTS):
        place = found.start()
        start, end = max(0, place - 35), min(len(text), place + 50)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((start, end))
    return windows


def _judge(lowered: str, span: Span, countries: Sequence[str], *, is_stated: bool) -> _Offer | None:
    """The span as an offer of pay; None when it is something else."""
    if any(unit in HUGE_UNITS for unit in span.units) or span.most <= 0:
        return None
    currency = find_currency(span.sign, span.units, countries)
    before = lowered[max(0, span.start - BEFORE) : span.start]
    behind = lowered[span.end : span.end + BEHIND]
    around = read_before(before)
    period = "year" if "lpa" in span.units else find_period_behind(behind)
    if not is_stated and not _is_pay(around, behind, span, has_period=bool(period)):
        return None
    period = period or _find_period_before(around, span, currency)
    period = period or _guess_period(around, span, currency, is_stated=is_stated)
    if period is None or not _is_plausible(span, currency, period, is_stated=is_stated):
        return None
    is_single = not span.is_range
    least = None if is_single and _up_to.search(before[-25:]) else span.least
    is_open = is_single and (span.is_open or bool(_from.search(before[-25:])))
    most = None if is_open and least is not None else span.most
    is_target = around.is_target or is_target_behind(behind)
    return _Offer(span, least, most, currency, period, is_target)


def _is_pay(around: Surroundings, behind: str, span: Span, *, has_period: bool) -> bool:
    if around.is_other or is_other_money(behind):
        return False
    is_indian = any(unit in INDIAN_UNITS for unit in span.units)
    if span.sign is None and not is_indian:
        return around.pay_distance is not None and around.pay_distance < 25 and has_period
    is_salary_range = span.is_range and span.least >= 10_000
    return around.pay_distance is not None or has_period or is_salary_range


def _find_period_before(around: Surroundings, span: Span, currency: str | None) -> PayPeriod | None:
    for period in around.periods:
        if _is_plausible(span, currency, period, is_stated=False):
            return period
    return None


def _guess_period(
    around: Surroundings, span: Span, currency: str | None, *, is_stated: bool
) -> PayPeriod | None:
    """The period of an amount that names none, where its size is safe to tell."""
    if currency == "INR":
        if span.most >= INDIAN_YEAR:
            return "year"
        return "month" if around.has_stipend or (is_stated and span.most >= 1000) else None
    usd = estimate_usd(span.most, currency)
    if currency is None:
        return None
    if usd >= 10_000:
        return "year"
    if around.has_stipend and usd >= 1000:
        return "total"
    return "hour" if is_stated and usd <= 200 else None


def _is_plausible(span: Span, currency: str | None, period: str, *, is_stated: bool) -> bool:
    low, high = PLAUSIBLE[period]
    usd = estimate_usd(span.most, currency)
    if not is_stated and currency in ("USD", "EUR", "GBP", "CAD", "AUD", "CHF"):
        low = LEAST_STATED.get(period, low)
    return low <= usd <= high


def _widen(text: str, offers: list[_Offer]) -> Pay:
    """The widest span of the first currency and period that is named; base pay before target earnings."""
    base = [o for o in _spread_targets(text, offers) if not o.is_target] or offers
    first = base[0]
    alike = [o for o in base if (o.currency, o.period) == (first.currency, first.period)]
    leasts = [o.least for o in alike if o.least is not None]
    mosts = [o.most for o in alike if o.most is not None]
    return Pay(
        _write_quote(text, alike),
        min(leasts, default=None),
        max(mosts, default=None),
        first.currency,
        first.period,
    )


def _spread_targets(text: str, offers: list[_Offer]) -> list[_Offer]:
    """A table of target earnings names them once, above its first row."""
    spread: list[_Offer] = []
    for offer in offers:
        last = spread[-1] if spread else None
        if last and last.is_target and "base" not in text[last.span.end : offer.span.start].lower():
            offer = replace(offer, is_target=True)  # noqa: PLW2901  the row is its own, but for the mark
        spread.append(offer)
    return spread


def _write_quote(text: str, offers: list[_Offer]) -> str:
    first, last = offers[0].span, offers[-1].span
    earliest = max(0, first.start - 110)
    start = _find_start(text, earliest, first.start)
    if not text[start : first.start].strip():  # the label is on the line above
        start = _find_start(text, earliest, len(text[:start].rstrip()))
    end = last.end if last.end - start <= LONGEST_QUOTE else first.end
    found = _quote_end.match(text, end)
    return _clean(text[start : found.end() if found else end])


def _find_start(text: str, earliest: int, place: int) -> int:
    mark = max(text.rfind(mark, earliest, place) for mark in (". ", "; ", "\n"))
    if mark >= 0:
        return mark + 1
    space = text.find(" ", earliest, place) if earliest else -1
    return space + 1 if space >= 0 else earliest


def _clean(text: str) -> str:
    return " ".join(text.split())
