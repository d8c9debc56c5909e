"""From the address of a careers page to platform and token, and back: every shipped board can be asked."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from fnmatch import fnmatch
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.platform import Visit
from crawlers.platforms import PLATFORMS
from crawlers.recognise import describe_board, recognise_board
from internflow.errors import UserInputError
from internflow.listings.boards import PLATFORMS_OF_URLS, TOKEN, find_platforms, read_boards
from internflow.listings.posting import Board
from internflow.settings import ROOT

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "platform", "token"),
    [
        ("https://boards.greenhouse.io/acme", "greenhouse", "acme"),
        ("https://job-boards.eu.greenhouse.io/acme/jobs/4852757101", "greenhouse", "acme"),
        ("https://boards.greenhouse.io/embed/job_board?for=acme", "greenhouse", "acme"),
        ("jobs.ashbyhq.com/DeepL", "ashby", "DeepL"),
        ("https://jobs.lever.co/acme/75992181-c0d0-44e7-805a-6dddfd0fe23b/apply", "lever", "acme"),
        ("https://jobs.smartrecruiters.com/Acme1/744000-data-intern", "smartrecruiters", "Acme1"),
        ("https://apply.workable.com/acme/", "workable", "acme"),
        ("https://acme.recruitee.com/o/data-intern", "recruitee", "acme"),
        ("https://acme.wd5.myworkdayjobs.com/en-US/Acme_Careers?q=intern", "workday", "acme.wd5.Acme_Careers"),
        ("https://acme.jobs.personio.de/job/2129613?language=en", "personio", "acme"),
        ("https://acme.bamboohr.com/careers/42", "bamboohr", "acme"),
        ("https://acme.teamtailor.com/jobs", "teamtailor", "acme"),
        ("https://acme.pinpointhq.com/en/postings/1", "pinpoint", "acme"),
        ("https://ats.rippling.com/acme-careers/jobs", "rippling", "acme-careers"),
        ("https://ejov.fa.ca2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1", "oracle", "ejov.fa.ca2.CX_1"),
        ("https://acme.eightfold.ai/careers?domain=acme.com", "eightfold", "acme.acme.com"),
        ("https://careers-acme.icims.com/jobs/search", "icims", "careers-acme"),
        ("https://jobs.jobvite.com/careers/acme/jobs", "jobvite", "acme"),
        ("  HTTPS://Boards.Greenhouse.io/acme#app  ", "greenhouse", "acme"),
        ("http://boards.greenhouse.io/acme", "greenhouse", "acme"),
        ("boards.greenhouse.io:443/acme", "greenhouse", "acme"),
    ],
)  # fmt: skip
def test_a_careers_page_tells_its_platform_and_token(
    address: str, platform: str, token: str
) -> None:
    assert recognise_board(address) == (platform, token)
    assert describe_board(address) == {"platform": platform, "token": token, "url": None}


def test_a_page_of_no_platform_names_the_way_out() -> None:
    with pytest.raises(UserInputError, match=r"'careers\.acme\.com'.*JobPosting data.*schema_org"):
        recognise_board("https://careers.acme.com/jobs?page=1")
    assert describe_board("https://www.acme.com/jobs?page=1#open") == {
        "platform": "schema_org",
        "token": "acme.com",
        "url": "https://www.acme.com/jobs?page=1",
    }


def test_a_host_of_other_letters_and_a_long_one_have_tokens() -> None:
    assert describe_board("https://bücher.example/karriere")["token"] == "xn--bcher-kva.example"
    long = ".".join(["a" * 60] * 3)
    assert describe_board(f"https://{long}.org/jobs")["token"] == long[:100]


@pytest.mark.parametrize(
    "address",
    [
        "https://boards.greenhouse.io/",
        "https://www.greenhouse.io/customers",
        "https://acme.wd5.myworkdayjobs.com/",
        "https://boards.greenhouse.io/%2e%2e%2fetc",
    ],
)
def test_a_platforms_page_without_a_board_is_no_careers_page(address: str) -> None:
    with pytest.raises(UserInputError, match="names no company's board"):
        describe_board(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "jobs", "mailto:jobs@acme.org", "ftp://acme.org/jobs", "javascript:alert(1)", "https://",
        "https://127.0.0.1/jobs", "http://localhost:8000/", "https://[::1", "https://user:word@acme.org/",
        "file:///etc/passwd", "https://acme.org:port/", "https://acme.org/a b", "https://acme.org/" + "x" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(UserInputError, match="no address of a web page"):
        describe_board(address)


@given(st.text(max_size=300))
def test_any_text_is_a_board_or_refused_in_words(text: str) -> None:
    try:
        found = describe_board(text)
    except UserInputError:
        return
    assert TOKEN.fullmatch(found["token"] or "")


@given(st.sampled_from(sorted(PLATFORMS)), st.text(max_size=60))
def test_no_address_on_a_platforms_host_breaks_it(platform: str, path: str) -> None:
    for host in PLATFORMS[platform].hosts or ("acme.example.org",):
        try:
            found = describe_board(f"https://{host.replace('*', 'acme')}/{path}")
        except UserInputError:
            continue
        assert TOKEN.fullmatch(found["token"] or "")


def test_the_command_writes_one_json_line() -> None:
    def run(address: str) -> tuple[int, dict[str, str]]:
        command = [sys.executable, "-m", "crawlers.recognise", address]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        (line,) = ended.stdout.splitlines()
        return ended.returncode, json.loads(line)

    assert run("https://jobs.ashbyhq.com/DeepL") == (
        0,
        {"platform": "ashby", "token": "DeepL", "url": None},
    )
    code, said = run("--help")
    assert (code, list(said)) == (1, ["error"])


@pytest.mark.parametrize("folder", ["boards", "samples/boards"])
def test_every_listed_board_can_be_asked_on_its_platforms_hosts(folder: str) -> None:
    boards_dir = ROOT / "crawlers" / folder
    for name in find_platforms(boards_dir):
        platform = PLATFORMS[name]
        for board in read_boards(name, boards_dir):
            asked = urlsplit(platform.first_ask(Visit(board, NOW)).url)
            own = urlsplit(board.url or "").hostname
            hosts = platform.hosts or (own or "",)
            assert any(fnmatch(asked.hostname or "", host) for host in hosts), board


def test_platforms_without_hosts_are_those_whose_boards_need_a_url() -> None:
    assert {name for name, p in PLATFORMS.items() if not p.hosts} <= PLATFORMS_OF_URLS


def test_a_board_of_a_url_is_asked_there() -> None:
    for name in PLATFORMS_OF_URLS & set(PLATFORMS):
        board = Board(name, "acme", "Acme", (), "https://careers.acme.org/feed")
        asked = urlsplit(PLATFORMS[name].first_ask(Visit(board, NOW)).url)
        assert asked.hostname == "careers.acme.org"
