"""The ledger and the trends on the Reviews page, under Streamlit's own test runner."""

import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.loading import forget_findings
from internflow.settings import Settings
from internflow.students.current import write_current_student
from internflow.warehouse.connections import connect
from tests.dashboards.seeding import ADA, ADAS_REPOSITORY, BOB, HOSTILE_QUOTE, World
from tests.dashboards.test_views import open_page, read_text

EVAL = "f" * 16  # the finding that is seeded
STATES = {"n1": "new", "r1": "regressed", "x1": "fixed", "o1": "open", "o2": "open", "o3": "open"}


@pytest.fixture
def ledger(own_pages: Settings, world: World) -> Iterator[Settings]:
    """Ada's repository with six more findings, each in a file of its name; Bob registered it, too."""
    related = [
        {
            "path": "shop/<b>.py",
            "start_line": 3,
            "end_line": 3,
            "quote": HOSTILE_QUOTE,
            "note": "<i>",
        }
    ]
    with connect(own_pages, "owner") as connection:
        for name, state in STATES.items():
            is_fixed, is_back = state == "fixed", state == "regressed"
            connection.execute(
                "insert into ai.findings (repo_id, fingerprint, commit_sha, path, start_line, end_line, quote, rule,"
                " category, severity, message, analyzer, state, head_line, related, returned_sha, fixed_by_sha)"
                " values (%s, %s, %s, %s, 5, 5, %s, 'E722', 'bug', 'medium', %s, 'a', %s, %s, %s, %s, %s)",
                (ADAS_REPOSITORY, name, world.shas[0], f"shop/{name}.py", f"except:  # {name}",
                 f"message {name}", state, None if is_fixed else 7, json.dumps(related if name == "n1" else []),
                 world.shas[3] if is_back else None, world.shas[4] if is_fixed else None),
            )  # fmt: skip
        connection.execute(
            "insert into app.student_repositories values (%s, %s, '/srv/git/ada-shop', 'local', now())",
            (BOB, ADAS_REPOSITORY),
        )
    write_current_student(own_pages, ADA)
    yield own_pages


def open_ledger() -> AppTest:
    app = open_page("reviews", repository=ADAS_REPOSITORY)
    assert not app.error
    return app


def list_shown(app: AppTest) -> list[str]:
    """The fingerprints of the findings on the page, in their order."""
    keys = [str(button.key) for button in app.button]
    return [key.removeprefix("reviews.useful.") for key in keys if ".useful." in key]


def give(app: AppTest, verdict: str, fingerprint: str) -> AppTest:
    return app.button(key=f"reviews.{verdict}.{fingerprint}").click().run()


def test_what_stands_is_shown_worst_first_with_what_to_do(ledger: Settings) -> None:
    app = open_ledger()
    assert list_shown(app) == [EVAL, "r1", "n1", "o1", "o2", "o3"]
    said = read_text(app)
    assert "6 findings, worst first." in said
    assert "<b>What to do:</b>" in said
    assert "shop/r1.py:5" in said
    assert "At HEAD in line 7." in said
    assert ">Regressed<" in said
    assert ">New<" in said


def test_states_severities_rules_and_files_narrow_the_list(ledger: Settings) -> None:
    app = open_ledger()
    app.pills(key="reviews.states").set_value(["fixed"]).run()
    assert list_shown(app) == ["x1"]
    app.pills(key="reviews.states").set_value([]).run()
    assert len(list_shown(app)) == 7
    app.pills(key="reviews.severities").set_value(["high"]).run()
    assert list_shown(app) == [EVAL]
    app.pills(key="reviews.severities").set_value([]).run()
    app.multiselect(key="reviews.rules").set_value(["E722"]).run()
    assert EVAL not in list_shown(app)
    app.text_input(key="reviews.path").set_value("SHOP/O").run()
    assert list_shown(app) == ["o1", "o2", "o3"]
    app.text_input(key="reviews.path").set_value("%").run()
    assert "No finding fits" in read_text(app)


def test_fixed_and_regressed_lead_to_their_commits(ledger: Settings, world: World) -> None:
    app = open_ledger()
    app.pills(key="reviews.states").set_value(["fixed", "regressed"]).run()
    words = {button.key: button.label for button in app.button}
    assert words["reviews.came.r1"] == f"Came back in {world.shas[3][:10]}"
    app.button(key="reviews.fixed.x1").click().run()
    assert app.query_params["commit"] == world.shas[4]


def test_hostile_text_of_quotes_and_related_code_is_escaped(ledger: Settings) -> None:
    html = "\n".join(element.value for element in open_ledger().html)
    assert "&lt;script&gt;window.pwned=2&lt;/script&gt;" in html
    assert "shop/&lt;b&gt;.py:3 · &lt;i&gt;" in html
    assert "<script>" not in html
    assert "<i>" not in html


