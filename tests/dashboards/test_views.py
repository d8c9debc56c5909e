from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from internflow.settings import ROOT, Settings, read_settings
from internflow.students.current import write_current_student
from internflow.warehouse.connections import connect
from tests.dashboards.seeding import ADA, ADAS_REPOSITORY, BOB, BOBS_REPOSITORY, World

VIEWS = sorted((ROOT / "dashboards" / "views").glob("[a-z]*.py"))


def open_page(name: str, **address: str) -> AppTest:
    app = AppTest.from_file(ROOT / "dashboards" / "app.py", default_timeout=30)
    if name == "listings":
        app.query_params.update(address)
        return app.run()
    app.run().switch_page(f"views/{name}.py")
    app.query_params.clear()
    app.query_params.update(address)
    return app.run()


def read_text(app: AppTest) -> str:
    """All that a page says: labels, Markdown and HTML as they were sent."""
    said = [
        *app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.text, *app.html,
        *app.code, *app.error, *app.warning,
    ]  # fmt: skip
    return "\n".join([*(str(element.value) for element in said), *(b.label for b in app.button)])


def count_cards(app: AppTest) -> int:
    return sum(str(button.key).startswith("listings.open.") for button in app.button)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
@pytest.mark.parametrize("student_id", [ADA, None], ids=["student", "nobody"])
def test_view_with_demo_data_renders_without_error(
    pages: Settings, view: Path, student_id: str | None
) -> None:
    if student_id:
        write_current_student(pages, student_id)
    app = open_page(view.stem)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
@pytest.mark.parametrize("student_id", [ADA, None], ids=["student", "nobody"])
def test_view_with_empty_tables_says_what_to_do(
    empty_pages: Settings, view: Path, student_id: str | None
) -> None:
    if student_id:
        write_current_student(empty_pages, student_id)
    app = open_page(view.stem)
    assert not app.exception
    assert not app.error
    assert "if-empty" in read_text(app)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
def test_view_before_the_first_build_shows_one_sentence(own_pages: Settings, view: Path) -> None:
    with connect(own_pages, "owner") as connection:
        connection.execute("drop schema marts cascade")
    app = open_page(view.stem)
    assert not app.exception
    assert [error.value for error in app.error] == [
        r"The warehouse was not built yet\: the daily run builds it\; \`internflow demo\` gives a first look\."
    ]


def test_unexpected_failure_names_the_log_entry_and_nothing_else(
    own_pages: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with connect(own_pages, "owner") as connection:
        connection.execute("alter table marts.listings rename column title to private_column")
    app = open_page("listings")
    assert not app.exception
    (error,) = app.error
    assert error.value.startswith("This page failed; the log has the details (id ")
    error_id = error.value.split("(id ")[1].removesuffix(").")
    assert "private_column" not in read_text(app)
    assert error_id in capsys.readouterr().err


def test_first_visit_shows_open_internships_best_match_first(pages: Settings) -> None:
    write_current_student(pages, ADA)
    app = open_page("listings")
    assert "25 listings" in read_text(app)
    assert app.button(key="listings.open.ashby:orbit:3") == app.button[0]
    assert app.query_params["kind"] == "internship"


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ({"sort": "newest"}, 27),
        ({"kind": "other"}, 2),
        ({"skill": "go"}, 8),
        ({"platform": "nowhere"}, 0),
        ({"posted_within_days": "5"}, 4),
        ({"country": "DE", "role_family": "data"}, 12),
        ({"city": "austin"}, 12),
        ({"paid": "unpaid"}, 1),
        ({"pay_at_least": "15000 INR"}, 2),
        ({"pay_at_least": "300 USD"}, 0),
        ({"graduation_year": "2026", "kind": "internship"}, 24),
        ({"sponsorship": "not_refused", "kind": "internship"}, 24),
        ({"term": "Summer 2027"}, 1),
        ({"deadline_within_days": "3"}, 3),
        ({"trust": "avoid", "kind": "internship"}, 26),
        ({"include_ghosts": "true", "kind": "internship"}, 26),
        ({"platform": "lever"}, 1),
    ],
)
def test_address_filters_the_listings(pages: Settings, address: dict[str, str], count: int) -> None:
    app = open_page("listings", **address)
    assert f"**{count} listing" in read_text(app)
    assert count_cards(app) == min(count, 20)
    assert {name: app.query_params[name] for name in address} == address


