-- What boards say beyond the first contract, and what the rules find in it.
alter table raw.postings
  add column requisition_id text,
  add column department text,
  add column terms text[] not null default '{}',
  add column sponsorship text,
  add column is_withdrawn boolean not null default false,
  add column withdrawn_at timestamptz,
  add column is_hidden boolean not null default false;
create index on raw.postings (platform, board, first_seen_at);

-- Facts are computed anew by the next run: their rules have changed.
truncate ai.posting_facts;
alter table ai.posting_facts
  add column role_family text not null,
  add column work_model text check (work_model in ('remote', 'hybrid', 'on_site')),
  add column places jsonb not null,
  add column countries text[] not null,
  add column cities text[] not null,
  add column pay_quote text,
  add column pay_min numeric,
  add column pay_max numeric,
  add column pay_currency text,
  add column pay_period text,
  add column is_unpaid boolean not null,
  add column pay_inr_month_min numeric,
  add column pay_inr_month_max numeric,
  add column pay_usd_month_min numeric,
  add column pay_usd_month_max numeric,
  add column apply_by date,
  add column graduation_years int[] not null,
  add column degrees text[] not null,
  add column terms text[] not null,
  add column sponsorship text,
  add column citizenship text,
  add column eligibility_quotes jsonb not null,
  add column trust_level text not null check (trust_level in ('no_concern', 'check', 'avoid')),
  add column trust_flags jsonb not null,
  add column canonical_url text not null,
  add column title_key text not null,
  add column company_key text not null;
create index on ai.posting_facts (canonical_url);
create index on ai.posting_facts (company_key, title_key);

-- Which postings are one listing: every member points at the posting that names the listing.
create table ai.posting_groups (
  posting_id text primary key,
  listing_id text not null,
  reason text not null,
  content_hash text not null,
  rules_version text not null
);
create index on ai.posting_groups (listing_id);

-- By what a board's next crawl knows an unchanged answer.
alter table ops.crawl_results
  add column is_unchanged boolean not null default false,
  add column answer_hash text,
  add column parser_version text,
  add column etag text,
  add column last_modified text;
create index on ops.crawl_results (started_at);
create index on ops.crawl_results (platform, board, started_at) where closes_listings;

-- What the next build of the warehouse has to look at again. Whoever writes notes it, in the same transaction; the
-- build takes from here exactly what it has read. Noting a posting that did not change costs a look, no more.
create table ops.changed_postings (
  change_no bigint generated always as identity primary key,
  posting_id text not null
);

create function ops.note_changes() returns trigger language plpgsql as $$
begin
  insert into ops.changed_postings (posting_id) select posting_id from changed;
  return null;
end $$;

-- A crawl may close what it did not see of the postings that were open until then.
create function ops.note_closings() returns trigger language plpgsql as $$
begin
  insert into ops.changed_postings (posting_id)
  select p.posting_id from changed c
  inner join raw.postings p on p.platform = c.platform and p.board = c.board
  inner join ops.posting_sightings s on s.posting_id = p.posting_id
  where s.last_seen_at < c.started_at and s.last_seen_at >= coalesce((
    select max(e.started_at) from ops.crawl_results e
    where e.platform = c.platform and e.board = c.board and e.closes_listings and e.started_at < c.started_at
  ), '-infinity');
  return null;
end $$;

-- A posting that is seen again after a crawl had closed it. Planned anew for each statement: a plan that was kept from
-- one that saw few postings again would pair all with all when a day sees all of them.
create function ops.note_reopenings() returns trigger language plpgsql as $$
begin
  execute '
    insert into ops.changed_postings (posting_id)
    select n.posting_id from seen_now n
    inner join seen_before b on b.posting_id = n.posting_id
    inner join raw.postings p on p.posting_id = n.posting_id
    where exists (
      select from ops.crawl_results c
      where c.platform = p.platform and c.board = p.board and c.closes_listings
        and c.started_at > b.last_seen_at and c.started_at <= n.last_seen_at
    )';
  return null;
end $$;

do $$
declare
  written text;
begin
  foreach written in array array['raw.postings', 'ai.posting_facts', 'ai.posting_groups'] loop
    execute format('create trigger note_inserts after insert on %s referencing new table as changed'
      ' for each statement execute function ops.note_changes()', written);
    execute format('create trigger note_updates after update on %s referencing new table as changed'
      ' for each statement execute function ops.note_changes()', written);
  end loop;
end $$;
create trigger note_inserts after insert on ops.crawl_results referencing new table as changed
  for each statement execute function ops.note_closings();
create trigger note_updates after update on ops.crawl_results referencing new table as changed
  for each statement execute function ops.note_closings();
create trigger note_updates after update on ops.posting_sightings
  referencing old table as seen_before new table as seen_now
  for each statement execute function ops.note_reopenings();
insert into ops.changed_postings (posting_id) select posting_id from raw.postings;
