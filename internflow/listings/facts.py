"""The facts of one posting: what the rules read out of its title, places and description. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from psycopg.types.json import Jsonb

from internflow.listings import (
    deadlines,
    duplicates,
    eligibility,
    kind,
    pay,
    places,
    roles,
    skills,
    stated_places,
    trust,
    work_model,
)

RULES_VERSION = " ".join(
    module.RULES_VERSION
    for module in (
        deadlines, duplicates, eligibility, kind, pay, places, roles, skills, stated_places, trust,
        work_model,
    )
)  # fmt: skip

COLUMNS = (
    "content_hash", "rules_version", "kind", "kind_words", "role_family", "skills", "work_model", "places", "countries",
    "cities", "pay_quote", "pay_min", "pay_max", "pay_currency", "pay_period", "is_unpaid", "pay_inr_month_min",
    "pay_inr_month_max", "pay_usd_month_min", "pay_usd_month_max", "apply_by", "graduation_years", "degrees", "terms",
    "sponsorship", "citizenship", "eligibility_quotes", "trust_level", "trust_flags", "canonical_url", "title_key",
    "company_key",
)  # fmt: skip


def build_facts(posting: Mapping[str, Any]) -> tuple[object, ...]:
    """The posting's id and its facts in the order of COLUMNS, from a row of raw.postings."""
    title, description = posting["title"], posting["description_text"]
    resolved = find_places(posting["places"], title, description)
    countries = _distinct(place.country for place in resolved)
    found_kind = kind.find_kind(title, posting["employment_type"], description)
    model = work_model.find_work_model(posting["work_model"], title, posting["places"], description)
    eligible = eligibility.find_eligibility(title, description)
    amounts = _build_pay(pay.find_pay(posting["pay_text"], title, description, countries))
    trusted = trust.assess_trust(
        title, description, pay_usd_month_max=amounts["usd_max"], kind=found_kind.kind
    )
    return (
        posting["posting_id"],
        posting["content_hash"],
        RULES_VERSION,
        found_kind.kind,
        list(found_kind.words),
        roles.find_role_family(title, description),
        skills.find_skills(f"{title}\n{description}", posting["company"]),
        model.work_model,
        Jsonb([asdict(place) for place in resolved]),
        countries,
        _distinct(place.city for place in resolved),
        *amounts.values(),
        deadlines.find_apply_by(posting["apply_by"], description, posting["posted_at"]),
        list(eligible.graduation_years),
        list(eligible.degrees),
        _distinct((*posting["terms"], *eligible.terms)),
        posting["sponsorship"] or eligible.sponsorship,
        eligible.citizenship,
        Jsonb(dict(eligible.quotes)),
        trusted.level,
        Jsonb([asdict(flag) for flag in trusted.flags]),
        duplicates.canonicalise_url(posting["url"]),
        duplicates.build_title_key(title),
        duplicates.build_company_key(posting["company"]),
    )


def find_places(texts: Sequence[str], title: str, description: str) -> tuple[places.Place, ...]:
    """The places of a board's location texts; where these name no country, those that the posting states itself."""
    resolved = places.resolve_places(texts)
    if any(place.country for place in resolved):
        return resolved
    stated = stated_places.find_stated_places(title, description)
    return stated or resolved


def _build_pay(found: pay.Pay | None) -> dict[str, Any]:
    if found is None:
        return dict.fromkeys(_pay_fields) | {"is_unpaid": False}
    inr, usd = (pay.to_monthly(found, currency) or (None, None) for currency in ("INR", "USD"))
    values = (
        found.quote, found.least, found.most, found.currency, found.period, found.is_unpaid, *inr, *usd,
    )  # fmt: skip
    return dict(zip(_pay_fields, values, strict=True))


_pay_fields = (
    "quote", "least", "most", "currency", "period", "is_unpaid", "inr_min", "inr_max", "usd_min", "usd_max",
)  # fmt: skip


def _distinct(values: Any) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