def test_a_verdict_stays_until_it_is_undone_and_not_now_goes_last(ledger: Settings) -> None:
    app = give(open_ledger(), "not_now", EVAL)
    assert list_shown(app)[-1] == EVAL
    app = give(app, "useful", EVAL)
    assert list_shown(app)[0] == EVAL
    assert ">Useful<" in "\n".join(element.value for element in app.html)
    app = give(app, "useful", EVAL)
    assert ">Useful<" not in "\n".join(element.value for element in app.html)


def test_a_dismissed_finding_is_gone_with_its_reason_and_comes_back_when_undone(
    ledger: Settings,
) -> None:
    app = open_ledger()
    app.text_input(key="reviews.reason.n1").set_value("<b>on purpose</b>")
    dismiss_it(app, "n1")
    assert "n1" not in list_shown(app)
    app.pills(key="reviews.states").set_value(["dismissed"]).run()
    assert list_shown(app) == ["n1"]
    assert "&lt;b&gt;on purpose&lt;/b&gt;" in read_text(app)
    app.button(key="reviews.undo.n1").click().run()
    assert "No finding fits" in read_text(app)


def test_a_dismissed_finding_never_returns_whatever_becomes_of_it(ledger: Settings) -> None:
    app = open_ledger()
    app.text_input(key="reviews.reason.n1").set_value("on purpose")
    dismiss_it(app, "n1")
    for state in ("fixed", "regressed", "new", "open"):
        with connect(ledger, "owner") as connection:
            connection.execute(
                "update ai.findings set state = %s where fingerprint = 'n1'", (state,)
            )
        forget_findings()
        app = open_ledger()
        assert "n1" not in list_shown(app)
        app.pills(key="reviews.states").set_value(["fixed"]).run()
        assert "n1" not in list_shown(app)


def test_a_dismissal_without_a_reason_is_refused_in_one_sentence(ledger: Settings) -> None:
    app = open_ledger()
    dismiss_it(app, "n1")
    (error,) = app.error
    assert "cannot be used" in error.value
    assert "n1" in list_shown(app)
    assert not app.run().error


def dismiss_it(app: AppTest, fingerprint: str) -> None:
    (submit,) = [
        b for b in app.button if f"reviews.dismissing.{fingerprint}" in str(b.proto.form_id)
    ]
    submit.click().run()


def test_a_rule_that_is_mostly_wrong_is_left_out_and_can_be_switched_on_again(
    ledger: Settings,
) -> None:
    app = open_ledger()
    for name in ("n1", "r1", "o1", "o2"):
        app = give(app, "wrong", name)
        assert "left out" not in read_text(app)
    app = give(app, "wrong", "o3")
    assert list_shown(app) == [EVAL]
    said = read_text(app) + "".join(str(e.label) for e in app.expander)
    assert "6 findings left out" in said
    assert "E722: 0 of 5 verdicts say useful" in said
    app.button(key="reviews.switch_on.E722").click().run()
    assert len(list_shown(app)) == 6
    app.segmented_control(key="reviews.view").set_value("Trends").run()
    assert "No verdict yet" in read_text(app)


def test_one_students_words_change_nothing_for_another(ledger: Settings) -> None:
    app = give(open_ledger(), "not_now", EVAL)
    app.text_input(key="reviews.reason.n1").set_value("mine")
    dismiss_it(app, "n1")
    write_current_student(ledger, BOB)
    app = open_ledger()
    assert list_shown(app) == [EVAL, "r1", "n1", "o1", "o2", "o3"]
    app.pills(key="reviews.states").set_value(["dismissed"]).run()
    assert "mine" not in read_text(app)


def test_nobody_reads_no_ledger_and_has_no_buttons(ledger: Settings) -> None:
    (ledger.data_dir / "student").unlink()
    app = open_page("reviews")
    assert list_shown(app) == []
    assert "No repository is registered" in read_text(app)


def test_the_commit_has_its_findings_with_advice_and_buttons(
    ledger: Settings, world: World
) -> None:
    app = open_page("reviews", repository=ADAS_REPOSITORY, commit=world.shas[1])
    assert "<b>What to do:</b>" in read_text(app)
    app = give(app, "wrong", EVAL)
    assert ">Wrong<" in "\n".join(element.value for element in app.html)
    assert app.query_params["commit"] == world.shas[1]


def test_trends_plot_weeks_and_verdicts(ledger: Settings) -> None:
    app = give(give(open_ledger(), "wrong", "o1"), "useful", "o2")
    app.segmented_control(key="reviews.view").set_value("Trends").run()
    assert not app.exception
    said = [chart.proto.alt for chart in app.get("vega_lite_chart")]
    assert any(words.startswith("Brought in, by week: 7 from 2026-02-23") for words in said)
    assert any(words.startswith("Fixed, by week: 1 from") for words in said)
    assert any(words.startswith("There at the end of the week: 6") for words in said)
    assert "E722 1 of 2 useful" in said
