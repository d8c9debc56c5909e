"""What a posting pays: from the board's words, or from statements among other amounts of money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.pay import Pay, find_pay, to_monthly


def describe(pay: Pay | None) -> tuple[str, str, str | None, str | None] | None:
    return pay and (str(pay.least or ""), str(pay.most or ""), pay.currency, pay.period)


@pytest.mark.parametrize(
    ("pay_text", "expected"),
    [
        ("₹ 15,000 - 30,000 /month", ("15000", "30000", "INR", "month")),
        ("$45/hr", ("45", "45", "USD", "hour")),
        ("8 LPA", ("800000", "800000", "INR", "year")),
        ("₹8-12 LPA", ("800000", "1200000", "INR", "year")),
        ("₹ 1,20,000 - 2,40,000 per annum", ("120000", "240000", "INR", "year")),
        ("€75k\u2013110k", ("75000", "110000", "EUR", "year")),
        ("USD 120,000—$150,000", ("120000", "150000", "USD", "year")),
        ("$300,000 - $405,000 USD annually", ("300000", "405000", "USD", "year")),
        ("£30,000 p.a.", ("30000", "30000", "GBP", "year")),
        ("CTC: 6 to 8 lakhs", ("600000", "800000", "INR", "year")),
        ("EUR 60000 - 75000 per year", ("60000", "75000", "EUR", "year")),
        ("CHF 2'200 pro Monat", ("2200", "2200", "CHF", "month")),
        ("2.000 € brutto/Monat", ("2000", "2000", "EUR", "month")),
        ("up to 25 EUR/hour", ("", "25", "EUR", "hour")),
        ("₹ 10,000 lump sum", ("10000", "10000", "INR", "total")),
        ("$1.5k/week", ("1500.0", "1500.0", "USD", "week")),
        ("Competitive", None),
        ("10000", None),
    ],
)
def test_what_the_board_sends_is_read_as_it_stands(pay_text: str, expected: object) -> None:
    pay = find_pay(pay_text, "", "")
    assert describe(pay) == expected
    assert pay is None or pay.quote == pay_text


@pytest.mark.parametrize(
    ("text", "countries", "expected"),
    [
        ("Annual Salary:\n\n$320,000—$485,000 USD", (), ("320000", "485000", "USD", "year")),
        (
            "CAN base pay range per year: CAD $133,000 - $183,000",
            (),
            ("133000", "183000", "CAD", "year"),
        ),
        (
            "The estimated pay range is $99,760 - $124,700 Target Bonus 12.5%",
            ("CA",),
            ("99760", "124700", "CAD", "year"),
        ),
        (
            "OTE range for this role is: €105.100—€166.200 EUR",
            (),
            ("105100", "166200", "EUR", "year"),
        ),
        ("Salaries range from $125-$250K", (), ("125000", "250000", "USD", "year")),
        ("Compensation: up to $160,000 base salary + bonus", (), ("", "160000", "USD", "year")),
        (
            "Level 1: $85,000 - $115,000 base pay\nLevel 2: $105,000 - $135,000",
            (),
            ("85000", "135000", "USD", "year"),
        ),
        ("You receive a $8,500 monthly stipend and housing", (), ("8500", "8500", "USD", "month")),
        ("Stipend of $5,000 for the summer", (), ("5000", "5000", "USD", "total")),
        ("Stipend: 15k-20k per month", ("IN",), ("15000", "20000", "INR", "month")),
        ("Stipend: INR 25,000", (), ("25000", "25000", "INR", "month")),
        (
            "Pre-placement offer (PPO) up to 12 LPA; stipend 30k per month",
            ("IN",),
            ("30000", "30000", "INR", "month"),
        ),
        (
            "The hourly range for this role is $40.92 - $51.15",
            (),
            ("40.92", "51.15", "USD", "hour"),
        ),
        ("Praktikum mit 1.200€/Monat", (), ("1200", "1200", "EUR", "month")),
        (
            "Base salary is $120,000. We offer a $10,000 sign-on bonus.",
            (),
            ("120000", "120000", "USD", "year"),
        ),
        ("Salary: 180 kr per hour", ("SE",), ("180", "180", "SEK", "hour")),
        ("We raised $40 million in Series B funding.", (), None),
        ("Our product has $10M ARR and $500,000 in revenue.", (), None),
        ("401k match up to $5,000 per year", (), None),
        ("Sign-on bonus of $10,000", (), None),
        ("$1,000 learning stipend per year", (), None),
        ("Home office budget of €1000 per year", (), None),
        ("up to $100 per month for internet", (), None),
        ("You manage budgets of $50,000 - $100,000", (), None),
        ("An additional $20,000 annually with a clearance", (), None),
        ("Competitive salary, $500 home office setup", (), None),
        ("The year 2026, 100% of 15,000 users", (), None),
    ],
)
def test_pay_is_told_from_other_money(
    text: str, countries: tuple[str, ...], expected: object
) -> None:
    assert describe(find_pay(None, "Intern", text, countries)) == expected


def test_base_pay_comes_before_target_earnings() -> None:
    text = "OTE: $200,000 - $250,000 USD.\nBase salary: $100,000 - $125,000 USD."
    pay = find_pay(None, "", text)
    assert describe(pay) == ("100000", "125000", "USD", "year")


def test_the_quote_holds_the_words_that_decided() -> None:
    pay = find_pay(None, "", "About us.\nThe pay rate is $45/hr for interns.\nApply.")
    assert pay is not None and pay.quote == "The pay rate is $45/hr"


@pytest.mark.parametrize(
    ("pay_text", "text"),
    [("Unpaid", ""), (None, "This is an unpaid internship."), (None, "No stipend will be paid.")],
)
def test_unpaid_work_is_called_so(pay_text: str | None, text: str) -> None:
    pay = find_pay(pay_text, "Intern", text)
    assert pay is not None and pay.is_unpaid and pay.least is None
    assert to_monthly(pay, "INR") == (0, 0)


@pytest.mark.parametrize("text", ["Unpaid leave is possible.", "Overtime, paid or unpaid.", ""])
def test_other_unpaid_things_are_no_unpaid_work(text: str) -> None:
    assert find_pay(None, "Intern", text) is None


def test_pay_by_performance_has_no_amount() -> None:
    pay = find_pay("Performance based", "", "")
    assert pay == Pay("Performance based", None, None, None, None)


@pytest.mark.parametrize(
    ("least", "period", "monthly"),
    [
        ("120000", "year", "10000.00"),
        ("10", "hour", "1733.30"),
        ("300", "week", "1300.00"),
        ("100", "day", "2167.00"),
    ],
)
def test_a_month_is_full_time(least: str, period: str, monthly: str) -> None:
    pay = Pay("", Decimal(least), None, "USD", period)  # type: ignore[arg-type]
    assert to_monthly(pay, "USD") == (Decimal(monthly), Decimal(monthly))


def test_monthly_pay_is_converted_by_the_table_of_rates() -> None:
    pay = Pay("", Decimal(10_000), Decimal(20_000), "INR", "month")
    converted = to_monthly(pay, "USD")
    assert converted is not None and 90 < converted[0] < 150 and converted[1] == converted[0] * 2
    assert to_monthly(pay, "INR") == (10_000, 20_000)


def test_a_lump_sum_and_an_unknown_currency_have_no_month() -> None:
    assert to_monthly(Pay("", Decimal(1), None, "USD", "total"), "USD") is None
    assert to_monthly(Pay("", Decimal(1), None, None, "month"), "USD") is None


PIECES = st.sampled_from(
    ["$", "€", "₹", "USD ", "1,20,000", "45", "150.000,00", "k", " LPA", " - ", "—", "/hr", " per year", " per month",
     "salary ", "stipend ", "unpaid", "bonus ", "\n", " ", "up to ", "+", "\u0130", "kr ", "٣"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join)), st.booleans())
def test_any_text_gives_ordered_amounts_and_a_quote_from_it(text: str, is_stated: bool) -> None:
    pay = find_pay(text if is_stated else None, "", "" if is_stated else text, ("IN",))
    if pay is not None:
        assert pay.quote in " ".join(text.split())
        assert pay.least is None or pay.most is None or pay.least <= pay.most
        assert (
            pay.is_unpaid or pay.least is not None or pay.most is not None or "erformance" in text
        )


@pytest.mark.parametrize(
    "piece", ["$1,", "1", "1,", "$1k-", "USD ", "salary ", "€1.000 ", "unpaid "]
)
def test_a_huge_text_ends(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    pay = find_pay(text, text, text, ("US",))
    assert pay is None or pay.quote