@pytest.mark.parametrize("address", [{"salary": "9000"}, {"kind": "job"}, {"page": "0"}])
def test_filter_of_the_address_that_cannot_be_applied_is_refused(
    pages: Settings, address: dict[str, str]
) -> None:
    app = open_page("listings", **address)
    (error,) = app.error
    assert next(iter(address)) in error.value
    assert count_cards(app) == 0


def test_filters_narrow_and_write_themselves_into_the_address(pages: Settings) -> None:
    app = open_page("listings")
    app.text_input(key="listings.text").set_value("engineering").run()
    app.multiselect(key="listings.skill").select("Go").run()
    assert "**8 listings**" in read_text(app)
    assert app.query_params["text"] == "engineering"
    assert app.query_params["skill"] == "Go"
    app.pills(key="listings.kind").set_value([]).run()
    assert "kind" not in app.query_params


def test_second_page_follows_the_first_and_a_filter_returns_to_it(pages: Settings) -> None:
    app = open_page("listings", sort="newest", kind="internship")
    first = {button.key for button in app.button}
    app.get("pagination")[0].set_value(2).run()
    assert count_cards(app) == 5
    assert not first & {b.key for b in app.button if str(b.key).startswith("listings.open.")}
    app.text_input(key="listings.text").set_value("data").run()
    assert "page" not in app.query_params
    assert count_cards(app) == 20


def test_page_beyond_the_last_shows_the_last(pages: Settings) -> None:
    app = open_page("listings", sort="newest", kind="internship", page="99")
    assert count_cards(app) == 5


def test_filters_survive_a_look_at_another_page(pages: Settings) -> None:
    app = open_page("listings")
    app.text_input(key="listings.text").set_value("engineering 7").run()
    app.switch_page("views/resume.py")
    app.query_params.clear()
    app.run()
    app.switch_page("views/listings.py")
    app.query_params.clear()
    app.run()
    assert app.text_input(key="listings.text").value == "engineering 7"
    assert count_cards(app) == 1


def test_crawl_health_counts_what_failed_and_says_why(pages: Settings) -> None:
    app = open_page("listings")
    (health,) = app.expander
    assert health.label.startswith("2 of 3 boards answered completely, last crawl 1")
    assert "HTTP 503 after 3 attempts" in read_text(app)


def test_opened_listing_shows_clocks_match_and_reasons(pages: Settings) -> None:
    write_current_student(pages, ADA)
    app = open_page("listings", listing="ashby:orbit:3")
    said = read_text(app)
    assert "3 days ago (exact)" in said
    assert "match 91%" in said
    assert "Python: 12 commits in shop" in said
    assert "Go, not shown yet" in said
    assert app.get("link_button")[0].url == "https://boards.example/apply"


def test_opened_listing_quotes_who_may_apply_and_links_every_source(pages: Settings) -> None:
    said = read_text(open_page("listings", listing="ashby:orbit:3"))
    assert "2027 (“You graduate in 2027.”)" in said
    assert "No visa sponsorship (“We do not sponsor visas.”)" in said
    assert "On 2 boards" in said
    assert 'href="https://jobs.example/orbit/3"' in said
    assert "₹20,000-30,000 or $240-360 a month" in said


def test_card_shows_what_decides(pages: Settings) -> None:
    app = open_page("listings", text="engineering 3")
    (card,) = [html.value for html in app.html if 'class="if-clocks"' in html.value]
    for words in (
        "Orbit · Berlin, Germany", "₹ 20,000 - 30,000 /month", "Internship", "Data", "graduating 2027",
        "No visa sponsorship", "posted 3 days ago (exact)", "(in 3 days)", "on 2 boards",
    ):  # fmt: skip
        assert words in card, words


