"""dbt's pages about the warehouse, written from a migrated database."""

import json

import pytest
from pydantic import SecretStr

from internflow.errors import ConfigError
from internflow.services.warehouse_docs import write_warehouse_docs
from internflow.settings import Settings


def test_pages_name_models_and_the_pages_that_read_them(settings: Settings) -> None:
    folder = write_warehouse_docs(settings) / "target"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert "model.internflow.listings" in manifest["nodes"]
    readers = {
        name
        for exposure in manifest["exposures"].values()
        for name in exposure["depends_on"]["nodes"]
    }
    assert "model.internflow.listings" in readers
    assert (
        "source.internflow.raw.postings"
        in json.loads((folder / "catalog.json").read_text())["sources"]
    )
    assert (folder / "index.html").stat().st_size > 100_000


def test_a_database_that_is_gone_is_named_in_one_sentence(settings: Settings) -> None:
    nowhere = SecretStr("postgresql://nobody@127.0.0.1:1/none")
    gone = settings.model_copy(update={"database_url": nowhere})
    with pytest.raises(ConfigError, match="dbt could not write its pages"):
        write_warehouse_docs(gone)
