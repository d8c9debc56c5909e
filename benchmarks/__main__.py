"""Runs every benchmark on this checkout and prints a line for each figure."""

import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.encoding import measure_encoding
from benchmarks.repository import measure_repository
from internflow.settings import ROOT


def main() -> None:
    print(
        f"{datetime.now(UTC):%Y-%m-%d}  {platform.machine()}  {os.cpu_count()} cores  load {os.getloadavg()[0]:.1f}"
    )
    for name, figure in measure_encoding():
        print(f"{name:<52} {figure}")
    with tempfile.TemporaryDirectory() as folder:
        for name, figure in measure_repository(ROOT, Path(folder)):
            print(f"{name:<52} {figure}")


main()
