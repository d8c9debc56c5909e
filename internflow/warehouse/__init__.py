"""The Postgres warehouse: the embedded server, connections by role, migrations, COPY-and-merge loads."""
