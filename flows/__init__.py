"""Prefect flows: one module each, named as the flow. No logic of their own; the only place that imports Prefect."""

from internflow.logs import configure_logs
from internflow.settings import read_settings

# Flow runs start in processes of Prefect's making, which know nothing of our logs until this package is imported.
configure_logs(read_settings(), service="flows")
