"""Logging: one structlog pipeline for our own events and for every library that speaks through `logging`.

Services write JSON lines; a terminal gets coloured ones. Values that look like secrets are masked on both ways out.
"""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import structlog

from internflow.settings import Settings, read_settings

MASK = "***"
SECRET_KEYS = re.compile(
    r"(?i)(^|_)(password|passwd|secret|token|api_?key|authorization|cookie|private_key)$"
)
SECRET_VALUES = re.compile(
    r"gh[pousr]_[A-Za-z0-9]{20,}"  # GitHub
    r"|github_pat_\w{20,}"
    r"|glpat-[\w-]{16,}"  # GitLab
    r"|sk-[A-Za-z0-9_-]{16,}"  # model hosts
    r"|AKIA[0-9A-Z]{16}"  # AWS
    r"|xox[abprs]-[\w-]{10,}"  # Slack
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"  # JSON web tokens
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|(?i:(?<=bearer )[\w.~+/-]{8,}=*)"
    r"|(?i:(?<=password=)[^\s&'\"]+|(?<=token=)[^\s&'\"]+|(?<=api_key=)[^\s&'\"]+)"
    r"|(?<=://)[^\s:/@]*:[^\s/@]+(?=@)"  # user:password in a URL
)

Event = MutableMapping[str, Any]


def mask_secrets(value: Any) -> Any:
    """Return `value` with everything that looks like a secret replaced by ***; containers are copied."""
    if isinstance(value, str):
        return SECRET_VALUES.sub(MASK, value)
    if isinstance(value, dict):
        return {
            k: MASK if SECRET_KEYS.search(str(k)) and v else mask_secrets(v)
            for k, v in value.items()
        }
    if isinstance(value, list | tuple):
        return (
            type(value)(mask_secrets(v) for v in value) if type(value) in (list, tuple) else value
        )
    return value


def _mask_event(_logger: Any, _name: str, event: Event) -> Event:
    private = {k: v for k, v in event.items() if k.startswith("_") or k == "exc_info"}
    return {**mask_secrets({k: v for k, v in event.items() if k not in private}), **private}


def _mask_traceback(_logger: Any, _name: str, event: Event) -> Event:
    if "exception" in event:
        event["exception"] = mask_secrets(event["exception"])
    return event


def _add_service(service: str) -> structlog.typing.Processor:
    def add(_logger: Any, _name: str, event: Event) -> Event:
        event.setdefault("service", service)
        return event

    return add


def _shared_processors(service: str) -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=("event_id", "flow_run_id", "task_run_id", "spider")),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_service(service),
        _mask_event,
    ]


def build_formatter(
    style: str = "json", service: str | None = None
) -> structlog.stdlib.ProcessorFormatter:
    """Build the formatter for any `logging` handler; `style` is json or console. Prefect's logging file names it."""
    renderer: list[structlog.typing.Processor] = (
        [
            structlog.processors.format_exc_info,
            _mask_traceback,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
        if style == "json"
        else [
            structlog.processors.format_exc_info,
            _mask_traceback,
            structlog.dev.ConsoleRenderer(colors=True),
        ]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared_processors(service or read_settings().service),
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
    )


def configure_logs(settings: Settings, service: str | None = None) -> None:
    """Send every log line of this process to standard error in one form, uncaught errors included."""
    style = settings.log_format
    if style == "auto":
        style = "console" if sys.stderr.isatty() else "json"
    name = service or settings.service
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(build_formatter(style, name))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for noisy in ("httpx", "httpcore", "sentence_transformers", "filelock", "asyncio", "faiss"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # bandit's plugins for reports that nobody asks for lack their packages, which it calls an error.
    logging.getLogger("stevedore").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(name),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    sys.excepthook = _log_uncaught


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    structlog.get_logger("internflow").critical("uncaught_error", exc_info=(kind, error, trace))


@contextmanager
def log_unit(event: str, **ids: Any) -> Iterator[dict[str, Any]]:
    """Log one INFO line for a unit of work: ids, the counts that the caller puts into the dict, and seconds.

    A failure logs `<event>_failed` with the seconds and is raised on.
    """
    logger = structlog.get_logger("internflow")
    counts: dict[str, Any] = {}
    started = perf_counter()
    try:
        yield counts
    except BaseException:
        logger.warning(
            f"{event}_failed", **ids, **counts, seconds=round(perf_counter() - started, 3)
        )
        raise
    logger.info(event, **ids, **counts, seconds=round(perf_counter() - started, 3))
