import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from internflow.listings.job_keys import (
    LONGEST_URL,
    build_company_key,
    build_title_key,
    canonicalise_url,
    is_job_url,
)

LEVER = "https://jobs.lever.co/initech/9e4b7a52-1c3d-4f60-8a7b-0123456789ab"
GREENHOUSE = "https://boards.greenhouse.io/jobs/4423823"
ASHBY = "https://jobs.ashbyhq.com/16ebfcfc-467b-40e5-b23e-a4d95db05539"
WORKDAY = (
    "https://initech.wd5.myworkdayjobs.com/careers/job/software-engineer-intern--summer-2027_jr123"
)
HOSTS = (
    "jobs.lever.co", "a.wd1.myworkdayjobs.com", "wd3.myworkdaysite.com", "x.eightfold.ai", "boards.greenhouse.io",
    "jobs.jobvite.com", "www.www.example.com", "\u00e9.example:80", "u:p@x.icims.com", "a.oraclecloud.com",
)  # fmt: skip
SPELLINGS = {
    GREENHOUSE: (
        "https://boards.greenhouse.io/initech/jobs/4423823",
        "https://job-boards.greenhouse.io/initech/jobs/4423823?gh_src=b2366f993us",
        "https://job-boards.eu.greenhouse.io/initech/jobs/4423823#app",
        "https://boards.greenhouse.io/embed/job_app?token=4423823&gh_src=x",
        "http://www.initech.com/careers/?gh_jid=4423823&utm_source=feed",
        "https://www.initech.com/careers/4423823/apply?gh_jid=4423823&gh_jid=4423823%2F",
    ),
    LEVER: (
        f"{LEVER}/apply",
        f"{LEVER}/apply?lever-source=Simplify",
        "https://Jobs.Lever.co/Initech/9e4b7a52-1c3d-4f60-8a7b-0123456789AB/?lever-source%5B%5D=LinkedIn",
    ),
    ASHBY: (
        "https://jobs.ashbyhq.com/Initech%20AI/16ebfcfc-467b-40e5-b23e-a4d95db05539/application?utm_source=x",
        "https://www.initech.com/careers?ashby_jid=16ebfcfc-467b-40e5-b23e-a4d95db05539#open-positions",
    ),
    WORKDAY: (
        "https://initech.wd5.myworkdayjobs.com/en-US/Careers/job/Austin-TX/Software-Engineer-Intern--Summer-2027_JR123",
        "https://initech.wd5.myworkdayjobs.com/Careers/details/XMLNAME-Software-Engineer-Intern--Summer-2027_JR123?q=x",
        "https://wd5.myworkdaysite.com/en-US/recruiting/initech/Careers/job/Austin/Software-Engineer-Intern--Summer-2027_JR123/apply",
    ),
    "https://jobs.smartrecruiters.com/initech/743999907500503": (
        "https://jobs.smartrecruiters.com/Initech/743999907500503-software-engineer-intern?trid=1",
    ),
    "https://apply.workable.com/j/2d7982b796": (
        "https://apply.workable.com/initech/j/2D7982B796/apply/",
        "https://apply.workable.com/j/2D7982B796",
    ),
    "https://simplify.jobs/p/af3bc6af-5c85-4cd2-95cf-8421da78cde8": (
        "https://simplify.jobs/p/af3bc6af-5c85-4cd2-95cf-8421da78cde8/Software-Engineering-Intern?utm_source=GHList",
    ),
    "https://university-initech.icims.com/jobs/8878": (
        "https://university-initech.icims.com/jobs/8878/co-op/job?mobile=false&width=1519",
    ),
    "https://jobs.jobvite.com/initech/job/oUZQnfwQ": (
        "https://jobs.jobvite.com/Initech/job/oUZQnfwQ?nl=1&nl=1&fr=false",
    ),
    "https://initech.com/jobs/12345?team=rockets": (
        "https://www.initech.com:443//jobs/12345/?utm_medium=a&team=rockets&ref=b&source=c#top",
    ),
}


