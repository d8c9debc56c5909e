-- Who wrote a commit by the repository's own mailmap, who wrote it with them, and whose files it changed.
alter table raw.repositories add column history_reader text not null default '';
comment on column raw.repositories.history_reader is
  'which rules and which mailmap the history was read with: it is read again when they change';

alter table raw.commits
  add column raw_author_name text not null default '',
  add column raw_author_email text not null default '',
  add column committer_name text not null default '',
  add column committer_email text not null default '',
  add column co_author_names text[] not null default '{}',
  add column co_author_emails text[] not null default '{}',
  add column signature_state text not null default 'unsigned' check (signature_state in ('unsigned', 'signed')),
  add check (cardinality(co_author_names) = cardinality(co_author_emails));
update raw.commits set raw_author_name = author_name, raw_author_email = author_email;
comment on column raw.commits.author_email is 'by the mailmap at HEAD, for showing; whose commit it is, raw_author_email says';
comment on column raw.commits.signature_state is 'signed: carries a signature, which nobody has verified';
drop index raw.commits_repo_id_author_email_idx;
create index on raw.commits (repo_id, raw_author_email);

alter table raw.file_changes
  add column language text,
  add column is_generated boolean not null default false,
  add column is_vendored boolean not null default false;

alter table raw.head_files alter column size_bytes type bigint;

-- What GitHub last answered about a user's repositories, to be asked whether it changed.
create table ops.github_lists (
  page_url text primary key,
  etag text not null,
  repositories jsonb not null,
  next_url text,
  fetched_at timestamptz not null
);

-- A webhook logs in as nobody: it learns whether anybody registered a repository, and nothing of whom.
create function app.is_registered_by_anybody(repo text) returns boolean
  language sql stable security definer set search_path = ''
  as $$ select exists (select from app.student_repositories s where s.repo_id = repo) $$;
revoke all on function app.is_registered_by_anybody(text) from public;
grant execute on function app.is_registered_by_anybody(text) to internflow_app;

-- Repositories that a webhook saw pushed. A delivery stays for some time after it was taken, so that it counts once.
create table ops.repository_requests (
  delivery_id text primary key check (length(delivery_id) between 1 and 100),
  repo_id text not null,
  requested_at timestamptz not null,
  taken_at timestamptz
);
create index on ops.repository_requests (repo_id) where taken_at is null;
alter table ops.repository_requests enable row level security;
create policy flows on ops.repository_requests to internflow_pipeline using (true) with check (true);
create policy registered on ops.repository_requests for select to internflow_app using (app.is_registered(repo_id));
create policy queued_by_webhooks on ops.repository_requests for insert to internflow_app
  with check (taken_at is null and app.is_registered_by_anybody(repo_id));
grant select on ops.repository_requests to internflow_app;
grant insert (delivery_id, repo_id, requested_at) on ops.repository_requests to internflow_app;
