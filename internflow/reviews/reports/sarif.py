"""A report as SARIF 2.1.0 (OASIS), which code hosts and editors read. The numbers in brackets are the standard's."""

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from internflow.reviews.reports.report import (
    ReportedCommit,
    ReportedFinding,
    ReviewReport,
    order_findings,
)
from internflow.reviews.rule import RelatedPlace, Rule

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {"high": "error", "medium": "warning", "low": "note"}
ROOT = "%SRCROOT%"
FINGERPRINT = "internflow/v1"  # the version is part of the name [3.27.17]

Json = dict[str, Any]


def render_sarif(report: ReviewReport, rules: Mapping[str, Rule], version: str) -> str:
    """The report as a SARIF log, in ASCII; dismissed findings are in it, suppressed. `version` is ours."""
    return json.dumps(build_log(report, rules, version), indent=2) + "\n"


def build_log(report: ReviewReport, rules: Mapping[str, Rule], version: str) -> Json:
    """The log as one object of JSON."""
    findings = order_findings(report.findings)
    codes = sorted({f.finding.rule for f in findings})
    run = {
        "tool": {"driver": _build_driver(findings, codes, rules, version)},
        "invocations": [_build_invocation(report.commits)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "versionControlProvenance": [_build_provenance(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_build_result(f, codes.index(f.finding.rule)) for f in findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def encode_path(path: str) -> str:
    """A path as a relative reference [3.4.3]; a colon in it must not look like a scheme's."""
    return quote(path, safe="/-._~!$&'()*+,;=@")


def escape_message(text: str) -> str:
    """Text of a message: braces would be placeholders [3.11.5], and `[..](..)` a link [3.11.6]."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _build_driver(
    findings: Sequence[ReportedFinding],
    codes: Sequence[str],
    rules: Mapping[str, Rule],
    version: str,
) -> Json:
    first = {f.finding.rule: f for f in reversed(findings)}
    return {
        "name": "InternFlow",
        "semanticVersion": version,
        "rules": [_build_rule(code, rules.get(code), first[code]) for code in codes],
    }


def _build_rule(code: str, rule: Rule | None, example: ReportedFinding) -> Json:
    """What the catalog says of a rule; of one that it no longer has, what its findings say."""
    finding = example.finding
    severity = rule.severity if rule else finding.severity
    built: Json = {
        "id": code,
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"tags": [rule.category if rule else finding.category]},
    }
    if rule is not None:
        built["shortDescription"] = {"text": escape_message(rule.why)}
        built["help"] = {"text": escape_message(f"{rule.why} {rule.advice}")}
    url = finding.rule_url or (rule.url if rule else None)
    if url is not None:
        built["helpUri"] = url
    return built


def _build_invocation(commits: Sequence[ReportedCommit]) -> Json:
    """How the run went: a commit that could not be reviewed is a notification."""
    failed = [
        {
            "level": "error",
            "message": {"text": escape_message(f"{c.sha} could not be reviewed: {c.reason}")},
        }
        for c in commits
        if c.status == "failed"
    ]
    return {"executionSuccessful": not failed, "toolExecutionNotifications": failed}


def _build_provenance(report: ReviewReport) -> Json:
    is_address = report.location.startswith("https://")
    uri = report.location if is_address else PurePosixPath(report.location).as_uri()
    built: Json = {
        "repositoryUri": uri,
        "revisionId": report.head_sha,
        "mappedTo": {"uriBaseId": ROOT},
    }
    if report.branch is not None:
        built["branch"] = report.branch
    return built


def _build_result(reported: ReportedFinding, rule_index: int) -> Json:
    finding = reported.finding
    built: Json = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": {"text": escape_message(finding.message)},
        "locations": [{"physicalLocation": _build_place(reported.path, _build_region(reported))}],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        # On every result or on none: an empty list says that nobody suppressed it [3.27.23].
        "suppressions": [_build_suppression(reported)] if reported.is_dismissed else [],
        "properties": {
            "category": finding.category,
            "severity": finding.severity,
            "state": reported.state,
            "commit": finding.commit_sha,
        },
    }
    if reported.related:
        built["relatedLocations"] = [
            _build_related(number, place) for number, place in enumerate(reported.related)
        ]
    return built


def _build_region(reported: ReportedFinding) -> Json | None:
    """None where the finding is about the whole file: the first line of a region is 1 [3.30.5]."""
    if not reported.start_line:
        return None
    region: Json = {"startLine": reported.start_line}
    if reported.end_line is not None:
        region["endLine"] = reported.end_line
    if reported.quote is not None:
        region["snippet"] = {"text": reported.quote}
    return region


def _build_place(path: str, region: Json | None) -> Json:
    place: Json = {"artifactLocation": {"uri": encode_path(path), "uriBaseId": ROOT}}
    return place | {"region": region} if region else place


def _build_related(number: int, place: RelatedPlace) -> Json:
    region = {
        "startLine": place.start_line,
        "endLine": place.end_line,
        "snippet": {"text": place.quote},
    }
    return {
        "id": number,
        "message": {"text": escape_message(place.note)},
        "physicalLocation": _build_place(place.path, region),
    }


def _build_suppression(reported: ReportedFinding) -> Json:
    built: Json = {"kind": "external", "status": "accepted"}
    if reported.reason:
        built["justification"] = reported.reason
    return built
