"""The pages in a real browser, on a real server, with the seeded database."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from internflow.repos.mirrors import open_mirror
from internflow.retrieval.encoder import SentenceEncoder
from internflow.retrieval.indexing import index_repository
from internflow.settings import ROOT
from internflow.students.current import write_current_student
from internflow.warehouse.connections import connect
from internflow.warehouse.embedded import Cluster
from tests.dashboards.database import ROLES, SHARED, clone_database, settings_for
from tests.dashboards.seeding import ADA, ADAS_REPOSITORY, World, place_mirror

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
PATIENCE = 20_000  # milliseconds


@pytest.fixture(scope="module")
def address(
    cluster: Cluster,
    template_database: str,
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Where the pages of Ada's laptop answer."""
    clone_database(cluster, SHARED, template_database)
    settings = settings_for(cluster, SHARED, tmp_path_factory.mktemp("laptop"))
    write_current_student(settings, ADA)
    place_mirror(world, settings)
    with connect(settings, "pipeline") as connection:
        mirror = open_mirror(settings.mirrors_dir, ADAS_REPOSITORY)
        index_repository(settings, connection, mirror, SentenceEncoder(), now=datetime.now(UTC))
    names = ("database_url", *(f"database_url_{role}" for role in ROLES))
    urls = {f"INTERNFLOW_{n.upper()}": getattr(settings, n).get_secret_value() for n in names}
    command = [sys.executable, "-m", "streamlit", "run", "dashboards/app.py", "--server.port", "0"]
    with subprocess.Popen(
        [*command, "--server.address", "127.0.0.1"],
        cwd=ROOT,
        env=os.environ | urls | {"INTERNFLOW_DATA_DIR": str(settings.data_dir)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield next(filter(None, (re.search(r"http://\S+", line) for line in server.stdout))).group()
        server.terminate()
        server.communicate(timeout=30)  # it says goodbye, and hangs when nobody listens


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent: these tests drive it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The listings page; afterwards nothing may have failed in the browser or asked another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=address)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda r: complaints.append(r.url) if not is_ours(r.url, address) else None)
    page.goto("/")
    expect(page.get_by_text("25 listings")).to_be_visible(timeout=PATIENCE)
    yield page
    context.close()
    assert complaints == []


def is_ours(url: str, address: str) -> bool:
    return url.startswith((address, "data:", "blob:", address.replace("http", "ws")))


def go_to(page: Page, name: str) -> None:
    page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=PATIENCE)


def choose(page: Page, label: str, option: str) -> None:
    """Choose in a filter of the sidebar; a click in the moment it is drawn only gives it the focus."""
    field = page.get_by_test_id("stSidebar").get_by_role("combobox", name=label)
    choice = page.get_by_role("option", name=option)
    field.click()
    try:
        choice.wait_for(timeout=3_000)
    except PlaywrightTimeout:
        field.click()
    choice.click()


