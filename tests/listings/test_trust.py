"""Signs of schemes that want the candidate's money."""

import json
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.trust import Trust, TrustFlag, assess_trust


def assess(text: str, title: str = "Web Development Intern", pay: int | None = None) -> Trust:
    most = None if pay is None else Decimal(pay)
    return assess_trust(title, text, pay_usd_month_max=most, kind="internship")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("A refundable security deposit of Rs. 2000 is required.", "fee"),
        ("Registration fee: \u20b9499", "fee"),
        ("Nominal training fees applicable", "fee"),
        ("You will be required to deposit a caution amount of INR 5000 for the laptop", "fee"),
        ("There is no stipend. A one-time registration fee of $25 is mandatory.", "fee"),
        ("Pay \u20b9999 to get your certificate.", "certificate_for_money"),
        ("Selected interns will have to pay Rs. 1500 for the kit", "money_from_candidate"),
    ],
)
def test_whoever_asks_the_candidate_for_money_is_to_be_avoided(text: str, rule: str) -> None:
    found = assess(f"Learn a lot.\n{text}\nApply now.")
    assert (found.level, found.flags[0].rule) == ("avoid", rule)
    assert found.flags[0].quote in text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Send your Aadhaar and bank details to confirm your seat", "identity_before_offer"),
        ("Mail your CV to hr.jobs@gmail.com", "free_mail_address"),
        ("Contact HR on WhatsApp 9876543210", "chat_to_apply"),
        ("To apply, message us on Telegram", "chat_to_apply"),
        ("No interview, direct joining!", "no_interview"),
        ("Selection without any interview", "no_interview"),
        ("Unlimited income, be your own boss", "multi_level_marketing"),
    ],
)
def test_a_weaker_sign_is_to_be_checked(text: str, rule: str) -> None:
    found = assess(text)
    assert (found.level, [flag.rule for flag in found.flags]) == ("check", [rule])


@pytest.mark.parametrize(
    "text",
    [
        "We never charge a fee.",
        "There is no registration fee.",
        "Beware of scams: we will never ask for payment of a training fee.",
        "Legitimate recruiters will never ask for money, fees, or banking information.",
        "Fake offers may induce you to pay a fee for services related to training.",
        "We do not accept agency fees; recruiter fees are not paid.",
        "We pay your relocation fee.",
        "Reduce payment processing fees charged to merchants",
        "Build WhatsApp and Telegram bots",
        "Experience with Gmail and Google Workspace",
        "After your offer, submit your bank details to payroll.",
        "Our interview process has three steps.",
        "Email marketing and income reports",
        "You will need to pay attention to details of deposits and fees.",
    ],
)
def test_what_honest_companies_say_is_no_concern(text: str) -> None:
    assert assess(text) == Trust("no_concern", ())


def test_pay_that_nobody_pays_is_to_be_checked() -> None:
    assert assess("", pay=90_000).flags == (TrustFlag("unlikely_pay", "90000 USD a month"),)
    assert assess("", pay=15_000).level == "no_concern"
    assert assess("", title="Data Entry (Typing)", pay=9_000).level == "check"


def test_pay_of_other_jobs_may_be_high() -> None:
    found = assess_trust("Director", "", pay_usd_month_max=Decimal(60_000), kind="other")
    assert found.level == "no_concern"


def test_real_postings_raise_no_alarm(shared_data: Path) -> None:
    lists = shared_data / "listings" / "lists" / "full_descriptions_390.json"
    postings = json.loads(lists.read_bytes())
    levels = [assess(p["description"], title=p["title"]).level for p in postings]
    assert levels.count("avoid") == 0
    assert levels.count("check") <= 4


PIECES = st.sampled_from(
    [
        "registration fee ",
        "pay ",
        "\u20b9500 ",
        "never ",
        "@gmail.com ",
        "x",
        "whatsapp ",
        ". ",
        "\n",
        "İ",
    ]
)


@given(st.text(), st.text() | st.lists(PIECES).map("".join))
def test_quotes_stand_in_the_posting_whatever_it_says(title: str, description: str) -> None:
    found = assess_trust(title, description, pay_usd_month_max=None, kind="other")
    source = f"{title}\n{description}"
    assert all(flag.quote in source for flag in found.flags)
    assert (found.level == "no_concern") == (found.flags == ())


@pytest.mark.parametrize(
    "unit",
    ["registration fee ", "pay ", "x@gmail.", "whatsapp ", "you must ", "send ", "a", "\n", "no "],
)
def test_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.perf_counter()
    assess(text)
    assert time.perf_counter() - started < 4
