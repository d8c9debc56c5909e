-- Code that a finding speaks of beside its own lines, at the same commit.
alter table ai.findings add column related jsonb not null default '[]', add column subject text;
comment on column ai.findings.related is
  'places as {path, start_line, end_line, quote, note}; each quote is the text of its lines at commit_sha';
comment on column ai.findings.subject is 'what tells it from others of its rule in the file, where its quote does not';