def test_what_is_hidden_by_default_is_said_and_can_be_shown(pages: Settings) -> None:
    app = open_page("listings")
    assert "signs of a fee or a fake" in read_text(app)
    app.selectbox(key="listings.trust").set_value("avoid").run()
    app.toggle(key="listings.include_ghosts").set_value(True).run()
    said = read_text(app)
    assert "**27 listings**" in said
    assert "Hidden:" not in said
    assert "Better avoided" in said


def test_new_since_the_last_visit_is_offered_from_the_second_visit_on(
    own_pages: Settings,
) -> None:
    write_current_student(own_pages, ADA)
    assert "listings.new_since" not in {pills.key for pills in open_page("listings").pills}
    with connect(own_pages, "owner") as connection:
        connection.execute(
            "update app.visits set visited_at = visited_at - interval '2 days',"
            " newest_at = newest_at - interval '3 days 12 hours'"
        )
    app = open_page("listings", kind="internship")
    (label,) = app.pills(key="listings.new_since").options
    assert "New since your last visit" in str(label)
    moment = read_one(own_pages, "select previous_at from app.visits")["previous_at"]
    app.pills(key="listings.new_since").set_value(moment).run()
    assert "**4 listings**" in read_text(app)
    assert app.query_params["new_since"].endswith("Z")


def read_one(settings: Settings, query: str) -> dict[str, object]:
    with connect(settings, "owner") as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row


def test_without_a_student_no_last_visit_is_offered(pages: Settings) -> None:
    app = open_page("listings")
    assert "listings.new_since" not in {pills.key for pills in app.pills}


def test_filters_are_saved_shown_again_and_deleted(own_pages: Settings) -> None:
    write_current_student(own_pages, ADA)
    app = open_page("listings", country="DE", skill="Go")
    app.text_input(key="listings.save_name").set_value("Go in Germany")
    app.button(key="FormSubmitter:listings.save-Save").click().run()
    assert not app.error
    stored = read_one(own_pages, "select id::text, filters, token from app.saved_filters")
    assert stored["filters"] == {"country": ["DE"], "skill": ["Go"]}
    said = read_text(app)
    for form in ("rss", "atom", "json", "ics"):
        assert f"/feeds/saved/{stored['token']}.{form}" in said
    app.toggle(key=f"listings.digest.{stored['id']}").set_value(True).run()
    assert read_one(own_pages, "select digest_enabled from app.saved_filters") == {
        "digest_enabled": True
    }
    app.multiselect(key="listings.country").set_value([]).run()
    app.button(key=f"listings.show.{stored['id']}").click().run()
    assert app.multiselect(key="listings.country").value == ["DE"]
    assert "**4 listings**" in read_text(app)
    app.button(key=f"listings.delete.{stored['id']}").click().run()
    assert read_one(own_pages, "select count(*) as n from app.saved_filters") == {"n": 0}
    assert stored["token"] not in read_text(app)


