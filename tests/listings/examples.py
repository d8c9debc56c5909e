"""Listings as marts.listings has them, made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from internflow.listings.browsing import Listing, TrustFlag

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

PLAIN = Listing(
    posting_id="ashby:orbit:1", platform="ashby", board="orbit", company="Orbit", title="Data Intern",
    url="https://jobs.example/orbit/1?a=1&b=2", places=("Bengaluru, India",), countries=("IN",), cities=("Bengaluru",),
    work_model="hybrid", employment_type="Intern", kind="internship", kind_words=("Intern",), role_family="data",
    skills=("Python",), pay_text=None, pay_quote="₹ 20,000 - 30,000 /month", is_unpaid=False,
    pay_inr_month_min=Decimal(20000), pay_inr_month_max=Decimal(30000), pay_usd_month_min=Decimal(240),
    pay_usd_month_max=Decimal(360), graduation_years=(2027,), degrees=("phd",), terms=("summer 2027",),
    sponsorship="not_offered", citizenship="US", eligibility_quotes={"graduation_years": "graduating in 2027"},
    trust_level="check", trust_flags=(TrustFlag("asks_for_payment", "pay a fee"),), source_count=2, repost_count=0,
    is_ghost=False, department=None, date_kind="exact", is_open=True, apply_by=date(2026, 6, 20),
    posted_at=datetime(2026, 5, 28, 8, tzinfo=UTC), first_seen_at=datetime(2026, 5, 29, 22, 30, tzinfo=UTC),
    last_seen_at=NOW, closed_at=None, description_html="<p>Build <b>pipelines</b>.</p>", match=None,
)  # fmt: skip

HOSTILE_TEXT = (
    "=1+1 </title><script>window.pwned=1</script> ]]> &lt;b&gt; [x](https://evil.example)"
    " # |\r\nBcc: all@evil.example\r\n\r\nBEGIN:VEVENT\x00\x1b\u202e\ufffe end"
)
HOSTILE = replace(
    PLAIN,
    posting_id='p:"</guid>\r\nX-A: b:ü',
    company=HOSTILE_TEXT,
    title=HOSTILE_TEXT,
    url="javascript:window.pwned=1",
    places=(HOSTILE_TEXT,),
    skills=(HOSTILE_TEXT,),
    pay_quote=HOSTILE_TEXT,
    terms=(HOSTILE_TEXT,),
    trust_flags=(TrustFlag(HOSTILE_TEXT, HOSTILE_TEXT),),
    description_html='<p onclick="x()">Build.</p><script>window.pwned=1</script>\x00\ufffe'
    '<img src=x onerror="x()"><a href="javascript:x()">apply</a>',
)


def build_listing(**changes: Any) -> Listing:
    return replace(PLAIN, **changes)
