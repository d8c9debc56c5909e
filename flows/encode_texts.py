"""Flow: help an indexing run that has much to encode. Any number of runs may do so at once."""

from prefect import flow

from flows.progress import show_progress
from internflow.retrieval.awaited import help_encode
from internflow.retrieval.encoder import open_encoder
from internflow.settings import read_settings
from internflow.warehouse.connections import connect


@flow(name="encode-texts")
def encode_texts() -> int:
    """Encode what waits until nothing does; returns how many texts it took."""
    settings = read_settings()
    show = show_progress("encode-texts", "Helping to encode {total} texts")
    with connect(settings, "pipeline") as connection:
        return help_encode(connection, open_encoder(settings), show)
