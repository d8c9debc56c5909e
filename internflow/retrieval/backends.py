"""Ways to compute the model on this machine: the fastest of equal quality, measured once and kept in a file.

The vectors of all of them are compatible: each is held against single precision before it may be chosen. A vector
says nothing of the way that it was made.
"""

import json
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import structlog

from internflow.retrieval.measured_texts import TEXTS

logger = structlog.get_logger(__name__)

PLAIN, HALF = "torch-f32", "torch-bf16"
# Each needs its packages and its own file in the model's folder: making that file takes longer than it saves.
EXPORTED = {
    "onnx": (("onnxruntime", "optimum-onnx"), "onnx/model.onnx"),
    "openvino": (("openvino", "optimum-intel"), "openvino/openvino_model.xml"),
}
LIBRARIES = (
    "torch",
    "sentence-transformers",
    *(p for names, _file in EXPORTED.values() for p in names),
)
ROUNDS, TIMED = (
    2,
    6,
)  # how often, and how many of the texts: whoever waits for the first answer waits for this
CLEARLY_FASTER = 0.75  # of the usual one's time
LEAST_COSINE = 0.999  # on average, with the vectors of single precision
NEARNESS_LOST = 0.005  # cosine by which another nearest neighbour may be further than the right one

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Load = Callable[[str], Any]
Clock = Callable[[], float]


def load_fastest(
    model_dir: Path, model_id: str, kept_in: Path | None, *, most_tokens: int
) -> tuple[str, Any]:
    """The model, and the backend that computes it; measured when this machine, model and libraries never were.

    Without a folder to keep the choice in nothing is measured: bfloat16 where the processor has it.
    """
    load = _Loader(model_dir, most_tokens)
    candidates = list_candidates(model_dir)
    if kept_in is None or len(candidates) == 1:
        usual = HALF if HALF in candidates else PLAIN
        return usual, load(usual)
    path, key = kept_in / f"{model_id}.json", describe_machine(model_id)
    chosen = read_choice(path, key, candidates)
    if chosen is None:
        measured = measure_backends({name: load(name) for name in candidates})
        chosen = choose_backend(measured)
        write_choice(path, {"key": key, "backend": chosen, "measured": measured})
    return chosen, load(chosen)


def list_candidates(model_dir: Path, cpuinfo: Path = Path("/proc/cpuinfo")) -> tuple[str, ...]:
    """What this machine and installation can try, single precision first; told without loading torch."""
    flags = cpuinfo.read_text() if cpuinfo.exists() else ""
    halves = (HALF,) if "avx512_bf16" in flags or "amx_bf16" in flags else ()
    exported = (
        name
        for name, (packages, file) in EXPORTED.items()
        if all(_find_version(p) for p in packages) and (model_dir / file).exists()
    )
    return (PLAIN, *halves, *exported)


def describe_machine(model_id: str, cpuinfo: Path = Path("/proc/cpuinfo")) -> dict[str, Any]:
    """What a choice holds for: the processor, the libraries and the model."""
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [
        line.partition(":")[2].strip() for line in lines if line.startswith(("model", "cpu family"))
    ]
    return {
        "processor": " ".join(dict.fromkeys(names)) or platform.processor(),
        "cores": os.cpu_count(),
        "libraries": {name: found for name in LIBRARIES if (found := _find_version(name))},
        "model_id": model_id,
    }  # fmt: skip


def measure_backends(
    models: Mapping[str, Any], clock: Clock = process_time
) -> dict[str, dict[str, Any]]:
    """Of each model the fastest of some interleaved rounds over fixed texts, and whether its vectors are as good.

    Counted are seconds of the processor: other work on the machine must not decide.
    """
    made = {
        name: _encode(model, TEXTS) for name, model in models.items()
    }  # the first time is slower
    seconds: dict[str, list[float]] = {name: [] for name in models}
    for _round in range(ROUNDS):
        for name, model in models.items():
            started = clock()
            _encode(model, TEXTS[:TIMED])
            seconds[name].append(clock() - started)
    return {
        name: {
            "seconds": round(min(seconds[name]), 4),
            "cosine": round(float((made[PLAIN] * made[name]).sum(axis=1).mean()), 6),
            "is_equal": are_equal(made[PLAIN], made[name]),
        }
        for name in models
    }


def are_equal(expected: Matrix, found: Matrix) -> bool:
    """Whether unit vectors are near those expected, and name the same nearest neighbours or such as are as near."""
    if (expected * found).sum(axis=1).mean() < LEAST_COSINE:
        return False
    cosines, others = expected @ expected.T, found @ found.T
    np.fill_diagonal(cosines, -1)
    np.fill_diagonal(others, -1)
    named = cosines[np.arange(len(cosines)), others.argmax(axis=1)]
    return bool((cosines.max(axis=1) - named <= NEARNESS_LOST).all())


def choose_backend(measured: Mapping[str, Mapping[str, Any]]) -> str:
    """The usual one, unless another whose vectors are as good is clearly faster.

    Without that margin two installations on one busy machine may choose differently, and differ in the last digits.
    """
    equal = {name: told["seconds"] for name, told in measured.items() if told["is_equal"]}
    usual = HALF if HALF in equal else PLAIN
    fastest = min(equal, key=lambda name: equal[name])
    return fastest if equal[fastest] < CLEARLY_FASTER * equal[usual] else usual


def read_choice(path: Path, key: Mapping[str, Any], candidates: tuple[str, ...]) -> str | None:
    """The backend that was chosen for this key; None when none was, or what is kept cannot be read."""
    try:
        kept = json.loads(path.read_text())
        chosen = str(kept["backend"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return chosen if kept.get("key") == key and chosen in candidates else None


def write_choice(path: Path, choice: Mapping[str, Any]) -> None:
    """Keep a choice; where that cannot be, it is measured again the next time."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(json.dumps(choice, indent=1))
        aside.replace(path)
    except OSError as error:
        logger.warning("backend_not_kept", path=str(path), reason=str(error))


class _Loader:
    """Loads each backend once."""

    def __init__(self, model_dir: Path, most_tokens: int) -> None:
        self._model_dir, self._most_tokens = model_dir, most_tokens
        self._loaded: dict[str, Any] = {}

    def __call__(self, name: str) -> Any:
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Any:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  it takes seconds to import

        if name == HALF:
            plain = self._loaded.get(PLAIN)
            return (deepcopy(plain) if plain else self._load(PLAIN)).bfloat16()
        backend: Any = "torch" if name == PLAIN else name
        model = SentenceTransformer(
            str(self._model_dir), device="cpu", local_files_only=True, backend=backend
        )
        model.max_seq_length = min(model.max_seq_length or self._most_tokens, self._most_tokens)
        return model


def _encode(model: Any, texts: Sequence[str]) -> Matrix:
    rows = (
        model.encode(list(texts), batch_size=32, convert_to_tensor=True, show_progress_bar=False)
        .float()
        .numpy()
    )
    unit: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def _find_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
