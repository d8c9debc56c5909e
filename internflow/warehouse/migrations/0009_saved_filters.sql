-- When a student came, and the filters that a student saved, each behind a token for its feeds.
create table app.visits (
  student_id uuid primary key references app.students on delete cascade,
  visited_at timestamptz not null,
  newest_at timestamptz,
  previous_at timestamptz
);
comment on column app.visits.newest_at is 'first sighting of the newest listing there was at this visit';
comment on column app.visits.previous_at is 'the same of the visit before: what was first seen later is new';

create table app.saved_filters (
  id uuid primary key default gen_random_uuid(),
  student_id uuid not null references app.students on delete cascade,
  name text not null check (length(name) between 1 and 80),
  filters jsonb not null,
  token text not null unique check (length(token) >= 32),
  created_at timestamptz not null,
  digest_enabled boolean not null default false,
  last_digest_at timestamptz,
  digest_newest_at timestamptz,
  unique (student_id, name)
);
comment on column app.saved_filters.digest_newest_at is
  'first sighting of the newest listing there was at the last digest, or when the filter was saved';

alter table app.visits enable row level security;
alter table app.saved_filters enable row level security;
create policy own_rows on app.visits to internflow_app
  using (student_id = app.current_student()) with check (student_id = app.current_student());
create policy own_rows on app.saved_filters to internflow_app
  using (student_id = app.current_student()) with check (student_id = app.current_student());
create policy flows_read on app.saved_filters for select to internflow_pipeline using (true);
create policy flows_note_digests on app.saved_filters for update to internflow_pipeline using (true);

grant select, insert, update, delete on app.visits, app.saved_filters to internflow_app;
-- The flow that sends digests reads what to send and notes when it did; it makes and changes no filter.
grant select (id, student_id, name, filters, created_at, digest_enabled, last_digest_at, digest_newest_at)
  on app.saved_filters to internflow_pipeline;
grant update (last_digest_at, digest_newest_at) on app.saved_filters to internflow_pipeline;

-- A feed reader logs in nowhere: whoever has the token reads this one filter and nothing else of its student.
create function app.find_saved_filter(given_token text) returns table (name text, filters jsonb)
  language sql stable security definer set search_path = ''
  as $$ select name, filters from app.saved_filters where token = given_token $$;
revoke all on function app.find_saved_filter(text) from public;
grant execute on function app.find_saved_filter(text) to internflow_app;
