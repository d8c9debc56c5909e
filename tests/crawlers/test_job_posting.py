"""JobPosting objects in all the shapes that schema.org allows, and in those that it does not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.job_posting import name_period, read_job_posting, write_html

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
NORWAY = {"addressLocality": "Oslo", "addressCountry": {"name": "Norway"}}
REMOTE: dict[str, Any] = {"jobLocationType": ["https://schema.org/TELECOMMUTE"]}


@pytest.mark.parametrize(
    ("salary", "pay"),
    [
        (50000, "EUR 50000"),
        ("50,000", "EUR 50000"),
        ("₹15k a month", "₹15k a month"),
        ({"currency": "USD", "value": {"minValue": 30, "maxValue": 45.5, "unitText": "HR"}}, "USD 30 - 45.50 per hour"),
        ({"currency": "USD", "value": {"value": "1200.00", "unitText": "Monthly"}}, "USD 1200 per month"),
        ({"currency": "USD", "value": 1200}, "USD 1200"),
        ({"value": "1200", "unitText": "MONTH"}, "EUR 1200 per month"),
        ({"currency": "USD", "minValue": 1, "maxValue": 2, "unitText": "DAY"}, "USD 1 - 2 per day"),
        ({"currency": "USD", "value": [{"minValue": "1,000", "unitCode": "ANN"}]}, "USD 1000 per year"),
        ({"priceCurrency": "GBP", "minPrice": 9, "maxPrice": 11, "unitText": "per hour"}, "GBP 9 - 11 per hour"),
        ({"priceCurrency": "GBP", "price": "9"}, "GBP 9"),
        ({"currency": "USD", "value": "Competitive"}, "Competitive"),
        ([{}, {"currency": "USD", "value": {"value": 5}}], "USD 5"),
        ({"currency": "USD", "value": {}}, None),
        (0, None),
        (10**400, None),
        (True, None),
        ([], None),
    ],
)  # fmt: skip
def test_pay_is_read_in_every_form(salary: object, pay: str | None) -> None:
    found = read_job_posting({"baseSalary": salary, "salaryCurrency": "EUR"}, NOW)
    assert found.pay_text == pay


@pytest.mark.parametrize(
    ("fields", "places", "work_model"),
    [
        ({"jobLocation": [{"address": NORWAY}, {"name": "Goa"}]}, ("Oslo, Norway", "Goa"), None),
        (REMOTE | {"applicantLocationRequirements": [{"name": "India"}, {"name": "USA"}]}, ("India", "USA"), "remote"),
        ({"jobLocation": {"address": "Pune, India"}}, ("Pune, India",), None),
        ({"jobLocation": "Pune"}, ("Pune",), None),
        ({"jobLocation": {"addressLocality": "Oslo", "addressRegion": "Oslo"}}, ("Oslo",), None),
        ({"jobLocation": {"address": {"addressLocality": "N/A", "addressCountry": "US"}}}, ("US",), None),
        (REMOTE | {"jobLocation": {"address": "Goa"}}, ("Goa",), "remote"),
        ({"jobLocation": "Hybrid"}, (), "hybrid"),
        ({"jobLocation": {"geo": 1}}, (), None),
    ],
)  # fmt: skip
def test_places_are_texts_or_objects_or_lists_of_them(
    fields: dict[str, Any], places: tuple[str, ...], work_model: str | None
) -> None:
    found = read_job_posting(fields, NOW)
    assert (found.places, found.work_model) == (places, work_model)


@pytest.mark.parametrize(
    ("last", "day", "is_over"),
    [
        ("2026-11-22", date(2026, 11, 22), True),
        ("2026-11-23", date(2026, 11, 23), False),
        ("2026-11-23T05:59:59+00:00", date(2026, 11, 23), True),
        ("2026-11-23T00:00:00Z", date(2026, 11, 23), True),
        ("2027-1-5", date(2027, 1, 5), False),
        ("Nov 1, 2026", date(2026, 11, 1), True),
        ("9999-12-31T23:59:59+14:00", date(9999, 12, 31), False),
        ("9999-12-31", date(9999, 12, 31), False),
        ("11/12/2026", None, False),
        ("soon", None, False),
        (None, None, False),
    ],
)
def test_a_posting_is_over_after_its_last_moment(
    last: object, day: date | None, is_over: bool
) -> None:
    found = read_job_posting({"validThrough": last}, NOW)
    assert (found.apply_by, found.is_over) == (day, is_over)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-10", datetime(2026, 11, 10, tzinfo=UTC)),
        ("2026-11-10T09:00:00+05:30", datetime(2026, 11, 10, 3, 30, tzinfo=UTC)),
        ("2026/11/1", datetime(2026, 11, 1, tzinfo=UTC)),
        ("10 November 2026", datetime(2026, 11, 10, tzinfo=UTC)),
        ("3 days ago", None),
        ("2026-13-45", None),
        ("x" * 100_000, None),
    ],
)
def test_dates_are_moments_or_days(written: str, moment: datetime | None) -> None:
    assert read_job_posting({"datePosted": written}, NOW).posted_at == moment


def test_names_are_texts_or_objects_or_lists_of_them() -> None:
    found = read_job_posting(
        {
            "title": "Intern &amp; Co",
            "hiringOrganization": [{"@type": "Organization", "name": "Acme"}],
            "employmentType": ["INTERN", "FULL_TIME", "INTERN"],
            "identifier": {"@type": "PropertyValue", "name": "Acme", "value": 77},
            "mainEntityOfPage": {"@id": "https://x.example/1"},
            "description": "Line one\n\nLine <two",
        },
        NOW,
    )
    assert (found.title, found.company, found.identifier) == ("Intern & Co", "Acme", "77")
    assert found.employment_type == "INTERN, FULL_TIME"
    assert found.url == "https://x.example/1"


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("One\n\nTwo", "<p>One</p><p>Two</p>"),
        ("&lt;p&gt;One&lt;/p&gt;", "<p>One</p>"),
        ("<p onclick='x'>One</p>", "<p>One</p>"),
    ],
)
def test_descriptions_are_markup_or_escaped_markup_or_text(text: str, markup: str) -> None:
    assert write_html(text) == markup


@pytest.mark.parametrize(
    ("word", "period"), [("ANNUALLY", "year"), ("HUR", "hour"), ("fortnight", "fortnight"), (None, None), ("", None)]
)  # fmt: skip
def test_periods_have_one_name(word: str | None, period: str | None) -> None:
    assert name_period(word) == period


KEYS = ("title", "url", "baseSalary", "validThrough", "datePosted", "jobLocation", "identifier", "description",
        "employmentType", "hiringOrganization", "jobLocationType", "applicantLocationRequirements", "value",
        "address", "name", "minValue", "unitText", "@id", "addressCountry")  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING))
def test_nothing_that_a_page_may_say_raises(fields: dict[str, object]) -> None:
    found = read_job_posting(fields, NOW)
    assert found == read_job_posting(dict(fields), NOW)


@pytest.mark.parametrize("posting", [None, 1, "x", []])
def test_what_is_no_object_says_nothing(posting: object) -> None:
    assert read_job_posting(posting, NOW).title is None
