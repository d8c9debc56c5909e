-- How a finding stands, which commit took it away or brought it back, and what each student says of it.
alter table ai.findings
  drop constraint findings_state_check,
  add check (state in ('new', 'open', 'regressed', 'fixed')),
  add column returned_sha text,
  add column fixed_by_sha text,
  add constraint findings_fixed_by_check check (fixed_by_sha is null or state = 'fixed');
comment on column ai.findings.state is
  'new: brought in since base_sha of ops.ledger_heads; regressed: was gone and is there again';
comment on column ai.findings.returned_sha is 'the newest commit that brought it in again after commit_sha did';
comment on column ai.findings.fixed_by_sha is 'the commit that took it away; null where that cannot be told';

create table ops.ledger_heads (
  repo_id text primary key,
  head_sha text not null,
  base_sha text
);
comment on table ops.ledger_heads is 'One row per repository: the commit that the states of its findings are of.';
comment on column ops.ledger_heads.base_sha is 'the head before, at the first review its parent; null when there is none';
alter table ops.ledger_heads enable row level security;
create policy flows on ops.ledger_heads to internflow_pipeline using (true) with check (true);
create policy registered on ops.ledger_heads for select to internflow_app using (app.is_registered(repo_id));
grant select on ops.ledger_heads to internflow_app;

-- No reference to ai.findings: a finding goes and comes again when its commit is reviewed anew, what was said of it stays.
create table app.verdicts (
  student_id uuid not null references app.students on delete cascade,
  repo_id text not null,
  fingerprint text not null,
  rule text not null,
  verdict text not null check (verdict in ('useful', 'wrong', 'not_now')),
  given_at timestamptz not null,
  primary key (student_id, repo_id, fingerprint)
);

create table app.dismissals (
  student_id uuid not null references app.students on delete cascade,
  repo_id text not null,
  fingerprint text not null,
  reason text not null check (length(reason) between 1 and 300),
  dismissed_at timestamptz not null,
  primary key (student_id, repo_id, fingerprint)
);

create table app.rule_restarts (
  student_id uuid not null references app.students on delete cascade,
  rule text not null,
  restarted_at timestamptz not null,
  primary key (student_id, rule)
);
comment on table app.rule_restarts is 'a student switched the rule on again: verdicts from before count no more';

do $$
declare
  relation text;
begin
  foreach relation in array array['app.verdicts', 'app.dismissals'] loop
    execute format('alter table %s enable row level security', relation);
    execute format('create policy own_rows on %s to internflow_app using (student_id = app.current_student())'
      ' with check (student_id = app.current_student() and app.is_registered(repo_id))', relation);
    execute format('grant select, insert, update, delete on %s to internflow_app', relation);
  end loop;
end
$$;
alter table app.rule_restarts enable row level security;
create policy own_rows on app.rule_restarts to internflow_app
  using (student_id = app.current_student()) with check (student_id = app.current_student());
grant select, insert, update, delete on app.rule_restarts to internflow_app;
