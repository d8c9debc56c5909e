"""What the demo prints at its end: counts, best listings with reasons, open findings, where the resume lies."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from internflow.repos.vetting import Source
from internflow.resumes.render import render_pdf
from internflow.services.asking import TIERS
from internflow.settings import Settings
from internflow.students.accounts import Student
from internflow.warehouse.connections import Connection, as_student, connect
from internflow.warehouse.fingerprints import TableChange

SHOWN_FINDINGS = 5


def print_report(
    settings: Settings,
    console: Console,
    student: Student,
    source: Source,
    changes: list[TableChange],
    *,
    seconds: float,
) -> None:
    """Print the outcome as the student may see it: everything is read as the app's role under row-level security."""
    with connect(settings, "app") as connection, as_student(connection, student.student_id):
        _print_counts(console, connection, source.repo_id)
        _print_matches(console, connection)
        _print_findings(console, connection, source.repo_id)
        resume = write_resume_file(settings, connection, student.student_id)
    console.print(f"\n[bold]Resume of {escape(student.name)}[/bold]: {resume}")
    _print_changes(console, changes)
    console.print(
        f"Took {seconds:.0f} s. Look around: [bold]internflow up[/bold]; ask the code: ", end=""
    )
    console.print(f'[bold]internflow ask {escape(source.location)} "where is ...?"[/bold]')


def write_resume_file(settings: Settings, connection: Connection, student_id: str) -> Path | None:
    """Render the student's resume into the data folder; None when nothing could be proved yet."""
    row = connection.execute("select document, document_hash from marts.resumes").fetchone()
    if row is None:
        return None
    path = settings.resumes_dir / student_id / f"{row['document_hash'][:12]}.pdf"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".new")
        aside.write_bytes(render_pdf(row["document"]))
        aside.replace(path)
    return path


def _print_counts(console: Console, connection: Connection, repo_id: str) -> None:
    counts = _one(
        connection,
        """
        select
            (select count(*) from marts.listings where is_open) as open_listings,
            (select count(*) from marts.listings where is_open and kind = 'internship') as internships,
            (select count(*) from marts.crawl_health) as boards,
            (select count(*) from marts.crawl_health where status in ('ok', 'ok_empty')) as boards_ok,
            (select commit_count from marts.repositories where repo_id = %(repo)s) as commits,
            (select count(*) from marts.commits where repo_id = %(repo)s and review_status = 'reviewed') as reviewed,
            (select count(*) from marts.commits where repo_id = %(repo)s and review_status = 'skipped') as skipped,
            (select count(*) from marts.commits where repo_id = %(repo)s and review_status = 'failed') as failed,
            (select chunk_count from marts.repositories where repo_id = %(repo)s) as chunks,
            (select tier from ops.index_manifests where repo_id = %(repo)s) as tier,
            (select count(*) from marts.findings where repo_id = %(repo)s and state <> 'fixed') as open_findings,
            (select count(*) from marts.findings where repo_id = %(repo)s and state = 'fixed') as fixed_findings,
            (select count(*) from marts.bullets) as bullets,
            (select count(*) from marts.evidence) as evidence
        """,
        {"repo": repo_id},
    )
    table = Table(
        box=None,
        show_header=False,
        title="What is there now",
        title_justify="left",
        title_style="bold",
    )
    table.add_row(
        "listings", f"{counts['open_listings']} open, {counts['internships']} internships"
    )
    table.add_row("boards", f"{counts['boards_ok']} of {counts['boards']} answered")
    table.add_row(
        "commits",
        f"{counts['commits']} mirrored; {counts['reviewed']} reviewed,"
        f" {counts['skipped']} skipped, {counts['failed']} failed",
    )
    table.add_row("findings", f"{counts['open_findings']} open, {counts['fixed_findings']} fixed")
    searched = TIERS[counts["tier"]] if counts["tier"] else "nothing yet"
    table.add_row("code index", f"{counts['chunks'] or 0} chunks, searched by {searched}")
    table.add_row("resume", f"{counts['bullets']} statements citing {counts['evidence']} facts")
    console.print()
    console.print(table)


def _print_matches(console: Console, connection: Connection) -> None:
    matches = connection.execute(
        "select l.title, l.company, l.url, m.score, m.reasons"
        " from marts.matches m join marts.listings l using (posting_id)"
        " where l.is_open order by m.score desc, l.posting_id limit 3"
    ).fetchall()
    console.print("\n[bold]Best-matched listings[/bold]")
    for match in matches:
        console.print(
            f"  {match['score']:.2f}  {escape(match['title'])} at {escape(match['company'])}"
            f"  [dim]{escape(match['url'])}[/dim]"
        )
        for reason in match["reasons"]:
            console.print(f"        {escape(reason)}")
    if not matches:
        console.print("  none yet")


def _print_findings(console: Console, connection: Connection, repo_id: str) -> None:
    findings = connection.execute(
        "select severity, rule, path, head_line, start_line, message, quote, commit_sha from marts.findings"
        " where repo_id = %s and state <> 'fixed'"
        " order by array_position(array['high', 'medium', 'low'], severity), path, head_line",
        (repo_id,),
    ).fetchall()
    console.print(f"\n[bold]Open findings[/bold] ({len(findings)})")
    for finding in findings[:SHOWN_FINDINGS]:
        place = f"{finding['path']}:{finding['head_line'] or finding['start_line']}"
        console.print(
            f"  {finding['severity']:<6} {escape(place)}  {finding['rule']} {escape(finding['message'])}"
        )
        first_line = finding["quote"].strip().splitlines()[0][:100]
        console.print(
            f"         [dim]{escape(first_line)}  (since {finding['commit_sha'][:8]})[/dim]"
        )
    if len(findings) > SHOWN_FINDINGS:
        console.print(f"  and {len(findings) - SHOWN_FINDINGS} more on the Reviews page")


def _print_changes(console: Console, changes: list[TableChange]) -> None:
    if not changes:
        console.print(
            "\n[green]Nothing changed: 0 rows in raw and ai differ from before this run.[/green]"
        )
        return
    parts = ", ".join(f"{c.table} {c.before} -> {c.after}" for c in changes)
    console.print(f"\nChanged tables (rows before -> after): {parts}")


def _one(connection: Connection, query: str, params: dict[str, Any]) -> dict[str, Any]:
    return connection.execute(query.encode(), params).fetchone() or {}
