-- Texts of code that wait for their vectors. Whoever encodes takes a batch by deleting it, and stores its vectors in the
-- same transaction. Not logged: what a crash of Postgres takes from here, whoever waits for it puts here again.
create unlogged table ai.awaited_texts (
  content_hash text not null,
  model_id text not null,
  content text not null,
  length int generated always as (char_length(content)) stored,
  primary key (content_hash, model_id)
);
comment on table ai.awaited_texts is 'One row per text and model whose vector an indexing run waits for.';
create index on ai.awaited_texts (length);