def test_filter_narrows_and_reload_keeps_it(page: Page) -> None:
    page.get_by_label("Search").fill("engineering 7")
    page.get_by_label("Search").press("Enter")
    expect(page.get_by_text("1 listing", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Data Engineering Intern 7")).to_be_visible()
    expect(page).to_have_url(re.compile(r"text=engineering\+7"))
    page.reload()
    expect(page.get_by_text("1 listing", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("Search")).to_have_value("engineering 7")


def test_country_and_pay_narrow_and_the_links_to_follow_say_the_same(page: Page) -> None:
    sidebar = page.get_by_test_id("stSidebar")
    choose(page, "Pay from", "₹20,000 a month")
    expect(page.get_by_text("2 listings", exact=True)).to_be_visible(timeout=PATIENCE)
    choose(page, "Countries", "Germany")
    expect(page.get_by_text("1 listing", exact=True)).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"country=DE.*pay_at_least=20000\+INR"))
    sidebar.get_by_role("button", name="Follow or save").click()
    link = page.get_by_role("link", name="RSS")
    expect(link).to_have_attribute(
        "href",
        re.compile(r"/feeds/listings\.rss\?kind=internship&country=DE&pay_at_least=20000\+INR$"),
        timeout=PATIENCE,
    )


def test_filters_are_saved_by_name_and_get_links_of_their_own(page: Page) -> None:
    page.get_by_test_id("stSidebar").get_by_role("button", name="Follow or save").click()
    page.get_by_label("Save these filters as").fill("All internships")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Daily e-mail of what is new")).to_be_visible(timeout=PATIENCE)
    expect(page.locator("a[href*='/feeds/saved/'][href$='.ics']")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Daily e-mail of what is new")).to_be_hidden(timeout=PATIENCE)


def test_boards_page_draws_its_chart_and_takes_an_address(page: Page) -> None:
    go_to(page, "Boards")
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible(
        timeout=PATIENCE
    )
    page.get_by_label("A company is missing?").fill("nonsense")
    page.get_by_role("button", name="Add the company").click()
    expect(page.get_by_text("is no address of a web page")).to_be_visible(timeout=PATIENCE)


def test_listing_opens_with_its_facts_and_closes_again(page: Page) -> None:
    page.get_by_role("button", name="Data Engineering Intern 3").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("3 days ago (exact)")).to_be_visible(timeout=PATIENCE)
    expect(drawer.get_by_role("link", name="Open on its board")).to_have_attribute(
        "href", "https://boards.example/apply"
    )
    expect(page).to_have_url(re.compile("listing=ashby"))
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden(timeout=PATIENCE)
    expect(page).not_to_have_url(re.compile("listing=ashby"), timeout=PATIENCE)


def test_hostile_listing_shows_its_text_and_runs_nothing(page: Page) -> None:
    page.get_by_role("button", name="=HYPERLINK").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Build things.")).to_be_visible(timeout=PATIENCE)
    expect(drawer.get_by_text("<script>window.pwned=1</script>")).to_be_visible()
    expect(drawer.get_by_role("link")).to_have_count(0)
    expect(drawer.get_by_role("img")).to_have_count(0)
    assert page.evaluate("window.pwned") is None


def test_finding_is_shown_right_below_its_line(page: Page) -> None:
    go_to(page, "Reviews")
    page.get_by_role("button", name="Show it in commit").click()
    line = page.locator(".if-diff tr", has_text="return eval(text)")
    expect(line).to_have_class("if-added", timeout=PATIENCE)
    expect(line.locator("xpath=following-sibling::tr[1]")).to_contain_text("eval() runs whatever")
    page.get_by_role("button", name="All of ada-shop").click()
    expect(page.get_by_text("worst first")).to_be_visible(timeout=PATIENCE)


def test_a_verdict_and_a_dismissal_last_until_they_are_undone(page: Page) -> None:
    go_to(page, "Reviews")
    page.get_by_role("button", name="Useful").click()
    chip = page.locator(".if-chip", has_text="Useful")
    expect(chip).to_be_visible(timeout=PATIENCE)
    go_to(page, "Boards")
    go_to(page, "Reviews")
    expect(chip).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Useful").click()
    expect(chip).to_be_hidden(timeout=PATIENCE)
    page.get_by_role("button", name="Dismiss", exact=True).click()
    page.get_by_label("Why is it to go for good?").fill("<b>The text is our own</b>")
    page.get_by_role("button", name="Dismiss it").click()
    expect(page.get_by_text("No finding fits")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Dismissed 1").click()
    expect(page.get_by_text("<b>The text is our own</b>")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Undo the dismissal").click()
    expect(page.get_by_role("button", name="Dismiss", exact=True)).to_be_visible(timeout=PATIENCE)


def test_question_is_answered_with_the_lines_of_the_file(page: Page, world: World) -> None:
    go_to(page, "Ask")
    expect(
        page.get_by_text(f"Index at commit {world.shas[-1][:8]}, 0 commits behind")
    ).to_be_visible(timeout=PATIENCE)
    # Without its button, which comes last, a form is not sent by Enter.
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible(timeout=PATIENCE)
    page.get_by_label("Question").fill("Where are the prices summed up by `total`?")
    page.get_by_label("Question").press("Enter")
    line = page.locator(".if-passage tr", has_text="return sum(prices)")
    expect(line).to_be_visible(timeout=60_000)  # the first question loads the model
    expect(line.locator(".if-number")).to_have_text("9")
    expect(page.get_by_text(f"shop/cart.py:8-9 · {world.shas[-1][:8]}")).to_be_visible()
    page.get_by_label("Path").fill("*.md")
    page.get_by_label("Path").press("Enter")
    expect(page.get_by_text("Nothing in this repository fits the question.")).to_be_visible(
        timeout=PATIENCE
    )


def test_resume_is_shown_and_downloads_as_pdf(page: Page, tmp_path: Path) -> None:
    go_to(page, "Resume")
    expect(page.get_by_alt_text("The resume as it prints")).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download PDF").click()
    started.value.save_as(tmp_path / "resume.pdf")
    assert (tmp_path / "resume.pdf").read_bytes().startswith(b"%PDF-")
    page.get_by_text("2 facts").click()
    page.get_by_role("link", name="Commit").first.click()
    expect(page.locator(".if-diff")).to_be_visible(timeout=PATIENCE)


def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    for name, text in (
        ("Internships", "25 listings"),
        ("Boards", "2 of 3 boards"),
        ("Reviews", "worst"),
        ("Ask", "Index at commit"),
        ("Resume", "rests on"),
    ):
        if name != "Internships":
            go_to(page, name)
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.get_by_text(text)).to_be_visible(timeout=PATIENCE)
        # A chart follows the window only after a moment.
        page.wait_for_function(
            "document.querySelector('[data-testid=stMain]').scrollWidth <= 390", timeout=PATIENCE
        )
        page.set_viewport_size({"width": 1280, "height": 900})
