"""The only reader of the environment. Every setting has a default that works on one laptop without keys."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

PLATFORM_KEYS = {
    "adzuna": ("adzuna_app_id", "adzuna_app_key"),
    "usajobs": ("usajobs_email", "usajobs_key"),
}

Role = Literal["owner", "pipeline", "app", "analyst"]


class Settings(BaseSettings):
    """Settings from INTERNFLOW_* variables; see deployments/env/*.example for the production ones."""

    model_config = SettingsConfigDict(env_prefix="INTERNFLOW_", frozen=True)

    data_dir: Path = Field(
        ROOT / ".internflow", description="mirrors, indexes, landing files, embedded Postgres"
    )
    service: str = Field("internflow", description="service name in every log line")
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="auto: colours on a terminal, else JSON"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    database_url: SecretStr | None = Field(
        None, description="owner's Postgres 15+; when set, nothing embedded starts"
    )
    database_url_pipeline: SecretStr | None = Field(
        None, description="login of internflow_pipeline"
    )
    database_url_app: SecretStr | None = Field(None, description="login of internflow_app")
    database_url_analyst: SecretStr | None = Field(None, description="login of internflow_analyst")

    contact: str = Field("operator@localhost", description="contact in the crawler's user agent")
    replay_url: str | None = Field(
        None, description="a replay server that answers for every job platform"
    )
    crawl_timeout_seconds: float = Field(
        30, gt=0, description="the longest that one answer may take, its body included"
    )
    crawl_hours: float = Field(
        4,
        gt=0,
        description="the longest that a crawl may take; boards not heard by then wait for the next",
    )
    adzuna_app_id: SecretStr | None = Field(None, description="without it Adzuna is skipped")
    adzuna_app_key: SecretStr | None = None
    usajobs_email: SecretStr | None = Field(None, description="without it USAJOBS is skipped")
    usajobs_key: SecretStr | None = None
    crawl_failed_share: float = Field(
        0.5, ge=0, le=1, description="failed boards beyond this share fail the flow"
    )
    closing_share: float = Field(
        0.5, ge=0, le=1, description="a crawl never closes more than this share of a board"
    )

    local_repositories: bool = Field(
        True, description="whether a path on this machine may be registered"
    )
    repository_megabytes: int = Field(
        2048, gt=0, description="a mirror that grows larger is refused"
    )
    repository_files: int = Field(
        100_000, gt=0, description="a repository with more files at HEAD is refused"
    )
    github_api_url: str = Field(
        "https://api.github.com", description="where a GitHub user's repositories are asked for"
    )
    github_token: SecretStr | None = Field(
        None, description="with it GitHub answers 5,000 questions an hour instead of 60"
    )
    github_post: Literal["off", "checks", "comment"] = Field(
        "off", description="post reviews of pushes to GitHub: as a check run, or as a comment"
    )
    git_tokens_file: Path | None = Field(
        None, description="lines `host token` for private repositories; readable by its owner alone"
    )
    webhook_secret: SecretStr | None = Field(
        None, description="secret of GitHub's webhook; without it the api refuses every delivery"
    )
    embedding_model: Path | None = Field(
        None, description="folder of a sentence-transformers model; default: the packaged MiniLM"
    )

    llm_url: str | None = Field(
        None,
        description="base URL of an OpenAI-compatible server, such as http://127.0.0.1:11434/v1; without it nothing is"
        " written by a model",
    )
    llm_model: str | None = Field(None, description="the model's name on that server")
    llm_key: SecretStr | None = Field(None, description="its key, where the server wants one")
    llm_timeout_seconds: float = Field(
        60, gt=0, description="the longest that one answer of the model may take"
    )

    smtp_host: str | None = Field(
        None, description="mail server of the digests; none are sent without it"
    )
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="encryption of the connection; none: only to a server on this machine",
    )
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_from: str | None = Field(None, description="address that the digests come from")
    api_url: str | None = Field(
        None,
        description="where browsers reach the api, for links to feeds: an address or a path beside the pages,"
        " such as /api; default: its port on this machine",
    )

    app_port: int = 8501
    api_port: int = 8000
    prefect_port: int = 4200

    @property
    def is_embedded(self) -> bool:
        """Whether this installation runs its own Postgres."""
        return not any(
            (
                self.database_url,
                self.database_url_pipeline,
                self.database_url_app,
                self.database_url_analyst,
            )
        )

    def find_missing_keys(self, platform: str) -> tuple[str, ...]:
        """The variables that a platform needs and that are not set."""
        needed = PLATFORM_KEYS.get(platform, ())
        return tuple(f"INTERNFLOW_{key.upper()}" for key in needed if getattr(self, key) is None)

    @property
    def landing_dir(self) -> Path:
        return self.data_dir / "landing"

    @property
    def mirrors_dir(self) -> Path:
        return self.data_dir / "mirrors"

    @property
    def indexes_dir(self) -> Path:
        return self.data_dir / "indexes"

    @property
    def backends_dir(self) -> Path:
        return self.data_dir / "backends"

    @property
    def resumes_dir(self) -> Path:
        return self.data_dir / "resumes"


@cache
def read_settings() -> Settings:
    """Read the environment once; tests clear the cache with `read_settings.cache_clear()`."""
    return Settings()
