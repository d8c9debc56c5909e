"""`internflow index`: builds and verifies the search indexes of mirrored repositories."""

from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from internflow.errors import InternflowError, StaleIndex
from internflow.repos.mirrors import open_mirror
from internflow.repos.vetting import Source
from internflow.retrieval.encoder import open_encoder
from internflow.retrieval.indexing import index_repository
from internflow.retrieval.verification import Verified, verify_index
from internflow.settings import Settings
from internflow.warehouse.connections import Connection


def build_index(
    settings: Settings,
    connection: Connection,
    console: Console,
    source: Source,
    *,
    now: datetime,
    from_scratch: bool,
) -> None:
    """Bring a repository's index to the commit that is loaded, and say where it stands."""
    encoder = open_encoder(settings)
    mirror = open_mirror(settings.mirrors_dir, source.repo_id)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        work = progress.add_task("Cutting and counting", total=None)

        def show(done: int, total: int) -> None:
            progress.update(work, description="Encoding texts", completed=done, total=total)

        index_repository(
            settings,
            connection,
            mirror,
            encoder,
            now=now,
            on_progress=show,
            from_scratch=from_scratch,
        )
        verified = verify_index(settings, connection, mirror, encoder)
    console.print(f"The index of {escape(source.name)} stands {tell_verified(verified)}.")


def verify_one(
    settings: Settings, connection: Connection, console: Console, source: Source
) -> None:
    """Verify a repository's index. Raises StaleIndex when it is unsound or behind."""
    verified = _verify(settings, connection, source.repo_id)
    console.print(f"{escape(source.name)}: {tell_verified(verified)}")
    if verified.behind:
        raise StaleIndex(
            f"The index of {source.name} is sound, but behind: {_find_fix(connection, source.repo_id, verified)}."
        )


def verify_all(settings: Settings, connection: Connection, console: Console) -> None:
    """Verify every loaded repository's index, a line for each. Raises StaleIndex when one is unsound or behind."""
    repositories = connection.execute(
        "select repo_id, name from raw.repositories order by name"
    ).fetchall()
    failed = 0
    for row in repositories:
        try:
            verified = _verify(settings, connection, row["repo_id"])
            outcome = tell_verified(verified)
            failed += bool(verified.behind)
        except InternflowError as error:
            outcome, failed = str(error), failed + 1
        console.print(f"{escape(row['name'])}: {escape(outcome)}")
    if failed:
        raise StaleIndex(
            f"{failed} of {len(repositories)} indexes are not as they should be:"
            " run `internflow index rebuild REPO` for each, or wait for the daily run where one is only behind."
        )


def tell_verified(verified: Verified) -> str:
    """A sound index in a phrase, such as "at commit 1a2b3c4d, 2 commits behind, 40 chunks"."""
    number = "1 commit" if verified.behind == 1 else f"{verified.behind} commits"
    behind = f", {number} behind" if verified.behind else ""
    words = ", words alone until its vectors are made" if verified.tier == "lexical" else ""
    return f"at commit {verified.commit_sha[:8]}{behind}, {verified.chunk_count} chunks{words}"


def _verify(settings: Settings, connection: Connection, repo_id: str) -> Verified:
    mirror = open_mirror(settings.mirrors_dir, repo_id)
    return verify_index(settings, connection, mirror, open_encoder(settings))


def _find_fix(connection: Connection, repo_id: str, verified: Verified) -> str:
    """An index is built of what is loaded; it cannot be newer."""
    row = connection.execute(
        "select head_sha from raw.repositories where repo_id = %s", (repo_id,)
    ).fetchone()
    if row is not None and row["head_sha"] != verified.commit_sha:
        return "run `internflow index build REPO`"
    return "the next daily run loads the newer commits and indexes them"
