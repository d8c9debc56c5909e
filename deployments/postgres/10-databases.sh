#!/bin/bash
# Runs once, when the server's data folder is made: the owner of the warehouse, Prefect's login, a database for each.
# The other roles are made by `internflow migrate`.
set -e

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set owner_password="$OWNER_PASSWORD" --set prefect_password="$PREFECT_PASSWORD" <<'SQL'
create role internflow_owner login createrole password :'owner_password';
create database internflow owner internflow_owner;
revoke connect on database internflow from public;

create role prefect login password :'prefect_password';
create database prefect owner prefect;
revoke connect on database prefect from public;

\connect prefect
create extension pg_trgm;
SQL