def test_filters_without_a_student_have_links_and_cannot_be_saved(
    pages: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERNFLOW_API_URL", "https://college.example/api")
    read_settings.cache_clear()
    app = open_page("listings", country="DE", text="a&b")
    said = read_text(app)
    assert "https://college.example/api/feeds/listings.rss?text=a%26b&amp;country=DE" in said
    assert "listings.save_name" not in {field.key for field in app.text_input}


def test_boards_page_counts_and_names_those_in_trouble(pages: Settings) -> None:
    app = open_page("boards")
    said = read_text(app)
    assert "2 of 3 boards answered completely" in said
    assert "HTTP 503 after 3 attempts" in said
    assert "<td>Orbit</td>" not in said
    app.segmented_control(key="boards.view").set_value("All").run()
    assert "<td>Orbit</td>" in read_text(app)
    app.text_input(key="boards.words").set_value("greenh").run()
    assert "<td>Orbit</td>" not in read_text(app)


def test_student_adds_a_company_by_its_careers_page(own_pages: Settings) -> None:
    write_current_student(own_pages, ADA)
    app = open_page("boards")
    app.text_input(key="boards.address").set_value("https://boards.greenhouse.io/newcompany")
    app.button(key="FormSubmitter:boards.add-Add the company").click().run()
    assert not app.error
    assert app.success[0].value.startswith("Added Newcompany on greenhouse")
    stored = read_one(own_pages, "select platform, token, company, added_by from ops.boards")
    assert stored == {
        "platform": "greenhouse", "token": "newcompany", "company": "Newcompany", "added_by": "student",
    }  # fmt: skip
    app.button(key="FormSubmitter:boards.add-Add the company").click().run()
    assert "on the list already" in app.success[0].value


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "http://127.0.0.1/jobs", "x\x00y"])
def test_address_that_is_no_careers_page_is_refused(own_pages: Settings, address: str) -> None:
    write_current_student(own_pages, ADA)
    app = open_page("boards")
    app.text_input(key="boards.address").set_value(address)
    app.button(key="FormSubmitter:boards.add-Add the company").click().run()
    assert len(app.error) == 1
    assert "This page failed" not in app.error[0].value
    assert read_one(own_pages, "select count(*) as n from ops.boards") == {"n": 0}


def test_without_a_student_no_company_can_be_added(pages: Settings) -> None:
    assert "boards.address" not in {field.key for field in open_page("boards").text_input}


def test_listing_of_an_unknown_id_says_so(pages: Settings) -> None:
    assert "This listing is not here" in read_text(open_page("listings", listing="x\x00y"))


def test_hostile_listing_is_inert(pages: Settings) -> None:
    app = open_page("listings", listing="greenhouse:acme:hostile")
    html = "\n".join(element.value for element in app.html)
    for trap in ("<script", "onclick", "onerror", "javascript:", "<img", "display:none"):
        assert trap not in html
    assert "Build things." in html
    (label,) = [b.label for b in app.button if b.key == "listings.open.greenhouse:acme:hostile"]
    assert "](" not in label
    assert r"\<script\>" in label
    assert not app.get("link_button")
    assert not app.dataframe


def test_reviews_show_open_findings_and_every_outcome(pages: Settings) -> None:
    write_current_student(pages, ADA)
    app = open_page("reviews")
    said = read_text(app)
    assert "eval() runs whatever the text says" in said
    assert "shop/cart.py:5" in said
    for outcome in ("Reviewed 2", "Skipped 1", "Failed 1", "Pending 1"):
        assert outcome in said
    assert "0 commits behind" in said


def test_reviews_are_read_without_a_mirror_too(pages: Settings) -> None:
    write_current_student(pages, ADA)
    (pages.mirrors_dir / f"{ADAS_REPOSITORY}.git").rename(pages.mirrors_dir / "away")
    said = read_text(open_page("reviews"))
    assert "has no mirror: register it, then run the daily flow" in said
    assert "shop/cart.py:5" in said


def test_commits_show_their_status_with_the_reason(pages: Settings) -> None:
    write_current_student(pages, ADA)
    app = open_page("reviews")
    app.segmented_control(key="reviews.view").set_value("Commits").run()
    said = read_text(app)
    assert "only generated files changed" in said
    assert "the reviewer ended with code 2" in said
    assert r"\[a\]\(https\:" in said
    app.pills(key="reviews.status").set_value("failed").run()
    assert "only generated files changed" not in read_text(app)


def test_finding_leads_to_its_line_in_its_commit(pages: Settings, world: World) -> None:
    write_current_student(pages, ADA)
    app = open_page("reviews")
    app.button(key=f"reviews.finding.{'f' * 16}").click().run()
    assert app.query_params["commit"] == world.shas[1]
    (diff,) = [
        element.value
        for element in app.html
        if "if-diff" in element.value and "<col" in element.value
    ]
    line, below = diff.index("return eval(text)"), diff.index("eval() runs whatever")
    assert line < below < diff.index("def total")
    app.button(key="reviews.close").click().run()
    assert "worst first" in read_text(app)


