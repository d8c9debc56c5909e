-- Boards that people added, and boards that are not crawled, beside the lists that ship with the crawlers.
-- A row without added_at is a mark on a listed board. `enabled_at` is since when failed days count.
create table ops.boards (
  platform text not null check (platform ~ '^[a-z][a-z0-9_]{0,49}$'),
  token text not null check (token ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  company text not null check (length(company) between 1 and 200),
  countries text[] not null default '{}' check (cardinality(countries) <= 50),
  url text check (url ~ '^https://' and length(url) <= 2000),
  added_at timestamptz,
  added_by text check (added_by in ('operator', 'student')),
  disabled_at timestamptz,
  enabled_at timestamptz,
  note text,
  primary key (platform, token),
  check ((added_at is null) = (added_by is null)),
  check (note is null or disabled_at is not null)
);

-- A student's page may add a board; whether it is crawled on is the operator's and the rules' affair.
alter table ops.boards enable row level security;
create policy flows on ops.boards to internflow_pipeline using (true) with check (true);
create policy shown on ops.boards for select to internflow_app using (true);
create policy added_by_students on ops.boards for insert to internflow_app with check (added_by = 'student');
grant select on ops.boards to internflow_app;
grant insert (platform, token, company, countries, url, added_at, added_by) on ops.boards to internflow_app;
