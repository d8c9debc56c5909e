import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from internflow.errors import ConfigError
from internflow.retrieval.encoder import SentenceEncoder
from internflow.retrieval.search import LEAST_COSINE


def test_the_model_is_known_without_loading_torch() -> None:
    script = (
        "import sys; from internflow.retrieval.encoder import SentenceEncoder; e = SentenceEncoder();"
        " print(e.model_id, e.dimension, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    name, dimension, has_torch = done.stdout.split()
    assert name.startswith("all-MiniLM-L6-v2-128-")
    assert (dimension, has_torch) == ("384", "False")


def test_the_packaged_model_knows_what_is_alike() -> None:
    encoder = SentenceEncoder()
    vectors = encoder.encode(
        [
            "read a CSV file into rows",
            "def load_csv(path): return list(csv.reader(open(path)))",
            "bake a cake",
        ]
    )
    assert vectors.shape == (3, encoder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > LEAST_COSINE > vectors[0] @ vectors[2]
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="INTERNFLOW_EMBEDDING_MODEL"):
        SentenceEncoder(tmp_path)
