-- A posting is closed by the first crawl that may close listings and ran after it was last seen.
with

postings as (

    select * from {{ ref('stg_raw__postings') }}

),

sightings as (

    select * from {{ ref('stg_ops__posting_sightings') }}

),

closing_crawls as (

    select * from {{ ref('stg_ops__crawl_results') }}
    where closes_listings

),

closings as (

    select
        postings.posting_id,
        min(closing_crawls.started_at) as closed_at
    from postings
    inner join sightings
        on postings.posting_id = sightings.posting_id
    inner join closing_crawls
        on
            postings.platform = closing_crawls.platform
            and postings.board = closing_crawls.board
            and sightings.last_seen_at < closing_crawls.started_at
    group by postings.posting_id

),

final as (

    select
        postings.posting_id,
        postings.content_hash,
        postings.posted_at,
        postings.first_seen_at,
        coalesce(sightings.last_seen_at, postings.first_seen_at) as last_seen_at,
        closings.closed_at
    from postings
    left join sightings
        on postings.posting_id = sightings.posting_id
    left join closings
        on postings.posting_id = closings.posting_id

)

select * from final
