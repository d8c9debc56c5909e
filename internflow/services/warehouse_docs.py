"""`internflow docs`: dbt's pages about the warehouse, written from the database and served on this machine."""

import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from internflow.errors import ConfigError
from internflow.settings import ROOT, Settings
from internflow.warehouse.dbt_profile import build_dbt_environment


def serve_warehouse_docs(settings: Settings, console: Console, port: int) -> None:
    """Write the pages and serve them until Ctrl-C. Raises ConfigError when dbt cannot write them."""
    folder = write_warehouse_docs(settings)
    console.print(f"Models, columns and lineage: http://127.0.0.1:{port}  (Ctrl-C ends)")
    command = [*_dbt("docs", "serve"), "--no-browser", "--host", "127.0.0.1", "--port", str(port)]
    try:
        subprocess.run(
            command, env=_build_environment(settings), cwd=folder, check=False, capture_output=True
        )
    except KeyboardInterrupt:
        console.print("Stopped.")


def write_warehouse_docs(settings: Settings) -> Path:
    """Write dbt's pages; return their folder. Raises ConfigError with dbt's last line."""
    folder = settings.data_dir / "dbt"
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        _dbt("docs", "generate"),
        env=_build_environment(settings),
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stdout.strip().splitlines() or ["no word"])[-1]
        raise ConfigError(f"dbt could not write its pages ({said}): run the daily run first.")
    return folder


def _dbt(*words: str) -> list[str]:
    project = str(ROOT / "dbt")
    dbt = str(Path(sys.executable).parent / "dbt")
    return [dbt, *words, "--project-dir", project, "--profiles-dir", project]


def _build_environment(settings: Settings) -> dict[str, str]:
    folder = settings.data_dir / "dbt"
    paths = {
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    return os.environ | build_dbt_environment(settings) | paths
