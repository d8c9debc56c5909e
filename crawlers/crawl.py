"""Crawls what a plan lists, then reads what was answered: `python -m crawlers.crawl PLAN`. One process for all."""

import logging
from pathlib import Path
from typing import Annotated

import typer
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from crawlers.answers import find_answers
from crawlers.reading import Target, land_postings, open_readers
from internflow.listings.plans import CrawlPlan, read_plan
from internflow.logs import configure_logs, log_unit
from internflow.settings import read_settings


def crawl(path: Path) -> None:
    """Ask every board of a plan and land what it showed."""
    plan = read_plan(path)
    with log_unit("boards_asked", run_id=plan.run_id, boards=len(plan.boards)):
        process = AsyncCrawlerProcess(get_project_settings())
        for platform in plan.attempts:
            process.crawl(platform, plan=str(path))
        process.start()
    read_answers(plan)


def read_answers(plan: CrawlPlan) -> None:
    """Land the postings of every platform's answers."""
    found = {
        platform: folder
        for platform, attempt, folder in find_answers(plan.landing_dir, plan.run_id)
        if plan.attempts.get(platform) == attempt
    }
    with (
        log_unit("answers_read", run_id=plan.run_id, platforms=len(found)),
        open_readers(list(found.values())) as share,
    ):
        for platform, folder in found.items():
            target = Target(
                plan.landing_dir, plan.run_id, plan.now, platform, plan.attempts[platform]
            )
            land_postings(folder, target, share)


def main(plan: Annotated[Path, typer.Argument(help="file that lists the boards")]) -> None:
    """Crawl what a plan lists."""
    configure_logs(read_settings(), service="crawlers")
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # the rest is said for each board
    crawl(plan)


if __name__ == "__main__":
    typer.run(main)
