"""Reads a run's answers again with today's parsers, without a crawl: `python -m crawlers.reparse RUN_ID`.

The outcome lands as one more attempt of the run; the flow crawl_listings, run again with its run id, loads it.
"""

import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from crawlers.answers import find_answers, read_manifest
from crawlers.outcomes import Judge
from crawlers.platforms import PLATFORMS
from crawlers.reading import read_board
from crawlers.versions import find_parser_version
from internflow.listings.landing import (
    LandingWriter,
    find_final_results,
    find_landings,
    require_landings,
    write_lines,
)
from internflow.logs import configure_logs
from internflow.settings import read_settings


def reparse_run(landing_dir: Path, run_id: str) -> list[Path]:
    """Land the run's answers anew, as today's parsers read them; return the folders.

    Raises ConfigError when the run left nothing, ContractViolation when a file is damaged.
    """
    landings = find_landings(landing_dir, run_id)
    require_landings(landings, landing_dir, run_id)
    moments = {key: result.started_at for key, (result, _) in find_final_results(landings).items()}
    folders = []
    for platform, attempts in groupby(
        find_answers(landing_dir, run_id), key=lambda found: found[0]
    ):
        latest = {
            answers.board.token: (folder, answers)
            for _platform, _attempt, folder in attempts
            for answers in read_manifest(folder)
        }
        number = max(landing.attempt for landing in landings if landing.platform == platform)
        writer = LandingWriter(landing_dir, run_id, platform, number + 1)
        for token, (folder, answers) in latest.items():
            version = find_parser_version(platform)
            judge = Judge(PLATFORMS[platform], moments[platform, token], version)
            outcome = read_board(folder, answers, judge)
            writer.add_board(write_lines(outcome.result, outcome.postings, outcome.dropped))
        folders.append(writer.finish())
    return folders


def main(
    run_id: Annotated[str, typer.Argument(help="run whose answers are read again")],
) -> None:
    """Read a run's answers again with today's parsers."""
    settings = read_settings()
    configure_logs(settings, service="crawlers")
    for folder in reparse_run(settings.landing_dir, run_id):
        sys.stdout.write(f"{folder}\n")


if __name__ == "__main__":
    typer.run(main)