@pytest.mark.parametrize(
    ("canonical", "url"), [(c, url) for c, urls in SPELLINGS.items() for url in urls]
)
def test_every_spelling_of_an_address_has_one_form(canonical: str, url: str) -> None:
    assert canonicalise_url(url) == canonical
    assert canonicalise_url(canonical) == canonical
    assert is_job_url(canonical)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "Apply by mail",
        "https://careers.initech.com/jobs",
        "https://initech.com/careers/summer-2027",
        "https://boards.greenhouse.io/initech2024",
        "https://recruiting.ultipro.com/CHE1006CBH/JobBoard/fee83a4e-4604-4753-bd3a-98e8811baf6f/",
        "https://initech.wd5.myworkdayjobs.com/en-US/Careers",
        "https://initech.taleo.net/careersection/1000222intern/jobsearch.ftl",
        "https://jobs.initech.com/search-jobs/27595/1",
        "https://initech.com/careers/software-engineer-intern",
        "https://initech.com/careers?gh_jid=1&gh_jid=2",
        "http://[broken",
        "javascript:alert(4423823)",
    ],
)
def test_a_page_that_many_jobs_share_identifies_nothing(url: str) -> None:
    assert not is_job_url(canonicalise_url(url))


@given(
    st.one_of(
        st.text(max_size=200),
        st.builds(
            "https://{}/{}?{}#{}".format,
            st.sampled_from(HOSTS),
            st.text(string.ascii_letters + string.digits + "/%_- é", max_size=60),
            st.text(string.ascii_letters + "=&%26pid+", max_size=40),
            st.text(max_size=10),
        ),
    )
)
def test_canonical_addresses_stay_as_they_are(url: str) -> None:
    canonical = canonicalise_url(url)
    assert canonicalise_url(canonical) == canonical
    assert is_job_url(canonical) in (True, False)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Software Engineer (m/w/d)", "software engineer"),
        ("Werkstudent:in Software-Entwicklung (all genders)*", "werkstudent software entwicklung"),
        ("Sr. SWE Internship - Payments, Summer '27", "senior software engineer intern payments summer 2027"),
        ("Software Engineer II (Req ID: R-10382)", "software engineer ii"),
        ("JR1981743 C++ Developer #4411", "cplusplus developer"),
        ("Co-Op / Autumn 2026 \u2013 Kernel team", "coop fall 2026 kernel team"),
        ("", ""),
    ],
)  # fmt: skip
def test_title_keys_keep_what_tells_jobs_apart(title: str, key: str) -> None:
    assert build_title_key(title) == key


@pytest.mark.parametrize(
    ("company", "key"),
    [
        ("Google LLC", "google"),
        ("The Boring Company", "boring"),
        ("Amazon.com, Inc.", "amazon"),
        ("Initech Pvt. Ltd.", "initech"),
        ("Société Générale S.A.", "societe generale"),
        ("Hewlett Packard (HP)", "hewlett packard"),
        ("Dun & Bradstreet", "dun and bradstreet"),
        ("McDonald\u2019s", "mcdonalds"),
        ("Limited", "limited"),
    ],
)
def test_company_keys_leave_legal_forms_out(company: str, key: str) -> None:
    assert build_company_key(company) == key


@pytest.mark.parametrize("text", ["a-", "(", "m/", "r1", "job id ", "'", ".a", "%25", "\u202e"])
def test_hostile_lengths_leave_short_keys(text: str) -> None:
    long = text * (100_000 // len(text))
    assert len(build_title_key(long)) <= 4 * 300
    assert len(build_company_key(long)) <= 4 * 300
    assert canonicalise_url(f"https://initech.com/{long}") == ""
    assert len(canonicalise_url(f"https://initech.com/{long}"[:LONGEST_URL])) <= LONGEST_URL
