"""What dbt's profile reads from the environment, made of the owner's connection."""

from psycopg.conninfo import conninfo_to_dict

from internflow.settings import Settings
from internflow.warehouse.connections import find_url


def build_dbt_environment(settings: Settings) -> dict[str, str]:
    """Variables for dbt/profiles.yml. Raises ConfigError when the owner's database cannot be found."""
    parts = conninfo_to_dict(find_url(settings, "owner"))
    return {
        "INTERNFLOW_DBT_HOST": str(parts.get("host", "localhost")),
        "INTERNFLOW_DBT_PORT": str(parts.get("port", 5432)),
        "INTERNFLOW_DBT_USER": str(parts.get("user", "internflow_owner")),
        "INTERNFLOW_DBT_DATABASE": str(parts["dbname"]),
        "DBT_ENV_SECRET_INTERNFLOW_PASSWORD": str(
            parts.get("password", "")
        ),  # dbt masks this prefix in its logs
        "DO_NOT_TRACK": "1",
    }
