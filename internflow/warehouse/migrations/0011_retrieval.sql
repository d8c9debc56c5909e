-- Which tier of search a repository's store has: `lexical` answers by words until every vector is made.
alter table ops.index_manifests
  add column terms text not null default '',
  add column tier text not null default 'dense' check (tier in ('lexical', 'dense')),
  add column size_bytes bigint not null default 0;
