"""The facts of a listing in words, the same on the pages, in feeds and in digests. Pure."""

from decimal import Decimal

from internflow.listings.browsing import Listing
from internflow.listings.filters import ListingFilters

KIND_WORDS = {
    "internship": "Internship",
    "apprenticeship": "Apprenticeship",
    "new_graduate": "New graduate",
    "other": "Other",
}
WORK_MODEL_WORDS = {
    "remote": "Remote",
    "hybrid": "Hybrid",
    "on_site": "On site",
    "unstated": "Not stated",
}
PAID_WORDS = {"paid": "Paid", "unpaid": "Unpaid", "unstated": "Not stated"}
TRUST_WORDS = {"no_concern": "No concern", "check": "Check first", "avoid": "Better avoided"}
SPONSORSHIP_WORDS = {"offered": "Visa sponsored", "not_offered": "No visa sponsorship"}
DEGREE_WORDS = {"phd": "PhD", "mba": "MBA"}
CURRENCY_SIGNS = {"INR": "₹", "USD": "$"}
MOST_PLACES = 3


def describe_code(code: str) -> str:
    """A role family, rule or degree as a person writes it: `full_stack` is `Full stack`."""
    return DEGREE_WORDS.get(code, code.replace("_", " ").capitalize())


def describe_places(listing: Listing) -> str:
    """At most three places and how many more there are; empty when the board names none."""
    named = list(listing.places[:MOST_PLACES])
    if len(listing.places) > MOST_PLACES:
        named.append(f"{len(listing.places) - MOST_PLACES} more")
    return " / ".join(named)


def describe_place(listing: Listing) -> str:
    """Company, places and work model on one line."""
    model = WORK_MODEL_WORDS[listing.work_model] if listing.work_model else ""
    return " · ".join(filter(None, [listing.company, describe_places(listing), model]))


def describe_pay(listing: Listing) -> str:
    """The listing's own words on pay, then what they come to in a month; empty when it has none."""
    words = listing.pay_quote or listing.pay_text or ""
    if listing.is_unpaid:
        return f"Unpaid ({words})" if words and words.lower() != "unpaid" else "Unpaid"
    monthly = describe_monthly_pay(listing)
    return f"{words} (about {monthly})" if words and monthly else words


def describe_monthly_pay(listing: Listing) -> str:
    """`₹15,000-30,000 or $180-360 a month`; empty when the listing names no amount."""
    ranges = [
        _describe_range("INR", listing.pay_inr_month_min, listing.pay_inr_month_max),
        _describe_range("USD", listing.pay_usd_month_min, listing.pay_usd_month_max),
    ]
    stated = " or ".join(filter(None, ranges))
    return f"{stated} a month" if stated else ""


def list_eligibility(listing: Listing) -> list[tuple[str, str]]:
    """Who may apply, as (name, words); nothing of what the listing does not say."""
    stated = [
        ("Graduating in", ", ".join(map(str, listing.graduation_years))),
        ("Degree", ", ".join(map(describe_code, listing.degrees))),
        ("Term", ", ".join(listing.terms)),
        ("Visa", SPONSORSHIP_WORDS.get(listing.sponsorship or "", "")),
        ("Citizenship", f"of {listing.citizenship} required" if listing.citizenship else ""),
    ]
    return [(name, words) for name, words in stated if words]


def list_facts(listing: Listing) -> list[tuple[str, str]]:
    """What decides whether to read on, as (name, words); for feeds and digests."""
    role = describe_code(listing.role_family) if listing.role_family else ""
    kind = ", ".join(filter(None, [KIND_WORDS[listing.kind], role]))
    trust = "; ".join(f"{describe_code(flag.rule)}: “{flag.quote}”" for flag in listing.trust_flags)
    facts = [
        ("Where", describe_place(listing)),
        ("Kind", kind),
        ("Pay", describe_pay(listing)),
        ("Apply by", f"{listing.apply_by:%d %b %Y}" if listing.apply_by else ""),
        ("Posted", _describe_posting_date(listing)),
        ("First seen", f"{listing.first_seen_at:%d %b %Y}"),
        *list_eligibility(listing),
        (TRUST_WORDS[listing.trust_level], trust),
    ]
    return [(name, words) for name, words in facts if words]


def describe_filters(filters: ListingFilters) -> str:
    """The filters that are set, on one line: `kind internship, country IN`."""
    chosen = filters.model_dump(mode="json", exclude_defaults=True)
    parts = [
        f"{name.replace('_', ' ')} {', '.join(map(str, v)) if isinstance(v, list) else v}"
        for name, v in chosen.items()
    ]
    return "; ".join(parts) or "all open listings"


def _describe_range(currency: str, least: Decimal | None, most: Decimal | None) -> str:
    # A rate rounded to three digits tells no more than three digits.
    told = [f"{float(f'{amount:.3g}'):,.0f}" for amount in (least, most) if amount is not None]
    amounts = list(dict.fromkeys(told))
    return CURRENCY_SIGNS[currency] + "-".join(amounts) if amounts else ""


def _describe_posting_date(listing: Listing) -> str:
    if listing.posted_at is None:
        return "not stated"
    exactness = "" if listing.date_kind == "exact" else " (approximate)"
    return f"{listing.posted_at:%d %b %Y}{exactness}"
