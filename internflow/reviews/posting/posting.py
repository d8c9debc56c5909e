"""Posts the reviews of a repository to GitHub, each once; a second run changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from internflow.errors import ConfigError, InternflowError, SourceUnavailable
from internflow.repos.mirrors import Mirror
from internflow.repos.vetting import Source
from internflow.reviews.posting.api import GitHubApi, find_name, open_api
from internflow.reviews.posting.content import build_check, build_comment, hash_comment
from internflow.reviews.posting.sending import send_check, send_comment
from internflow.reviews.posting.stored import Posting, note_done, read_postings, store_posting
from internflow.reviews.posting.targets import Target, choose_targets
from internflow.reviews.ranges import CommitRange
from internflow.reviews.reporting import report_range
from internflow.reviews.reports.report import ReviewReport
from internflow.reviews.rule import Rule
from internflow.settings import Settings
from internflow.warehouse.connections import Connection

logger = structlog.get_logger("internflow.reviews")


@dataclass(frozen=True)
class _Job:
    """What stays the same while a repository's reviews are posted."""

    api: GitHubApi
    connection: Connection
    rules: Mapping[str, Rule]
    now: datetime


def post_reviews(
    settings: Settings,
    connection: Connection,
    mirror: Mirror,
    source: Source,
    rules: Mapping[str, Rule],
    *,
    now: datetime,
) -> int:
    """Post what is new, if posting is on and the source is on GitHub; return how many check runs or comments changed.

    What GitHub refuses of one is stored with it and does not stop the others; the first refusal is raised at the end.
    Raises SourceUnavailable at once when asking again may help: what was posted until then is not posted again.
    """
    name = find_name(settings, source)
    if settings.github_post == "off" or name is None:
        return 0
    changed, refusals = 0, []
    with open_api(settings, name) as api:
        if settings.github_post == "comment":
            _require_write(api)
        job = _Job(api, connection, rules, now)
        stored = read_postings(connection, mirror.repo_id, settings.github_post)
        pulls = api.list("/pulls?state=open&sort=updated&direction=desc")
        for target in choose_targets(mirror, settings.github_post, pulls, stored):
            posting = _open_posting(settings.github_post, mirror, target, stored, now)
            chosen = CommitRange(target.base_sha, target.head_sha)
            report = report_range(connection, mirror, source, chosen, now=now)
            try:
                changed += _post(job, posting, target, report, is_resumed=target.name in stored)
            except InternflowError as error:
                _note_error(connection, settings.github_post, posting, str(error))
                if isinstance(error, SourceUnavailable):
                    raise
                refusals.append(error)
    if refusals:
        raise refusals[0]
    return changed


def _require_write(api: GitHubApi) -> None:
    """Anybody may comment on a public repository; this must not be done to strangers' ones."""
    if api.ask("GET", "").get("permissions", {}).get("push") is not True:
        raise ConfigError(
            f"The token may not write to {api.name}, so nothing is posted there: give it a token of its owner."
        )


def _open_posting(
    kind: str, mirror: Mirror, target: Target, stored: Mapping[str, Posting], now: datetime
) -> Posting:
    """The posting as stored, with the commits of now, or a new one."""
    known = stored.get(target.name)
    if known is not None:
        return replace(
            known, base_sha=target.base_sha, head_sha=target.head_sha, branch=target.branch
        )
    return Posting(
        mirror.repo_id, kind, target.name, target.branch, target.base_sha, target.head_sha, now
    )


def _post(
    job: _Job, posting: Posting, target: Target, report: ReviewReport, *, is_resumed: bool
) -> int:
    """Post one review; 0 when it says already what it should."""
    if posting.kind == "checks":
        check = build_check(report, job.rules)
        if posting.content_hash == check.content_hash:
            return 0
        send_check(job.api, job.connection, posting, check, job.now, is_resumed=is_resumed)
        return 1
    body = build_comment(report, job.rules)
    if posting.content_hash == hash_comment(body):
        return 0
    is_certain = posting.content_hash is not None or not is_resumed
    if posting.remote_id is None and is_certain and not report.standing:
        note_done(job.connection, posting, hash_comment(body), job.now)
        return 0  # silence, rather than a comment that there is nothing
    send_comment(job.api, job.connection, posting, target, body, job.now, is_resumed=is_resumed)
    return 1


def _note_error(connection: Connection, kind: str, posting: Posting, error: str) -> None:
    """Store why it failed beside what was stored meanwhile."""
    connection.rollback()
    stored = read_postings(connection, posting.repo_id, kind).get(posting.target, posting)
    store_posting(connection, replace(stored, error=error))
    logger.warning("posting_failed", repo_id=posting.repo_id, target=posting.target, error=error)
