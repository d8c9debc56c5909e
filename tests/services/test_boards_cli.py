"""`internflow boards`: check, add, list, disable and enable, over a real Postgres and the crawlers' own process."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from internflow.cli import main
from internflow.errors import ConfigError
from internflow.listings.boards import BOARDS_DIR, find_platforms
from internflow.listings.posting import Board
from internflow.listings.registry import read_registry
from internflow.services.boards import check_lists, find_companies_on_several, name_company
from internflow.settings import Settings, read_settings
from internflow.warehouse.connections import connect

Run = Callable[..., str]
HEADER = "token,company,countries,url\n"
pytestmark = pytest.mark.usefixtures("settings")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `internflow boards ...`; return what it says, an error's sentence included."""

    def call(*args: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["internflow", "boards", *args])
        read_settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            main()
        assert (ended.value.code or 0) == code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return said.out + "".join(
            line for line in said.err.splitlines() if line.startswith("Error: ")
        )

    return call


def test_a_company_is_added_by_its_careers_page_and_listed(run: Run, settings: Settings) -> None:
    address = "https://job-boards.greenhouse.io/acme-robotics/jobs/42?gh_src=x"
    assert run("add", address) == "Added Acme Robotics, greenhouse acme-robotics.\n"
    assert run("add", address, "--company", "Acme") == (
        "Crawled already: Acme, greenhouse acme-robotics.\n"
    )
    listed = run("list", "greenhouse")
    (line,) = (line for line in listed.splitlines() if "acme-robotics" in line)
    assert "Acme Robotics" in line
    assert "operator" in line
    with connect(settings, "pipeline") as connection:
        assert Board("greenhouse", "acme-robotics", "Acme Robotics") in read_registry(
            connection, "greenhouse"
        )


def test_a_page_of_no_platform_is_added_with_its_address(run: Run, settings: Settings) -> None:
    run("add", "https://careers.acme.org/open?team=data", "--company", "Acme", "--country", "in")
    with connect(settings, "pipeline") as connection:
        boards = read_registry(connection, "schema_org")
    assert boards[-1] == Board(
        "schema_org", "careers.acme.org", "Acme", ("IN",), "https://careers.acme.org/open?team=data"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("https://127.0.0.1/jobs",), "no address of a web page"),
        (("mailto:jobs@acme.org",), "no address of a web page"),
        (("https://boards.greenhouse.io/",), "names no company's board"),
        (("https://jobs.ashbyhq.com/acme", "--country", "UK"), "has the country 'UK'"),
        (("https://jobs.ashbyhq.com/acme", "--company", "x" * 300), "has the company"),
    ],
)
def test_what_cannot_be_added_is_one_sentence(
    run: Run, settings: Settings, arguments: tuple[str, ...], sentence: str
) -> None:
    said = run("add", *arguments, code=1)
    assert said.count("Error: ") == 1
    assert sentence in said
    with connect(settings, "pipeline") as connection:
        assert connection.execute("select * from ops.boards").fetchall() == []


def test_a_board_is_disabled_shown_and_enabled(run: Run) -> None:
    assert run("disable", "greenhouse", "groww", "--note", "moved [away]") == (
        "greenhouse groww is disabled.\n"
    )
    assert run("disable", "greenhouse", "groww") == "greenhouse groww was disabled already.\n"
    today = datetime.now(UTC).date()
    assert f"disabled: greenhouse groww since {today}, moved [away]" in run("check")
    assert run("enable", "greenhouse", "groww") == "greenhouse groww is crawled again.\n"
    assert run("enable", "greenhouse", "groww") == "greenhouse groww was not disabled.\n"
    assert "disabled:" not in run("check")


@pytest.mark.parametrize(
    "arguments",
    [("disable", "greenhouse", "nobody-at-all"), ("enable", "nosuch", "x"), ("list", "nosuch")],
)
def test_unknown_boards_are_one_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments, code=1)
    assert said.count("Error: ") == 1
    assert "`internflow boards " in said


def test_check_counts_every_list(run: Run) -> None:
    counted = {line.split()[0]: line.split()[1] for line in run("check").splitlines() if line}
    for platform in find_platforms():
        lines = (BOARDS_DIR / f"{platform}.csv").read_text(encoding="utf-8").splitlines()
        assert counted[platform] == str(len(lines) - 1)


def test_check_names_every_fault_of_every_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "https://acme.org/feed"
    (tmp_path / "ashby.csv").write_text(HEADER + "a b,A,,\nacme,Acme,XX,\n")
    (tmp_path / "rss.csv").write_text(HEADER + f"acme,Acme,,{url}\n")
    (tmp_path / "schema_org.csv").write_text(HEADER + f"acme.org,Acme,,{url}\n")
    with pytest.raises(ConfigError, match="3 faults"):
        check_lists(Console(soft_wrap=True), tmp_path)
    said = capsys.readouterr().out
    assert "ashby.csv line 2 has the token" in said
    assert "ashby.csv line 3 has the country" in said
    assert f"{url} is the url of several boards" in said


def test_companies_on_several_platforms_are_named() -> None:
    boards = [
        Board("lever", "acme", "Acme"),
        Board("ashby", "Acme", "ACME"),
        Board("ashby", "b", "B"),
    ]
    assert find_companies_on_several(boards) == {"Acme": ("lever acme", "ashby Acme")}


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("acme", "Acme"), ("acme-robotics", "Acme Robotics"), ("DeepL", "DeepL"), ("acme.wd5.External", "Acme"),
        ("careers.acme.com", "Acme"), ("careers-acme", "Acme"), ("alaan-careers", "Alaan"), ("eu.acme", "Acme"),
        ("careers", "Careers"), ("new_co", "New Co"),
    ],
)  # fmt: skip
def test_a_companys_name_is_made_of_its_token(token: str, name: str) -> None:
    assert name_company(token) == name
