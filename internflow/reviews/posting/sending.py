"""Brings one check run or one comment to what it should say, with as few requests as that takes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from internflow.reviews.posting.api import GitHubApi, Gone, Json
from internflow.reviews.posting.content import CHECK_NAME, MARKER, Check, hash_comment
from internflow.reviews.posting.stored import Posting, note_done, note_remote, store_posting
from internflow.reviews.posting.targets import Target
from internflow.warehouse.connections import Connection

MOST_ANNOTATIONS = 50  # of one request


def send_check(
    api: GitHubApi,
    connection: Connection,
    posting: Posting,
    check: Check,
    now: datetime,
    *,
    is_resumed: bool,
) -> None:
    """Create the check run or update it; annotations that it shows already are not sent again.

    `is_resumed`: an earlier run began with it, and an answer may have been lost.
    """
    posting = store_posting(connection, posting)
    if posting.remote_id is None and is_resumed:
        posting = _find_check(api, connection, posting, check)
    for batch in _plan_batches(check, posting):
        output = {
            "title": check.title,
            "summary": check.summary,
            "annotations": [check.annotations[name] for name in batch],
        }
        body = {"status": "completed", "conclusion": check.conclusion, "output": output}
        remote_id = _write_check(api, posting, body)
        if remote_id != posting.remote_id:  # another one, which shows nothing yet
            posting = replace(posting, annotated=())
        posting = note_remote(connection, posting, remote_id, batch)
    note_done(connection, posting, check.content_hash, now)


def send_comment(
    api: GitHubApi,
    connection: Connection,
    posting: Posting,
    target: Target,
    body: str,
    now: datetime,
    *,
    is_resumed: bool,
) -> None:
    """Create the comment or update it; `is_resumed` as for a check run."""
    posting = store_posting(connection, posting)
    lists, single = _comment_paths(target)
    remote_id = posting.remote_id
    if remote_id is None and is_resumed:
        found = (c for c in api.list(lists) if str(c.get("body", "")).startswith(MARKER))
        remote_id = next((int(comment["id"]) for comment in found), None)
    answer = None
    if remote_id is not None:
        answer = _update(api, f"{single}/{remote_id}", {"body": body})
    if answer is None:
        answer = api.ask("POST", lists, {"body": body})
    posting = note_remote(connection, posting, int(answer["id"]))
    note_done(connection, posting, hash_comment(body), now)


def _plan_batches(check: Check, posting: Posting) -> Iterator[Sequence[str]]:
    """Fingerprints whose annotations go with each request; one request even without any."""
    missing = [name for name in check.annotations if name not in posting.annotated]
    for start in range(0, max(1, len(missing)), MOST_ANNOTATIONS):
        yield missing[start : start + MOST_ANNOTATIONS]


def _write_check(api: GitHubApi, posting: Posting, body: Json) -> int:
    answer = None
    if posting.remote_id is not None:
        answer = _update(api, f"/check-runs/{posting.remote_id}", body)
    if answer is None:
        made = {
            "name": CHECK_NAME,
            "head_sha": posting.head_sha,
            "external_id": _external_id(posting),
        }
        answer = api.ask("POST", "/check-runs", made | body)
    return int(answer["id"])


def _find_check(api: GitHubApi, connection: Connection, posting: Posting, check: Check) -> Posting:
    """The posting with the check run that was made before; GitHub keeps annotations in the order they came."""
    path = f"/commits/{posting.head_sha}/check-runs?check_name={CHECK_NAME}"
    for run in api.ask("GET", path)["check_runs"]:
        if run.get("external_id") == _external_id(posting):
            count = int(run["output"]["annotations_count"])
            shown = list(check.annotations)[:count]
            return note_remote(connection, posting, int(run["id"]), shown)
    return posting


def _update(api: GitHubApi, path: str, body: Json) -> Json | None:
    """The answer; None when somebody removed what should be updated."""
    try:
        answer: Json = api.ask("PATCH", path, body)
    except Gone:
        return None
    return answer


def _external_id(posting: Posting) -> str:
    return f"internflow-{posting.repo_id}"


def _comment_paths(target: Target) -> tuple[str, str]:
    """The list of comments of a pull request or a commit, and where one of them is."""
    if target.number is not None:
        return f"/issues/{target.number}/comments", "/issues/comments"
    return f"/commits/{target.head_sha}/comments", "/comments"
