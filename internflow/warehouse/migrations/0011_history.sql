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
