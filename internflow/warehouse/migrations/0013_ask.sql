-- The files whose passages a repository's store holds. The store stands at its own commit: after a push raw.head_files
-- is further until the next indexing, and answers still quote what the store found.
create table ops.indexed_files (
  repo_id text not null,
  path text not null,
  blob_sha text not null,
  primary key (repo_id, path, blob_sha)
);
comment on table ops.indexed_files is 'One row per repository, path and blob with passages in the store.';
create index on ops.indexed_files (blob_sha);
alter table ops.indexed_files enable row level security;
create policy flows on ops.indexed_files to internflow_pipeline using (true) with check (true);
create policy registered on ops.indexed_files for select to internflow_app using (app.is_registered(repo_id));
grant select on ops.indexed_files to internflow_app;

-- Stores that stand at the loaded commit are known at once; the others with their next indexing.
insert into ops.indexed_files
  select files.repo_id, files.path, files.blob_sha
  from raw.head_files files
  join raw.repositories repositories using (repo_id)
  join ops.index_manifests manifests using (repo_id)
  where manifests.commit_sha = repositories.head_sha;

-- What whoever asks may read of them: a student the repositories that the student registered, the flows all. Views of
-- the owner's instead of row-level security on raw.chunks and raw.symbols: those belong to blobs, not to repositories,
-- and loading them stays as fast as it was.
create view app.readable_files with (security_barrier) as
  select files.repo_id, files.path, files.blob_sha
  from ops.indexed_files files
  where pg_has_role(current_user, 'internflow_pipeline', 'usage')
    -- The owner, with whose rights a view reads, passes the policies of app, and with them app.is_registered would:
    -- so the student is asked for here.
    or exists (
      select from app.student_repositories registered
      where registered.repo_id = files.repo_id and registered.student_id = app.current_student()
    );
comment on view app.readable_files is 'One row per repository, path and blob with passages in the store.';

create view app.passages with (security_barrier) as
  select
    files.repo_id, files.path, files.blob_sha, chunks.chunker, chunks.ordinal, chunks.language, chunks.kind, chunks.symbol,
    chunks.start_line, chunks.end_line, chunks.content
  from app.readable_files files join raw.chunks chunks using (blob_sha);
comment on view app.passages is 'One row per indexed file and chunk of it.';

create view app.definitions with (security_barrier) as
  select
    files.repo_id, files.path, symbols.chunker, symbols.name, symbols.symbol, symbols.start_line, symbols.end_line
  from app.readable_files files join raw.symbols symbols using (blob_sha);
comment on view app.definitions is 'One row per indexed file and symbol that it defines.';

create view app.uses with (security_barrier) as
  select files.repo_id, files.path, uses.chunker, uses.name, uses.line
  from app.readable_files files join raw.symbol_references uses using (blob_sha);
comment on view app.uses is 'One row per indexed file, name that it uses and line.';

grant select on app.passages, app.definitions, app.uses to internflow_app, internflow_pipeline;
