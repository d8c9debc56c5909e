"""What the confined process of the Python analyzers does, in the folder of the versions.

It takes its steps from steps.jsonl and says at each step that it begins and what it found. So whoever started it
knows which step it crashed at, or which one took longer than a step may.
"""

import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from internflow.errors import TextRefused
from internflow.reviews.analyzers.registry import ANALYZERS
from internflow.reviews.lines import split_lines

STEPS = "steps.jsonl"
MOST_PROBLEMS = 1000  # of one analyzer in one file


def main(seconds: float) -> None:
    """Take every step of the folder, each within these seconds of computing."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    by_name = {analyzer.name: analyzer for analyzer in ANALYZERS}
    out = sys.stdout
    sys.stdout = sys.stderr  # a library that prints must not write into the answers
    last, text = "", ""
    for line in Path(STEPS).read_text(encoding="utf-8").splitlines():
        number, name, path = json.loads(line)
        _say(out, {"step": number})
        if path != last:
            with Path(path).open(encoding="utf-8", newline="") as file:
                last, text = path, "\n".join(split_lines(file.read()))
        # The kernel ends the process when the time is over, whatever code it is in.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            problems = [*by_name[name].analyze(text, Path(path).name)]
        except TextRefused as refusal:
            signal.setitimer(signal.ITIMER_PROF, 0)
            _say(out, {"step": number, "trouble": f"{name} refused it ({refusal})"})
            continue
        except Exception as error:  # noqa: BLE001  the border of one step
            signal.setitimer(signal.ITIMER_PROF, 0)
            _say(out, {"step": number, "trouble": f"{name} failed ({type(error).__name__})"})
            continue
        signal.setitimer(signal.ITIMER_PROF, 0)
        told = [asdict(problem) for problem in problems[: MOST_PROBLEMS + 1]]
        _say(out, {"step": number, "problems": told})


def _say(out: TextIO, answer: dict[str, object]) -> None:
    out.write(json.dumps(answer) + "\n")
    out.flush()
