-- What was computed for one student: visible to that student alone.
create table ai.evidence (
  student_id uuid not null,
  evidence_id text not null,
  repo_id text not null,
  kind text not null,
  commit_sha text not null,
  path text,
  start_line int,
  end_line int,
  quote text,
  measure_sql text,
  measure_params jsonb,
  measured_value bigint,
  primary key (student_id, evidence_id),
  check ((measure_sql is null) = (measured_value is null)),
  check ((quote is null) or (path is not null and start_line is not null))
);

create table ai.bullets (
  student_id uuid not null,
  bullet_id text not null,
  repo_id text not null,
  position int not null,
  rule text not null,
  content text not null,
  evidence_ids text[] not null check (cardinality(evidence_ids) > 0),
  primary key (student_id, bullet_id)
);

create table ai.resumes (
  student_id uuid primary key,
  document jsonb not null,
  document_hash text not null
);

create table ai.matches (
  student_id uuid not null,
  posting_id text not null,
  score real not null,
  similarity real not null,
  skills_covered text[] not null,
  skills_missing text[] not null,
  reasons text[] not null,
  scorer text not null,
  primary key (student_id, posting_id)
);

do $$
declare
  relation text;
begin
  foreach relation in array array['ai.evidence', 'ai.bullets', 'ai.resumes', 'ai.matches'] loop
    execute format('alter table %s enable row level security', relation);
    execute format('create policy flows on %s to internflow_pipeline using (true) with check (true)', relation);
    execute format('create policy own_rows on %s for select to internflow_app using (student_id = app.current_student())', relation);
    execute format('grant select on %s to internflow_app', relation);
  end loop;
end
$$;
