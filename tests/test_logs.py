import json
import logging
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from internflow.logs import MASK, build_formatter, mask_secrets

SECRETS = [
    "ghp_" + "a1B2" * 9,
    "github_pat_" + "a1B2" * 9,
    "sk-" + "a1B2" * 9,
    "AKIA" + "ABCDEFGH12345678",
    "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
]


def lines_of(script: str) -> list[dict[str, object]]:
    """What a process of ours logs when it runs `script`; a process, because pytest has handlers of its own."""
    setup = (
        "import logging, structlog\nfrom internflow.logs import configure_logs, log_unit\n"
        "from internflow.settings import Settings\nconfigure_logs(Settings(log_format='json'), service='test')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", setup + script], capture_output=True, text=True, check=False
    )
    return [json.loads(line) for line in done.stderr.splitlines()]


@given(st.sampled_from(SECRETS), st.text(max_size=20), st.text(max_size=20))
def test_a_secret_is_masked_wherever_it_stands(secret: str, before: str, after: str) -> None:
    masked = mask_secrets({"list": [f"{before} {secret} {after}"], "plain": secret})
    assert secret not in str(masked)
    assert masked["plain"] == MASK


def test_masking_twice_is_masking_once() -> None:
    text = "postgresql://owner:hunter2@db/x and password=hunter2 and Bearer abcdefghijk"
    assert mask_secrets(mask_secrets(text)) == mask_secrets(text)
    assert "hunter2" not in mask_secrets(text)
    assert "abcdefghijk" not in mask_secrets(text)


def test_our_events_and_library_lines_come_out_alike() -> None:
    ours, theirs = lines_of(
        "structlog.get_logger('internflow.x').info('board_crawled', board='acme', token='abc')\n"
        "logging.getLogger('scrapy.core').warning('Fetching %s', 'https://u:pw@host/')"
    )
    assert {"timestamp", "service", "level", "event", "logger"} <= ours.keys() & theirs.keys()
    assert ours["token"] == MASK
    assert "pw" not in str(theirs["event"])


def test_unit_of_work_logs_counts_and_seconds() -> None:
    (line,) = lines_of(
        "with log_unit('repository_loaded', repo_id='r1') as counts: counts['commits'] = 3"
    )
    assert (line["event"], line["repo_id"], line["commits"]) == ("repository_loaded", "r1", 3)
    assert isinstance(line["seconds"], float)


def test_uncaught_error_is_one_json_line_with_its_trace() -> None:
    (line,) = lines_of("raise ValueError('ghp_' + 'a' * 36)")
    assert "ValueError" in str(line["exception"])
    assert "a" * 36 not in str(line)


def test_formatter_serves_a_plain_handler() -> None:
    record = logging.LogRecord("uvicorn", logging.INFO, "", 0, "started", (), None)
    assert json.loads(build_formatter("json", "prefect").format(record))["service"] == "prefect"
