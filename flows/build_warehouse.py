"""Flow: build the dbt project (models, snapshot, tests) on the warehouse."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from prefect import flow
from prefect_dbt import PrefectDbtRunner, PrefectDbtSettings

from internflow.settings import ROOT, Settings, read_settings
from internflow.warehouse.dbt_profile import build_dbt_environment


@flow(name="build-warehouse")
def build_warehouse() -> None:
    """Run `dbt build`; each node is a task run. Raises when a model or a test fails."""
    settings = read_settings()
    log_path = {"DBT_LOG_PATH": str(settings.data_dir / "dbt" / "logs")}
    with _environment(build_dbt_environment(settings) | log_path):
        _runner(settings).invoke(["build"])


def _runner(settings: Settings) -> PrefectDbtRunner:
    # Artifacts go to the data folder: the source tree may be read-only in a container.
    target = settings.data_dir / "dbt"
    return PrefectDbtRunner(
        settings=PrefectDbtSettings(
            project_dir=ROOT / "dbt", profiles_dir=ROOT / "dbt", target_path=target / "target"
        ),
        disable_assets=True,
    )


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """dbt's profile reads the environment; the password leaves it again with the run."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
