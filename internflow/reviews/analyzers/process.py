"""Starts a program in the confined process and says how it ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from internflow.reviews.analyzers import confined
from internflow.reviews.quoting import tidy

MEMORY_BYTES = 2 * 1024**3
OUTPUT_BYTES = 256 * 1024**2

ENDINGS = {
    signal.SIGPROF: "took too long",
    signal.SIGXCPU: "took too long",
    signal.SIGKILL: "was killed",
    signal.SIGXFSZ: "wrote too much",
    signal.SIGSEGV: "crashed",
    signal.SIGABRT: "crashed",
    signal.SIGBUS: "crashed",
}


@dataclass(frozen=True)
class Ended:
    """`output` is what the program wrote; `trouble` says how it failed, None when it got through."""

    output: Path
    trouble: str | None


def run_confined(name: str, command: Sequence[str], folder: Path, seconds: int) -> Ended:
    """Run a command in a folder: no network, no configuration, an empty environment, and limits."""
    output, errors = folder / f"{name}-output.jsonl", folder / f"{name}-errors.txt"
    limits = (str(4 * seconds), str(MEMORY_BYTES), str(OUTPUT_BYTES))
    confining = [sys.executable, "-I", "-S", confined.__file__, *limits]
    environment = {"HOME": str(folder), "PATH": os.defpath, "RAYON_NUM_THREADS": "4"}
    with output.open("wb") as out, errors.open("wb") as err:
        try:
            done = subprocess.run(
                [*confining, *command],
                cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                timeout=seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Ended(output, f"{name} took longer than {seconds} s")
    return Ended(output, _describe(name, done.returncode, errors) if done.returncode else None)


def has_network() -> bool:
    """Whether a confined process still sees a network: this system does not let it leave."""
    probe = f"import runpy, sys; sys.exit(runpy.run_path({confined.__file__!r})['leave_network']())"
    return not subprocess.run([sys.executable, "-I", "-S", "-c", probe], check=False).returncode


def _describe(name: str, code: int, errors: Path) -> str:
    if -code in ENDINGS:
        return f"{name} {ENDINGS[signal.Signals(-code)]}"
    lines = errors.read_text(encoding="utf-8", errors="replace")[-2000:].strip().splitlines()
    return f"{name} ended with code {code} ({tidy(lines[-1]) if lines else 'silently'})"
