-- A source that failed, was cut short or returned nothing closes no listing.
select
    run_id,
    board
from {{ ref('stg_ops__crawl_results') }}
where closes_listings and (status <> 'ok' or feed_kind <> 'full_board')
