-- Postings as observed (raw), what was computed of them (ai), and how each crawl of each board went (ops).
create table raw.postings (
  posting_id text generated always as (platform || ':' || board || ':' || external_id) stored unique,
  platform text not null,
  board text not null,
  external_id text not null,
  url text not null,
  title text not null,
  company text not null,
  places text[] not null,
  work_model text check (work_model in ('remote', 'hybrid', 'on_site')),
  employment_type text,
  description_html text not null,
  description_text text not null,
  posted_at timestamptz,
  date_kind text not null check (date_kind in ('exact', 'relative', 'none')),
  apply_by date,
  pay_text text,
  payload jsonb not null,
  content_hash text not null,
  first_seen_at timestamptz not null,
  primary key (platform, board, external_id)
);

-- Apart from raw.postings, so that seeing an unchanged posting again changes nothing in raw.
create table ops.posting_sightings (
  posting_id text primary key,
  last_seen_at timestamptz not null
);

create table ops.crawl_results (
  run_id text not null,
  platform text not null,
  board text not null,
  company text not null,
  status text not null check (status in ('ok', 'ok_empty', 'not_found', 'failed', 'partial')),
  feed_kind text not null check (feed_kind in ('full_board', 'window')),
  reported_count int,
  fetched_count int not null,
  dropped_count int not null default 0,
  http_status int,
  error text,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  closes_listings boolean not null,
  note text,
  primary key (run_id, platform, board),
  check (not closes_listings or (status = 'ok' and feed_kind = 'full_board'))
);
create index on ops.crawl_results (platform, board, finished_at);

create table ai.posting_facts (
  posting_id text primary key,
  content_hash text not null,
  rules_version text not null,
  kind text not null check (kind in ('internship', 'apprenticeship', 'new_graduate', 'other')),
  kind_words text[] not null,
  skills text[] not null
);
