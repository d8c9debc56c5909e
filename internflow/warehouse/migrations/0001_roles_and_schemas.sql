-- The roles (who may see what) and the schemas (who writes what). Logins get their passwords outside of migrations.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['internflow_pipeline', 'internflow_app', 'internflow_analyst'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin', role_name);
    end if;
    execute format('grant %I to current_user', role_name);
    execute format('grant connect on database %I to %I', current_database(), role_name);
  end loop;
end
$$;

create schema raw;
create schema ai;
create schema app;
create schema staging;
create schema intermediate;
create schema marts;
create schema snapshots;

grant usage on schema raw, ai, ops, app, marts to internflow_pipeline;
grant usage on schema raw, ai, ops, app, marts to internflow_app;
grant usage on schema marts to internflow_analyst;
grant usage on schema snapshots to internflow_pipeline, internflow_app, internflow_analyst;

-- So that a service can tell whether the database is at its version.
grant select on ops.migrations to internflow_app;

alter default privileges in schema raw grant select, insert, update, delete on tables to internflow_pipeline;
alter default privileges in schema ai grant select, insert, update, delete on tables to internflow_pipeline;
alter default privileges in schema ops grant select, insert, update, delete on tables to internflow_pipeline;

-- The student of this transaction; null shows nobody's rows.
create function app.current_student() returns uuid language sql stable
  as $$ select nullif(current_setting('app.student_id', true), '')::uuid $$;
