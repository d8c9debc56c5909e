-- A short review in words of each reviewed commit, and what it was written from.
create table ai.narrations (
  repo_id text not null,
  commit_sha text not null,
  text text not null,
  lesson_url text,
  facts_hash text not null,
  written_by text not null check (written_by in ('template', 'model')),
  model_id text,
  created_at timestamptz not null,
  primary key (repo_id, commit_sha),
  check (written_by = 'template' or model_id is not null)
);
comment on table ai.narrations is 'One row per reviewed commit that was narrated.';
comment on column ai.narrations.lesson_url is 'the page of the worst finding''s rule';
comment on column ai.narrations.facts_hash is 'of all that the facts come from beside the commit itself: findings, and the version of the narration';
comment on column ai.narrations.model_id is 'the model that wrote it, or whose wording was refused; null when none answered';
alter table ai.narrations enable row level security;
create policy flows on ai.narrations to internflow_pipeline using (true) with check (true);
create policy registered on ai.narrations for select to internflow_app using (app.is_registered(repo_id));
grant select on ai.narrations to internflow_app;

-- The owner, with whose rights a view reads, passes the policies: so the student is asked for here.
create view app.narrations with (security_barrier) as
  select narrations.repo_id, narrations.commit_sha, narrations.text, narrations.lesson_url, narrations.written_by
  from ai.narrations narrations
  where exists (
    select from app.student_repositories registered
    where registered.repo_id = narrations.repo_id and registered.student_id = app.current_student()
  );
comment on view app.narrations is 'One row per narrated commit of the repositories that the student registered.';
grant select on app.narrations to internflow_app;
