"""Personio feeds: real shapes field by field, doubled positions, pay, both hosts, and hostile XML."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from crawlers.platform import Page, ParsedPage, Visit
from crawlers.platforms import personio
from internflow.errors import ContractViolation
from internflow.listings.posting import Board

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
VISIT = Visit(Board("personio", "acme", "Acme"), NOW)


def read(body: bytes) -> ParsedPage:
    return personio.parse_postings(Page(personio.first_ask(VISIT), body), VISIT)


def read_positions(*positions: str) -> ParsedPage:
    inner = "".join(f"<position>{position}</position>" for position in positions)
    return read(f"<?xml version='1.0'?><workzag-jobs>{inner}</workzag-jobs>".encode())


@pytest.mark.parametrize("file", ["personio.xml", "careerkit_personio_sanitised.xml"])
def test_real_positions_say_what_their_raw_fields_say(file: str, shared_data: Path) -> None:
    body = (shared_data / "listings/shapes" / file).read_bytes()
    parsed = read(body)
    assert parsed.dropped == ()
    raw = {p.findtext("id"): p for p in ET.fromstring(body).iterfind("position")}
    assert [posting.external_id for posting in parsed.postings] == list(raw)
    for posting in parsed.postings:
        position = raw[posting.external_id]
        offices = [
            position.findtext("office"),
            *(o.text for o in position.iterfind("additionalOffices/office")),
        ]
        assert posting.title == position.findtext("name")
        assert posting.company == position.findtext("subcompany")
        assert posting.places == tuple(offices)
        assert posting.department == position.findtext("department")
        stated = f"{position.findtext('employmentType')}, {position.findtext('schedule')}"
        assert posting.employment_type == stated
        assert posting.posted_at == datetime.fromisoformat(position.findtext("createdAt") or "")
        assert posting.url == f"https://acme.jobs.personio.de/job/{posting.external_id}"
        for part in position.iterfind("jobDescriptions/jobDescription"):
            assert (part.findtext("name") or "-") in posting.description_text
            assert (part.findtext("value") or "-") in posting.description_text


def test_a_doubled_position_is_one_with_all_offices() -> None:
    one = "<id>1</id><name>Intern</name><office>{}</office>"
    parsed = read_positions(one.format("Munich"), one.format("Berlin"), one.format("Munich"))
    (posting,) = parsed.postings
    assert (posting.places, parsed.dropped) == (("Munich", "Berlin"), ())


@pytest.mark.parametrize(
    ("fields", "stated"),
    [
        ("<employmentType>working_student</employmentType><schedule>part</schedule>", "working student, part"),
        ("<employmentType>intern</employmentType>", "intern"),
        ("<employmentType>trainee</employmentType><schedule>full-time</schedule>", "trainee, full-time"),
        ("<seniority>student</seniority><schedule>full-or-part-time</schedule>", "full-or-part-time, student"),
        ("<seniority>entry-level</seniority>", None),
    ],
)  # fmt: skip
def test_employment_types(fields: str, stated: str | None) -> None:
    (posting,) = read_positions(f"<id>1</id><name>X</name>{fields}").postings
    assert posting.employment_type == stated


def test_pay_workplace_category_and_sections() -> None:
    (posting,) = read_positions(
        """<id>1</id><name>X</name><office>Berlin</office><workplaceType>hybrid</workplaceType>
        <recruitingCategory>Students</recruitingCategory>
        <salaryInformation><min>30000.00</min><max>40000.00</max><currencySymbol>€</currencySymbol>
        <currencyCode>EUR</currencyCode><type>yearly</type></salaryInformation>
        <jobDescriptions><jobDescription><name>Tasks</name><value>
          <![CDATA[<p>Count <b>trees</b></p><script>x</script>]]></value></jobDescription>
        <jobDescription><name>CONTACT_PERSON</name><value>Jane Doe, jane@acme.example</value></jobDescription>
        </jobDescriptions>"""
    ).postings
    assert posting.pay_text == "EUR 30000 - 40000 per year"
    assert (posting.work_model, posting.department) == ("hybrid", "Students")
    assert posting.description_html == "<h3>Tasks</h3><p>Count <b>trees</b></p>"
    assert "jane" not in str(posting.payload)


def test_a_position_without_id_or_name_is_dropped() -> None:
    parsed = read_positions(
        "<name>X</name>", "<id>2</id>", "<id/><name/>", "<id>3</id><name>Y</name>"
    )
    assert [p.external_id for p in parsed.postings] == ["3"]
    assert len(parsed.dropped) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>moved</body></html>",
        b"<workzag-jobs><position>",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b"<workzag-jobs><position><id>1</id><name>&e;</name></position></workzag-jobs>",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><workzag-jobs>&b;</workzag-jobs>',
        b'<?xml version="1.0" encoding="klingon"?><workzag-jobs/>',
    ],
)
def test_what_is_no_feed_or_declares_entities_is_refused(body: bytes) -> None:
    with pytest.raises(ContractViolation):
        read(body)


def test_an_empty_feed_is_an_empty_board() -> None:
    assert read(b"<workzag-jobs></workzag-jobs>") == ParsedPage(())


@pytest.mark.parametrize(
    ("token", "url"),
    [
        ("acme", "https://acme.jobs.personio.de/xml?language=en"),
        ("acme.com", "https://acme.jobs.personio.com/xml?language=en"),
    ],
)
def test_both_hosts_are_asked(token: str, url: str) -> None:
    visit = Visit(Board("personio", token, "Acme"), NOW)
    assert personio.first_ask(visit).url == url
    posting = personio.parse_posting({"id": "1", "name": "X"}, visit)
    assert urlsplit(posting.url).hostname == urlsplit(url).hostname


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://acme.jobs.personio.de/job/1?language=en", "acme"),
        ("https://acme.jobs.personio.com/", "acme.com"),
        ("https://www.personio.de/", None),
        ("https://acme.personio.de/", None),
    ],
)
def test_tokens_are_found_in_addresses(address: str, token: str | None) -> None:
    assert personio.find_token(urlsplit(address)) == token
