-- Repositories as observed. A student's page sees those of the repositories that the student registered.
create table raw.repositories (
  repo_id text primary key,
  source text not null,
  source_kind text not null check (source_kind in ('https', 'local')),
  name text not null,
  default_branch text not null,
  head_sha text not null
);

create table ops.mirror_results (
  repo_id text primary key,
  source text not null,
  status text not null check (status in ('ok', 'empty', 'failed')),
  error text,
  checked_at timestamptz not null
);

create table raw.commits (
  repo_id text not null,
  commit_sha text not null,
  parent_shas text[] not null,
  author_name text not null,
  author_email text not null,
  authored_at timestamptz not null,
  committed_at timestamptz not null,
  subject text not null,
  body text not null,
  primary key (repo_id, commit_sha)
);
create index on raw.commits (repo_id, author_email);

create table raw.file_changes (
  repo_id text not null,
  commit_sha text not null,
  path text not null,
  old_path text,
  change_kind text not null check (change_kind in ('added', 'modified', 'deleted', 'renamed', 'copied', 'type_changed')),
  is_binary boolean not null,
  additions int not null,
  deletions int not null,
  blob_sha text,
  old_blob_sha text,
  primary key (repo_id, commit_sha, path)
);

create table raw.head_files (
  repo_id text not null,
  path text not null,
  blob_sha text not null,
  size_bytes int not null,
  language text,
  primary key (repo_id, path)
);
create index on raw.head_files (blob_sha);

-- By content, not by repository: the same blob is chunked and embedded once for everybody.
create table raw.chunks (
  blob_sha text not null,
  chunker text not null,
  ordinal int not null,
  language text not null,
  kind text not null,
  symbol text,
  start_line int not null,
  end_line int not null,
  content text not null,
  content_hash text not null,
  primary key (blob_sha, chunker, ordinal)
);

create table ai.embeddings (
  content_hash text not null,
  model_id text not null,
  vector bytea not null,
  primary key (content_hash, model_id)
);
comment on column ai.embeddings.vector is 'float32, little-endian, unit length';

create table ops.index_manifests (
  repo_id text primary key,
  commit_sha text not null,
  chunker text not null,
  model_id text not null,
  dimension int not null,
  chunk_count int not null,
  checksum text not null,
  built_at timestamptz not null
);

create function app.is_registered(repo text) returns boolean language sql stable
  as $$ select exists (select from app.student_repositories s where s.repo_id = repo) $$;

do $$
declare
  relation text;
begin
  foreach relation in array array['raw.repositories', 'raw.commits', 'raw.file_changes', 'raw.head_files', 'ops.mirror_results', 'ops.index_manifests'] loop
    execute format('alter table %s enable row level security', relation);
    execute format('create policy flows on %s to internflow_pipeline using (true) with check (true)', relation);
    execute format('create policy registered on %s for select to internflow_app using (app.is_registered(repo_id))', relation);
    execute format('grant select on %s to internflow_app', relation);
  end loop;
end
$$;
