"""The student of this laptop: who the pages show when nobody has to log in."""

import os
from uuid import UUID

from internflow.errors import ConfigError
from internflow.settings import Settings

FILE_NAME = "student"


def read_current_student(settings: Settings) -> str | None:
    """The student's id, or None while nobody is. Raises ConfigError on a damaged file."""
    path = settings.data_dir / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    try:
        return str(UUID(text))
    except ValueError:
        raise ConfigError(
            f"{path} holds {text[:60]!r}, not a student's id: delete it and register again."
        ) from None


def write_current_student(settings: Settings, student_id: str) -> None:
    """Make this student the laptop's own. Raises ValueError when the id is no UUID."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    aside = settings.data_dir / f"{FILE_NAME}.{os.getpid()}.part"
    aside.write_text(f"{UUID(student_id)}\n", encoding="utf-8")
    aside.replace(settings.data_dir / FILE_NAME)
