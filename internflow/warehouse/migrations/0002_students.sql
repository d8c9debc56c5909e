-- What a student did. Row-level security from the first table on: a student's rows are that student's alone.
create table app.students (
  student_id uuid primary key,
  name text not null,
  email text not null unique,
  emails text[] not null,
  created_at timestamptz not null default now()
);
comment on column app.students.emails is 'addresses whose commits count as this student''s own';

create table app.student_repositories (
  student_id uuid not null references app.students on delete cascade,
  repo_id text not null,
  source text not null,
  source_kind text not null check (source_kind in ('https', 'local')),
  registered_at timestamptz not null default now(),
  primary key (student_id, repo_id)
);

alter table app.students enable row level security;
alter table app.student_repositories enable row level security;
create policy own_rows on app.students to internflow_app
  using (student_id = app.current_student()) with check (student_id = app.current_student());
create policy own_rows on app.student_repositories to internflow_app
  using (student_id = app.current_student()) with check (student_id = app.current_student());
create policy flows_read on app.students for select to internflow_pipeline using (true);
create policy flows_read on app.student_repositories for select to internflow_pipeline using (true);

grant select, insert, update, delete on app.students, app.student_repositories to internflow_app;
grant select on app.students, app.student_repositories to internflow_pipeline;
