import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from internflow.reviews.reports.report import DISMISSED, ReportedCommit, ReviewReport
from internflow.reviews.reports.sarif import encode_path, render_sarif
from internflow.reviews.rule import RelatedPlace
from tests.reviews.reported import FINDING, HEAD, RULES, report_of, reported

SCHEMA = json.loads((Path(__file__).parent / "sarif_schema.json").read_text())
PATHS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1
).filter(lambda p: not p.startswith("/"))


def render(report: ReviewReport) -> dict[str, Any]:
    """The one run of the log, which fits the standard's schema."""
    text = render_sarif(report, RULES, "0.1.0")
    assert text.isascii()
    log = json.loads(text)
    Draft7Validator(SCHEMA, format_checker=FormatChecker()).validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


def test_a_finding_has_its_rule_place_quote_and_fingerprint() -> None:
    run = render(report_of(reported(path="new/app.py", start_line=9, end_line=10)))
    (result,) = run["results"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("B006", 0, "warning")
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "new/app.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 9, "endLine": 10, "snippet": {"text": FINDING.quote}},
            }
        }
    ]
    assert result["partialFingerprints"] == {"internflow/v1": FINDING.fingerprint}
    assert result["properties"]["commit"] == FINDING.commit_sha
    assert rule["shortDescription"]["text"] == "The default is made once."
    assert "Make it in the function." in rule["help"]["text"]
    assert rule["helpUri"] == FINDING.rule_url
    assert run["versionControlProvenance"][0]["revisionId"] == HEAD


def test_a_finding_about_a_whole_file_has_no_region() -> None:
    large = replace(FINDING, path="model.bin", start_line=0, end_line=0, quote="")
    (result,) = render(report_of(reported(large, end_line=None, quote=None)))["results"]
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "model.bin", "uriBaseId": "%SRCROOT%"}
    }


@pytest.mark.parametrize(
    ("severity", "level"), [("high", "error"), ("medium", "warning"), ("low", "note")]
)
def test_the_level_is_that_of_the_severity_of_the_finding(severity: str, level: str) -> None:
    finding = replace(FINDING, severity=severity)
    assert render(report_of(reported(finding)))["results"][0]["level"] == level


def test_every_result_leads_to_its_rule_and_severe_ones_come_first() -> None:
    other = replace(FINDING, rule="S602", severity="high", fingerprint="e" * 64, path="z.py")
    run = render(report_of(reported(), reported(other)))
    assert [r["ruleId"] for r in run["results"]] == ["S602", "B006"]
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]


def test_a_dismissed_finding_is_suppressed_with_its_reason_and_the_others_say_that_they_are_not() -> (
    None
):
    dismissed = reported(
        replace(FINDING, fingerprint="e" * 64), state=DISMISSED, reason="on purpose"
    )
    first, second = render(report_of(reported(path="a.py"), dismissed))["results"]
    assert first["suppressions"] == []
    assert second["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "on purpose"}
    ]


def test_related_code_has_its_place_and_what_it_is() -> None:
    place = RelatedPlace("call er.py", 7, 8, "add(1)\nadd(2)", "a caller that was not changed")
    (result,) = render(report_of(reported(related=(place,))))["results"]
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == "a caller that was not changed"
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "call%20er.py"
    assert related["physicalLocation"]["region"]["endLine"] == 8


def test_a_commit_that_failed_is_a_notification_and_the_run_no_success() -> None:
    failed = ReportedCommit("c" * 40, "Break", "failed", "ruff took more than 60 s")
    run = render(report_of(commits=(failed,)))
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "took more than 60 s" in notification["message"]["text"]


def test_messages_hold_no_placeholder_and_no_link() -> None:
    finding = replace(FINDING, message="`{0}` and [click](https://evil.example)")
    (result,) = render(report_of(reported(finding)))["results"]
    assert result["message"]["text"] == "`{{0}}` and [click] (https://evil.example)"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b.py", "a%20b.py"),
        ("100%.py", "100%25.py"),
        ("प्रश्न.py", "%E0%A4%AA%E0%A5%8D%E0%A4%B0%E0%A4%B6%E0%A5%8D%E0%A4%A8.py"),
        ("c:d/e.py", "c%3Ad/e.py"),
        ("what?#.py", "what%3F%23.py"),
        ("back\\slash.py", "back%5Cslash.py"),
        ("new\nline.py", "new%0Aline.py"),
    ],
)
def test_a_path_is_a_relative_reference(path: str, uri: str) -> None:
    assert encode_path(path) == uri
    render(report_of(reported(path=path)))


@given(PATHS)
def test_any_path_comes_back_from_its_reference(path: str) -> None:
    assert unquote(encode_path(path)) == path
    render(report_of(reported(path=path)))


def test_a_local_repository_and_one_without_a_branch() -> None:
    (provenance,) = render(report_of(location="/home/asha/my shop", branch=None))[
        "versionControlProvenance"
    ]
    assert provenance["repositoryUri"] == "file:///home/asha/my%20shop"
    assert "branch" not in provenance
