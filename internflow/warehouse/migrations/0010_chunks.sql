-- Chunks say what encloses them, what they import and what they repeat; symbols and references are found beside them.
-- What older chunkers cut is cut again from the mirrors by the next run.
truncate raw.chunks;

alter table raw.chunks
  add column header text,
  add column imports text[] not null,
  add column overlap_lines int not null default 0;
comment on column raw.chunks.overlap_lines is 'lines at the start that repeat the end of the chunk before';

-- By content, like chunks: a blob's symbols are the same in every repository.
create table raw.symbols (
  blob_sha text not null,
  chunker text not null,
  ordinal int not null,
  name text not null,
  symbol text not null,
  kind text not null,
  signature text not null,
  start_line int not null,
  end_line int not null,
  primary key (blob_sha, chunker, ordinal)
);
create index on raw.symbols (name);
create index on raw.symbols (symbol);

create table raw.symbol_references (
  blob_sha text not null,
  chunker text not null,
  name text not null,
  line int not null,
  primary key (blob_sha, chunker, name, line)
);
create index on raw.symbol_references (name);
