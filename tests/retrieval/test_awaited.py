import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from internflow.repos.loading import load_repository
from internflow.repos.mirrors import Mirror, update_mirror
from internflow.repos.vetting import vet_source
from internflow.retrieval import awaited
from internflow.retrieval.awaited import await_texts, encode_awaited, help_encode
from internflow.retrieval.embeddings import count_missing, embed_texts
from internflow.retrieval.encoder import Vectors
from internflow.retrieval.verification import verify_index
from internflow.settings import Settings
from internflow.warehouse.connections import Connection, connect
from tests.git_repositories import GitRepository
from tests.killable_indexing import context, read_encoded, start_indexing
from tests.word_encoder import WordEncoder

COPIES = {"first": False, "turned": True, "third": False}  # the same files under other paths
TEXTS = [f"text {'about ' * (n % 7)}number {n}" for n in range(60)]


class MeetingEncoder(WordEncoder):
    """Its first batch is held until another worker has one in hand, too."""

    def __init__(self, meeting: threading.Barrier) -> None:
        super().__init__()
        self._meeting = meeting

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not self.encoded:
            self._meeting.wait(30)
        return super().encode(texts)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(awaited, "BATCH", 4)


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    with connect(settings, "pipeline") as opened:
        yield opened


def count_waiting(connection: Connection) -> int:
    row = connection.execute("select count(*) as n from ai.awaited_texts").fetchone()
    return int(row["n"]) if row else 0


def test_workers_share_what_waits_and_encode_nothing_twice(
    settings: Settings, connection: Connection
) -> None:
    meeting = threading.Barrier(3)
    encoders = [MeetingEncoder(meeting) for _worker in range(3)]
    await_texts(connection, TEXTS, encoders[0])

    def wait(encoder: WordEncoder) -> None:
        with connect(settings, "pipeline") as own:
            encode_awaited(own, TEXTS, encoder)
            assert count_missing(own, TEXTS, encoder) == 0

    def help_out(encoder: WordEncoder) -> None:
        with connect(settings, "pipeline") as own:
            help_encode(own, encoder)

    workers = [
        threading.Thread(target=work, args=(encoder,))
        for work, encoder in zip((wait, wait, help_out), encoders, strict=True)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(text for encoder in encoders for text in encoder.encoded) == sorted(TEXTS)
    assert min(len(encoder.encoded) for encoder in encoders) >= 4
    assert count_waiting(connection) == 0


def test_only_what_has_no_vector_waits(connection: Connection) -> None:
    encoder = WordEncoder()
    embed_texts(connection, TEXTS[:10], encoder)
    assert await_texts(connection, TEXTS, encoder) == count_waiting(connection) == 50
    assert await_texts(connection, TEXTS, encoder) == count_waiting(connection) == 50


def test_who_waits_takes_long_texts_first_and_helpers_short_ones(connection: Connection) -> None:
    waiting, helping = WordEncoder(), WordEncoder()
    await_texts(connection, TEXTS, waiting)
    with pytest.raises(KeyboardInterrupt):
        encode_awaited(connection, TEXTS, waiting, stop_at_once)
    with pytest.raises(KeyboardInterrupt):
        help_encode(connection, helping, stop_at_once)
    lengths = sorted(map(len, TEXTS))
    assert sorted(map(len, waiting.encoded)) == lengths[-4:]
    assert sorted(map(len, helping.encoded)) == lengths[:4]


def stop_at_once(_done: int, _total: int) -> None:
    raise KeyboardInterrupt


def test_a_worker_that_dies_gives_its_batch_back(
    settings: Settings, connection: Connection
) -> None:
    class Dying(WordEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            raise MemoryError

    encoder = WordEncoder()
    await_texts(connection, TEXTS, encoder)
    with pytest.raises(MemoryError), connect(settings, "pipeline") as other:
        help_encode(other, Dying())
    assert count_waiting(connection) == len(TEXTS)
    encode_awaited(connection, TEXTS, encoder)
    assert sorted(encoder.encoded) == sorted(TEXTS)


def test_what_the_queue_lost_is_queued_again(connection: Connection) -> None:
    encoder = WordEncoder()
    await_texts(connection, TEXTS, encoder)
    connection.execute("delete from ai.awaited_texts")
    encode_awaited(connection, TEXTS, encoder)
    assert sorted(encoder.encoded) == sorted(TEXTS)


def test_a_text_that_was_queued_too_late_is_not_encoded_again(connection: Connection) -> None:
    encoder = WordEncoder()
    await_texts(connection, TEXTS, encoder)
    embed_texts(connection, TEXTS, encoder)
    assert help_encode(connection, encoder) == len(TEXTS)
    assert len(encoder.encoded) == len(TEXTS)
    assert count_waiting(connection) == 0


def test_texts_of_a_model_that_is_no_longer_used_are_forgotten(connection: Connection) -> None:
    older = WordEncoder()
    older.model_id = "older"
    await_texts(connection, TEXTS, older)
    assert help_encode(connection, WordEncoder()) == count_waiting(connection) == 0


def test_copies_of_a_repository_indexed_at_once_are_encoded_once(
    settings: Settings, tmp_path: Path
) -> None:
    mirrors = [bring_copy(settings, tmp_path / name, turned) for name, turned in COPIES.items()]
    together, log = context.Barrier(len(mirrors)), tmp_path / "encoded"
    runs = [start_indexing(settings, m.repo_id, log, together=together) for m in mirrors]
    for run in runs:
        run.join(120)
    assert [run.exitcode for run in runs] == [0, 0, 0]
    with connect(settings, "pipeline") as connection:
        for mirror in mirrors:
            assert verify_index(settings, connection, mirror, WordEncoder()).tier == "dense"
    encoded = read_encoded(log)
    assert len(encoded) == len(set(encoded)) > 100


def bring_copy(settings: Settings, folder: Path, turned: bool) -> Mirror:
    made = GitRepository(folder)
    files: dict[str, str | None] = {
        f"part_{99 - n if turned else n:02}.py": f"def count_{n}(shelf):\n    return shelf * {n}\n"
        for n in range(100)
    }
    made.commit("one", files)
    source = vet_source(str(made.path), allow_local=True)
    mirror = update_mirror(source, settings.mirrors_dir)
    with connect(settings, "pipeline") as connection:
        load_repository(connection, source, mirror)
    return mirror
