-- The ledger of findings, and what happened to every commit.
create table ai.findings (
  repo_id text not null,
  fingerprint text not null,
  commit_sha text not null,
  path text not null,
  start_line int not null,
  end_line int not null,
  quote text not null,
  rule text not null,
  category text not null,
  severity text not null check (severity in ('high', 'medium', 'low')),
  message text not null,
  rule_url text,
  analyzer text not null,
  state text not null check (state in ('open', 'fixed')),
  head_line int,
  primary key (repo_id, fingerprint)
);
comment on column ai.findings.head_line is 'where the quoted line stands at HEAD while the finding is open';
create index on ai.findings (repo_id, commit_sha);

create table ops.review_coverage (
  repo_id text not null,
  commit_sha text not null,
  status text not null check (status in ('reviewed', 'skipped', 'failed')),
  reason text,
  analyzer text not null,
  finding_count int not null,
  reviewed_at timestamptz not null,
  primary key (repo_id, commit_sha),
  check (status = 'reviewed' or reason is not null)
);

do $$
declare
  relation text;
begin
  foreach relation in array array['ai.findings', 'ops.review_coverage'] loop
    execute format('alter table %s enable row level security', relation);
    execute format('create policy flows on %s to internflow_pipeline using (true) with check (true)', relation);
    execute format('create policy registered on %s for select to internflow_app using (app.is_registered(repo_id))', relation);
    execute format('grant select on %s to internflow_app', relation);
  end loop;
end
$$;
