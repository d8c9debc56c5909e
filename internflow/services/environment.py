"""What a process of ours finds in its environment: where Prefect is, and that nothing phones home."""

import os
import socket

from internflow.settings import ROOT, Settings

TELEMETRY_OFF = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",  # that UI calls a telemetry host even with analytics off
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def build_environment(settings: Settings, service: str, prefect_port: int) -> dict[str, str]:
    """The environment of a child process: ours, with the service's name and the Prefect server at `prefect_port`."""
    return {
        **os.environ,
        **TELEMETRY_OFF,
        "INTERNFLOW_SERVICE": service,
        "INTERNFLOW_DATA_DIR": str(settings.data_dir),
        "INTERNFLOW_LOG_FORMAT": "json",  # the process that shows the lines colours them
        "PYTHONUNBUFFERED": "1",
        "PREFECT_HOME": str(settings.data_dir / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{prefect_port}/api",
        "PREFECT_LOGGING_SETTINGS_PATH": str(ROOT / "deployments" / "prefect_logging.yml"),
        "PREFECT_LOGGING_EXTRA_LOGGERS": "internflow",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    }


def find_port(preferred: int) -> int:
    """`preferred` if it is free on 127.0.0.1, else any free port."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