def test_commit_shows_its_narration_with_names_set_apart_and_escaped(
    pages: Settings, world: World
) -> None:
    write_current_student(pages, ADA)
    app = open_page("reviews", repository=ADAS_REPOSITORY, commit=world.shas[1])
    (told,) = [element.value for element in app.html if "It adds" in element.value]
    assert (
        "<code>&lt;script&gt;window.pwned=3&lt;/script&gt;</code>, and changes <code>load</code>."
        in told
    )
    assert '<a href="https://docs.example/S307"' in told
    assert "Reworded by a language model" in told
    app = open_page("reviews", repository=ADAS_REPOSITORY, commit=world.shas[3])
    assert "Reworded" not in read_text(app)


def test_hostile_file_content_is_escaped_in_the_diff(pages: Settings, world: World) -> None:
    write_current_student(pages, ADA)
    app = open_page("reviews", repository=ADAS_REPOSITORY, commit=world.shas[3])
    html = "\n".join(element.value for element in app.html)
    assert "PAGE = &#x27;&lt;html&gt;&#x27;" in html


@pytest.mark.parametrize(
    "address",
    [
        {"repository": BOBS_REPOSITORY},
        {"repository": BOBS_REPOSITORY, "commit": "b" * 40},
        {"repository": ADAS_REPOSITORY, "commit": "b" * 40},
        {"repository": ADAS_REPOSITORY, "commit": "../../etc"},
        {"repository": "../..", "commit": "HEAD"},
    ],
)
def test_address_of_what_is_not_the_students_is_refused(
    pages: Settings, address: dict[str, str]
) -> None:
    write_current_student(pages, ADA)
    app = open_page("reviews", **address)
    (error,) = app.error
    assert error.value.startswith("None of your repositories has")
    assert "Bob" not in read_text(app)


def test_pages_never_mix_the_rows_of_two_students(pages: Settings) -> None:
    for student, own, others in ((ADA, "eval() runs", "Bob"), (BOB, "Bob's", "eval() runs")):
        write_current_student(pages, student)
        said = read_text(open_page("reviews"))
        assert own.replace("'", "&#x27;") in said
        assert others not in said


def test_repository_that_was_not_mirrored_says_why(own_pages: Settings) -> None:
    with connect(own_pages, "owner") as connection:
        connection.execute(
            "insert into app.student_repositories values"
            " (%s, 'cccccccccccccccc', 'https://x.example/y', 'https', now())",
            (ADA,),
        )
        connection.execute(
            "insert into ops.mirror_results values"
            " ('cccccccccccccccc', 'https://x.example/y', 'failed', 'The host did not answer.', now())"
        )
    write_current_student(own_pages, ADA)
    said = read_text(open_page("reviews", repository="cccccccccccccccc"))
    assert "This repository was not mirrored yet" in said
    assert "The host did not answer." in said


def test_resume_shows_its_page_and_the_evidence_of_each_statement(
    pages: Settings, world: World
) -> None:
    write_current_student(pages, ADA)
    app = open_page("resume")
    said = read_text(app)
    assert len(app.image) == 1
    assert "Wrote the cart of a shop in 5 commits" in said
    assert "shop/cart.py:9" in said
    assert "def total(prices):" in said
    assert "Measured: **5**" in said
    assert "select count(*) from raw.commits" in said
    assert [link.label for link in app.get("page_link")] == [
        f"Commit {world.shas[1][:10]}",
        f"Commit {world.shas[-1][:10]}",
    ]
    assert {b.key for b in app.get("download_button")} == {"resume.pdf", "resume.json"}


def test_statement_whose_evidence_is_gone_says_so(own_pages: Settings) -> None:
    with connect(own_pages, "owner") as connection:
        connection.execute("delete from ai.evidence where kind = 'code'")
    write_current_student(own_pages, ADA)
    assert "is gone" in read_text(open_page("resume"))
