"""Runs the benchmarks on this checkout and prints a line for each figure: `python -m benchmarks [NAME ...]`."""

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from internflow.settings import ROOT

NAMES = (
    "cleaning",
    "crawling",
    "warehouse",
    "encoding",
    "retrieval",
    "repository",
    "freshness",
    "sharing",
    "growth",
    "scale",
    "tiers",
    "reviewing",
    "reviews",
    "pushes",
)


def measure(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The figures of one benchmark. Imported here: a process that it starts loads no other one's libraries."""
    figures: Callable[..., Iterator[tuple[str, str]]] = getattr(
        import_module(f"benchmarks.{name}"), f"measure_{name}"
    )
    given = {
        "crawling": (folder,),
        "warehouse": (folder,),
        "repository": (ROOT, folder),
        "freshness": (folder,),
        "sharing": (folder,),
        "growth": (folder,),
        "reviewing": (folder,),
        "reviews": (ROOT / "docs" / "benchmarks.md", folder),
        "pushes": (ROOT, folder),
        "scale": (folder,),
        "tiers": (folder,),
    }
    return figures(*given.get(name, ()))


def main(names: list[str]) -> None:
    print(
        f"{datetime.now(UTC):%Y-%m-%d}  {platform.machine()}  {os.cpu_count()} cores  load {os.getloadavg()[0]:.1f}"
    )
    for name in names or NAMES:
        with tempfile.TemporaryDirectory() as folder:
            for figure, value in measure(name, Path(folder)):
                print(f"{figure:<60} {value}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
