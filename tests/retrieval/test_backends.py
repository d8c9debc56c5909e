import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from structlog.testing import capture_logs

from internflow.retrieval import backends
from internflow.retrieval.backends import (
    HALF,
    PLAIN,
    are_equal,
    choose_backend,
    describe_machine,
    list_candidates,
    measure_backends,
    read_choice,
    write_choice,
)
from internflow.retrieval.encoder import SentenceEncoder


class FixedRows:
    """What a model's encode gives, as torch tensors are asked for it."""

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows

    def encode(self, texts: list[str], **_options: Any) -> "FixedRows":
        return FixedRows(self._rows[: len(texts)])

    def float(self) -> "FixedRows":
        return self

    def numpy(self) -> np.ndarray:
        return self._rows


def make_rows(seed: int = 1) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((50, 16)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_fastest_of_equal_quality_is_chosen() -> None:
    rows = make_rows()
    # in each round the plain one takes 3, the good one 2, the bad one 1
    ticks = iter(np.cumsum([0, 3, 0, 2, 0, 1] * backends.ROUNDS).tolist())
    measured = measure_backends(
        {PLAIN: FixedRows(rows), "good": FixedRows(rows + 1e-4), "bad": FixedRows(make_rows(2))},
        clock=lambda: next(ticks),
    )
    assert [m["seconds"] for m in measured.values()] == [3, 2, 1]
    assert [m["is_equal"] for m in measured.values()] == [True, True, False]
    assert choose_backend(measured) == "good"


def test_noise_does_not_choose() -> None:
    def measured(half: float, plain: float) -> dict[str, dict[str, object]]:
        return {
            PLAIN: {"seconds": plain, "is_equal": True},
            HALF: {"seconds": half, "is_equal": True},
        }

    assert choose_backend(measured(half=1.0, plain=0.9)) == HALF
    assert choose_backend(measured(half=1.0, plain=0.7)) == PLAIN
    assert choose_backend({PLAIN: {"seconds": 1.0, "is_equal": True}}) == PLAIN


def test_vectors_that_name_other_neighbours_are_not_equal() -> None:
    near = np.array([[1, 0, 0], [1, 0.02, 0], [1, 0, 0.025]], dtype=np.float32)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    swapped = near.copy()
    swapped[1], swapped[2] = near[2], near[1]
    assert are_equal(near, near)
    assert are_equal(near, swapped)  # its other neighbour is as near within the tolerance
    assert not are_equal(make_rows(), make_rows()[::-1])


def test_half_precision_is_tried_where_the_processor_has_it(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("flags : fma avx512_bf16 avx2")
    assert list_candidates(tmp_path, cpuinfo) == (PLAIN, HALF)
    cpuinfo.write_text("flags : fma avx2")
    assert list_candidates(tmp_path, cpuinfo) == (PLAIN,)


def test_a_choice_holds_for_its_machine_libraries_and_model(tmp_path: Path) -> None:
    path, key = tmp_path / "kept" / "model.json", describe_machine("model")
    assert read_choice(path, key, (PLAIN, HALF)) is None
    write_choice(path, {"key": key, "backend": HALF})
    assert read_choice(path, key, (PLAIN, HALF)) == HALF
    assert read_choice(path, key, (PLAIN,)) is None
    assert read_choice(path, key | {"processor": "another"}, (PLAIN, HALF)) is None
    assert [p.name for p in path.parent.iterdir()] == ["model.json"]
    path.write_text("[]")
    assert read_choice(path, key, (PLAIN, HALF)) is None


def test_where_nothing_can_be_kept_the_choice_still_stands(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file stands where the folder should")
    path = tmp_path / "kept" / "model.json"
    with capture_logs() as events:
        write_choice(path, {"backend": PLAIN})
    assert [(e["event"], e["path"]) for e in events] == [("backend_not_kept", str(path))]
    assert read_choice(path, describe_machine("model"), (PLAIN,)) is None


def test_an_encoder_measures_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "list_candidates", lambda _folder: (PLAIN, HALF))
    first = SentenceEncoder(backends_dir=tmp_path).encode(["read a file"])
    (path,) = tmp_path.iterdir()
    kept = json.loads(path.read_text())
    assert kept["backend"] in (PLAIN, HALF)
    assert kept["measured"][HALF]["cosine"] > backends.LEAST_COSINE
    monkeypatch.setattr(backends, "measure_backends", lambda _models: pytest.fail("measured again"))
    assert np.array_equal(SentenceEncoder(backends_dir=tmp_path).encode(["read a file"]), first)
