-- What of a review was posted to the host of its code, so that it is updated in place and never posted again.
create table ops.postings (
  repo_id text not null,
  kind text not null check (kind in ('checks', 'comment')),
  target text not null check (target ~ '^(commit:[0-9a-f]{40,64}|pull:[0-9]+)$'),
  branch text,
  base_sha text not null,
  head_sha text not null,
  remote_id bigint,
  content_hash text,
  annotated text[] not null default '{}',
  error text,
  started_at timestamptz not null,
  posted_at timestamptz,
  primary key (repo_id, kind, target)
);
comment on table ops.postings is 'a row is there before the host is asked: without a remote_id, what was posted may have been lost to us';
comment on column ops.postings.branch is 'the branch whose head this commit was; null for a pull request';
comment on column ops.postings.base_sha is 'the findings of the commits after this one are posted';
comment on column ops.postings.content_hash is 'of what was posted; null until all of it was';
comment on column ops.postings.annotated is 'fingerprints of the findings that the check run shows: it can be given more, none can be taken away';
alter table ops.postings enable row level security;
create policy flows on ops.postings to internflow_pipeline using (true) with check (true);
create policy registered on ops.postings for select to internflow_app using (app.is_registered(repo_id));
grant select on ops.postings to internflow_app;
